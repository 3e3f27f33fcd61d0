"""Client request tokens: a retried request is answered, not carried out again."""

from __future__ import annotations

import hashlib
import json
from typing import Final

from semanticworld.local.cloud import state
from semanticworld.local.cloud.cloudformation import lookup
from semanticworld.local.cloud.cloudformation import request as asked
from semanticworld.local.cloud.cloudformation.refusal import Refusal
from semanticworld.local.cloud.cloudformation.seam import Answer, Handler, Record, Request, responses, service

OPERATIONS: Final = (
    "CreateStack",
    "UpdateStack",
    "DeleteStack",
    "ExecuteChangeSet",
    "ContinueUpdateRollback",
    "CancelUpdateStack",
    "RollbackStack",
)

_answered = responses.AccountRegionScopedDict()
"""`stack name/token` -> {operation, stack_id, request, status, headers, body}."""


def install() -> None:
    """Keep what was answered across restarts: a client retries after a server was killed, too."""
    state.register("cloudformation-tokens", lambda: dict(_answered._data), _put)


def _put(saved: object) -> None:
    if isinstance(saved, dict):
        _answered._data.clear()
        _answered._data.update(saved)


def honouring(operation: str, handler: Handler) -> Handler:
    """The handler, which carries out each request with a token once.

    The same token, operation and stack get the same answer; another use of the token is refused.
    """

    def handle(request: Request) -> Answer:
        token = asked.text(request, "ClientRequestToken")
        if not token:
            return handler(request)
        name, stack_id = _stack(request)
        before: Record | None = _answered.get(f"{name}/{token}")
        fingerprint = _fingerprint(request)
        if before is not None and _current(before, stack_id):
            if (before["operation"], before["request"]) != (operation, fingerprint):
                raise Refusal(f"Token {token} already exists", code="TokenAlreadyExistsException")
            return int(before["status"]), dict(before["headers"]), bytes(before["body"])
        status, headers, body = handler(request)
        if status == 200:  # noqa: PLR2004 - HTTP's own
            name, stack_id = _stack(request)
            _answered[f"{name}/{token}"] = {
                "operation": operation,
                "stack_id": stack_id,
                "request": fingerprint,
                "status": status,
                "headers": dict(headers),
                "body": body,
            }
        return status, headers, body

    return handle


def _current(before: Record, stack_id: str) -> bool:
    """An answer counts as long as its stack stands, or was deleted by that very request."""
    if before["operation"] == "DeleteStack":
        return not stack_id or bool(before["stack_id"] == stack_id)
    return bool(before["stack_id"] == stack_id)


def _stack(request: Request) -> tuple[str, str]:
    """Name and id of the stack that is meant; the id is empty when it does not stand."""
    given = asked.text(request, "StackName")
    change_set = next(
        (
            found
            for found in service._change_sets.values()
            if asked.text(request, "ChangeSetName") in {found["ChangeSetId"], found["ChangeSetName"]}
            and given in {"", found["StackName"], found["StackId"]}
        ),
        None,
    )
    if not given and change_set is not None:
        given = str(change_set["StackName"])
    stack = lookup.find(given)
    if stack is None:
        return given, ""
    return str(stack["StackName"]), str(stack["StackId"])


def _fingerprint(request: Request) -> str:
    meaningful = {key: value for key, value in request.items() if key not in {"Version", "Action", "StackName"}}
    return hashlib.sha256(json.dumps(meaningful, sort_keys=True).encode()).hexdigest()
