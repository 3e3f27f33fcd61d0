"""Calls of AWS operations inside the server's own process, as a CloudFormation resource handler makes them on AWS.

The request is built and checked by botocore's own service model and answered by the service's request handler, without a
socket: a resource made by a template meets the same validation, the same refusals and the same store as one made by a client.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Coroutine, Iterator, Mapping
from functools import cache, partial
from typing import Any, TypeAlias
from urllib.parse import parse_qs, unquote, urlsplit

import botocore.session
from botocore import UNSIGNED
from botocore.awsrequest import AWSPreparedRequest, AWSResponse, HeadersDict
from botocore.client import BaseClient
from botocore.config import Config
from botocore.model import ListShape, MapShape, Shape, StructureShape
from ministack import app
from ministack.core.responses import get_region

__all__ = ["call", "coerced", "pages", "shape_of"]

_HANDLER_NAMES = {"cloudwatch": "monitoring", "resourcegroupstaggingapi": "tagging"}
_NUMBERS = {"integer": int, "long": int, "float": float, "double": float}

Handled: TypeAlias = tuple[int, dict[str, str], bytes]


class _Body(io.BytesIO):
    """An answer's bytes in the shape in which botocore reads one."""

    def stream(self, **_: object) -> Iterator[bytes]:
        """All bytes at once."""
        yield self.read()


def _finished(work: Coroutine[Any, Any, Handled]) -> Handled:
    # The caller may be on the event loop itself, so it cannot wait for the loop. Control operations never do.
    try:
        work.send(None)
    except StopIteration as done:
        answer: Handled = done.value
        return answer
    work.close()
    message = "an operation that a resource handler calls must answer without waiting"
    raise RuntimeError(message)


def _bytes(body: object) -> bytes:
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, bytes | bytearray):
        return bytes(body)
    read: Callable[[], bytes] = body.read  # type: ignore[attr-defined]  # a file, as S3 bodies are
    return read()


def _answer(service: str, request: AWSPreparedRequest, **_: object) -> AWSResponse:
    url = urlsplit(request.url)
    headers = {str(name).lower(): _bytes(value).decode() for name, value in request.headers.items()}
    handler = app.SERVICE_HANDLERS[_HANDLER_NAMES.get(service, service)]
    status, answer_headers, body = _finished(
        handler(
            request.method,
            unquote(url.path),
            headers,
            _bytes(request.body),
            parse_qs(url.query, keep_blank_values=True),
        )
    )
    replied = HeadersDict({name.lower(): str(value) for name, value in answer_headers.items()})
    return AWSResponse(request.url, status, replied, _Body(_bytes(body)))  # type: ignore[arg-type]  # read by name only


@cache
def _session() -> botocore.session.Session:
    session = botocore.session.Session()
    session.set_config_variable("region", "us-east-1")
    # The operator's own AWS profile, files and environment are no business of the embedded cloud.
    session.set_config_variable("profile", None)
    return session


@cache
def _client(service: str, region: str) -> BaseClient:
    client: BaseClient = _session().create_client(
        service,
        region_name=region,
        endpoint_url="http://127.0.0.1:1",
        config=Config(
            signature_version=UNSIGNED,
            s3={"addressing_style": "path"},
            retries={"total_max_attempts": 1},
            inject_host_prefix=False,
        ),
    )
    answering: Callable[..., Any] = partial(_answer, service)
    client.meta.events.register_first("before-send.*", answering)
    return client


def shape_of(service: str, operation: str) -> StructureShape:
    """What the operation takes, by AWS's model."""
    shape = _client(service, get_region()).meta.service_model.operation_model(operation).input_shape
    if shape is None:
        message = f"{service} {operation} takes nothing"
        raise TypeError(message)
    return shape


def coerced(shape: Shape, value: object) -> object:
    """The value as the shape wants it.

    CloudFormation hands over "30" and "true" for numbers and booleans, and an object where the API takes a JSON text.
    Members that the shape does not have stay, so that the model refuses them by name.
    """
    if isinstance(shape, StructureShape) and isinstance(value, Mapping):
        return {
            key: coerced(shape.members[key], item) if key in shape.members else item
            for key, item in value.items()
            if item is not None
        }
    if isinstance(shape, ListShape) and isinstance(value, list | tuple):
        return [coerced(shape.member, item) for item in value]
    if isinstance(shape, MapShape) and isinstance(value, Mapping):
        return {str(key): coerced(shape.value, item) for key, item in value.items()}
    return _scalar(shape.type_name, value)


def _text(value: object) -> object:
    if isinstance(value, Mapping | list):
        return json.dumps(value)
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value


def _scalar(type_name: str, value: object) -> object:
    if type_name == "string":
        return _text(value)
    if type_name == "boolean" and isinstance(value, str) and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    if type_name in _NUMBERS and isinstance(value, str | int | float) and not isinstance(value, bool):
        try:
            return _NUMBERS[type_name](value)
        except ValueError:
            return value  # the model refuses it, and says what it wanted
    return value


def call(service: str, operation: str, /, **parameters: object) -> dict[str, Any]:
    """What the operation answers, in the account and region of the request that is being handled.

    Parameters that are None are left out. Raises botocore's ClientError and ParamValidationError.
    """
    client = _client(service, get_region())
    wanted = coerced(shape_of(service, operation), parameters)
    answer: dict[str, Any] = client._make_api_call(operation, wanted)  # type: ignore[attr-defined]  # botocore's own entry by operation name
    return answer


def pages(service: str, operation: str, key: str, /, **parameters: object) -> list[Any]:
    """Everything a listing operation has under ``key``, over all its pages."""
    client = _client(service, get_region())
    method = next(name for name, full in client.meta.method_to_api_mapping.items() if full == operation)
    wanted = coerced(shape_of(service, operation), parameters)
    found: list[Any] = []
    for page in client.get_paginator(method).paginate(**wanted):  # type: ignore[arg-type]  # a structure is a dict
        found.extend(page.get(key) or ())
    return found
