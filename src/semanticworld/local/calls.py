"""Which service and operation a request is for, read as AWS reads it, and the error answers in that service's own format."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

_SCOPE = re.compile(r"Credential=[^/,]+/\d{8}/[^/]+/([a-z0-9-]+)/aws4_request")
_QUERY_SCOPE = re.compile(r"^[^/]+/\d{8}/[^/]+/([a-z0-9-]+)/aws4_request$")


class Format(Enum):
    """The shape of a service's error answers."""

    EC2 = auto()
    QUERY = auto()
    JSON = auto()
    CBOR = auto()
    S3 = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request: the service by its signing name, the operation by AWS's name (None: not known), the answer's format."""

    service: str | None
    operation: str | None
    format: Format


def read(*, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes) -> Call:
    """What the request asks for."""
    values = parse_qs(query, keep_blank_values=True)
    service = _service(headers, values)
    if headers.get("smithy-protocol") == "rpc-v2-cbor":
        return Call(service=service, operation=path.rpartition("/")[2], format=Format.CBOR)
    if target := headers.get("x-amz-target"):
        return Call(service=service, operation=target.rpartition(".")[2], format=Format.JSON)
    if headers.get("content-type", "").startswith("application/x-www-form-urlencoded") or "Action" in values:
        form = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
        action = next(iter(form.get("Action") or values.get("Action") or ()), None)
        return Call(service=service, operation=action, format=Format.EC2 if service == "ec2" else Format.QUERY)
    return Call(
        service=service,
        operation=_rest_operation(service, method, path, headers, body, values),
        format=Format.S3 if service == "s3" else Format.JSON,
    )


def _service(headers: Mapping[str, str], values: Mapping[str, list[str]]) -> str | None:
    if match := _SCOPE.search(headers.get("authorization", "")):
        return match[1]
    if match := _QUERY_SCOPE.match(values.get("X-Amz-Credential", [""])[0]):
        return match[1]
    return None


def _rest_operation(
    service: str | None,
    method: str,
    path: str,
    headers: Mapping[str, str],
    body: bytes,
    values: Mapping[str, list[str]],
) -> str | None:
    """The operation of a REST request, from ministack's table of IAM actions, which bear the operations' names."""
    if service is None:
        return None
    from ministack.core.iam_actions import extract_iam_action  # noqa: PLC0415 - only the server has it loaded

    action = extract_iam_action(service, method, path, dict(headers), body, dict(values))
    if not isinstance(action, str):
        return None
    name = action.rpartition(":")[2]
    return _S3_OPERATIONS.get((name, method), name) if service == "s3" else name


# Where S3's IAM actions are not named like its operations. Source: Service Authorization Reference, Amazon S3, 2026.
_S3_OPERATIONS = {
    ("GetObject", "HEAD"): "HeadObject",
    ("ListBucket", "GET"): "ListObjectsV2",
    ("ListBucket", "HEAD"): "HeadBucket",
    ("ListAllMyBuckets", "GET"): "ListBuckets",
    ("ListBucketVersions", "GET"): "ListObjectVersions",
}


def error(call: Call, *, code: str, message: str, status: int, request_id: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of an error answer that the service's SDKs understand."""
    headers = {"x-amzn-requestid": request_id}
    match call.format:
        case Format.EC2:
            headers["content-type"] = "text/xml;charset=UTF-8"
            text = (
                '<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error>'
                f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
                f"</Error></Errors><RequestID>{request_id}</RequestID></Response>"
            )
        case Format.QUERY:
            headers["content-type"] = "text/xml"
            text = (
                f"<ErrorResponse><Error><Type>{'Receiver' if status >= 500 else 'Sender'}</Type>"  # noqa: PLR2004 - HTTP
                f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message></Error>"
                f"<RequestId>{request_id}</RequestId></ErrorResponse>"
            )
        case Format.S3:
            headers |= {"content-type": "application/xml", "x-amz-request-id": request_id}
            text = (
                f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{escape(code)}</Code>'
                f"<Message>{escape(message)}</Message><RequestId>{request_id}</RequestId></Error>"
            )
        case Format.JSON:
            headers |= {"content-type": "application/x-amz-json-1.1", "x-amzn-errortype": code}
            text = json.dumps({"__type": code, "message": message})
        case Format.CBOR:
            headers |= {"content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"}
            return status, headers, b"\xa2" + b"".join(_cbor(word) for word in ("__type", code, "message", message))
    return status, headers, text.encode()


def _cbor(text: str) -> bytes:
    """A text string in CBOR. Source: RFC 8949, section 3.1, major type 3."""
    content = text.encode()
    return b"\x7a" + len(content).to_bytes(4, "big") + content


def throttled(call: Call) -> tuple[str, str, int]:
    """Code, message and status with which the service says that calls come too fast.

    Source: EC2 API Reference, Error codes; Amazon S3 User Guide, Error responses; botocore's retry table, 1.43.
    """
    match call.service:
        case "ec2":
            return "RequestLimitExceeded", "Request limit exceeded.", 503
        case "s3":
            return "SlowDown", "Please reduce your request rate.", 503
        case "ssm" | "dlm" | "scheduler" | "budgets" | "servicequotas" | "logs":
            return "ThrottlingException", "Rate exceeded", 400
        case _:
            return "Throttling", "Rate exceeded", 400


def expired(call: Call) -> tuple[str, str, int]:
    """Code, message and status with which the service says that the session has expired.

    Source: EC2 API Reference, Error codes (RequestExpired); IAM API Reference, Common errors; S3 User Guide, Error responses.
    """
    match call.format:
        case Format.EC2:
            return "RequestExpired", "Request has expired.", 400
        case Format.S3:
            return "ExpiredToken", "The provided token has expired.", 400
        case Format.QUERY:
            return "ExpiredToken", "The security token included in the request is expired", 403
        case Format.JSON | Format.CBOR:
            return "ExpiredTokenException", "The security token included in the request is expired", 400
