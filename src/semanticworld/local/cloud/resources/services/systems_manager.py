"""Systems Manager's request handler with the document operations, and with tags on documents."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from semanticworld.local.cloud.resources.services import documents
from semanticworld.local.cloud.resources.services.replies import RefusedError, Reply, answer, refusal

__all__ = ["answering"]

_JSON = "application/x-amz-json-1.1"
_Handler = Callable[[str, str, dict[str, str], bytes, dict[str, list[str]]], Awaitable[Reply]]


def _tagging(operation: str, request: Mapping[str, Any]) -> dict[str, Any] | None:
    """The answer when the request is about a document's tags, else None."""
    if request.get("ResourceType") != "Document":
        return None
    name = str(request["ResourceId"])
    match operation:
        case "AddTagsToResource":
            documents.put_tags(name, {tag["Key"]: tag["Value"] for tag in request.get("Tags") or ()})
            return {}
        case "RemoveTagsFromResource":
            documents.delete_tags(name, list(request.get("TagKeys") or ()))
            return {}
        case "ListTagsForResource":
            return {"TagList": [{"Key": key, "Value": value} for key, value in documents.tags_of(name).items()]}
        case _:
            return None


def _answered(operation: str, request: Mapping[str, Any]) -> dict[str, Any] | None:
    if operation in documents.OPERATIONS:
        return documents.OPERATIONS[operation](request)
    return _tagging(operation, request)


def answering(otherwise: _Handler) -> _Handler:
    """A handler that answers for documents and gives everything else to ``otherwise``."""

    async def handle_request(
        method: str, path: str, headers: dict[str, str], body: bytes, query_params: dict[str, list[str]]
    ) -> Reply:
        operation = headers.get("x-amz-target", "").rsplit(".", 1)[-1]
        if operation in documents.OPERATIONS or operation.endswith(
            ("TagsToResource", "TagsFromResource", "TagsForResource")
        ):
            try:
                found = _answered(operation, json.loads(body or b"{}"))
            except RefusedError as error:
                return refusal(error, _JSON)
            if found is not None:
                return answer(found, _JSON)
        return await otherwise(method, path, headers, body, query_params)

    return handle_request
