"""From an EC2 request to its handler and back: dry runs, client tokens, unknown operations, AWS's errors."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import uuid
from collections.abc import Callable
from typing import Any

from botocore.model import OperationModel

from semanticworld.local.cloud.ec2 import protocol
from semanticworld.local.cloud.ec2.errors import EC2Error
from semanticworld.local.cloud.ec2.world import LOCK, Record, account, region, store

Handler = Callable[[Record], Record]
Answer = tuple[int, dict[str, str], bytes]

# Source: Ensuring idempotency in Amazon EC2 API requests, 2026. Oldest tokens give way beyond this many.
REMEMBERED_TOKENS = 2000


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One handler and what the dispatcher does before it is called."""

    name: str
    handler: Handler
    checks_first: bool
    once: str | None


OPERATIONS: dict[str, Operation] = {}
before_each: list[Callable[[], None]] = []
# Checks of what comes from outside; CloudFormation's own calls may do what users may not (tags in the name of AWS).
outside_checks: list[Callable[[Record], None]] = []
# First answers by account/region/operation/token.
tokens: dict[str, Record] = {}


def operation(name: str, *, checks_first: bool = False, once: str | None = None) -> Callable[[Handler], Handler]:
    """Register a handler.

    Args:
        name: EC2's name of the operation.
        checks_first: the handler looks at its parameters before it calls `end_dry_run`; otherwise a dry run ends
            before the handler is called.
        once: the request member that makes a repeated call the same call.

    """

    def register(handler: Handler) -> Handler:
        OPERATIONS[name] = Operation(name=name, handler=handler, checks_first=checks_first, once=once)
        return handler

    return register


def end_dry_run(request: Record) -> None:
    """Raise what EC2 answers to a dry run whose checks have passed."""
    if request.get("DryRun"):
        raise EC2Error("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412)


def call(name: str, /, **request: Any) -> Record:  # noqa: ANN401 - members of any shape
    """The answer to an operation called from inside, with texts coerced as a template's values need it."""
    known = protocol.operation_model(name)
    if known is None or known.input_shape is None:
        raise EC2Error("InvalidAction", f"The action {name} is not valid for this web service.")
    return perform(name, protocol.coerce(known.input_shape, request))


def perform(name: str, request: Record) -> Record:
    """The answer to a parsed request."""
    entry = OPERATIONS[name]
    with LOCK:
        for prepare in before_each:
            prepare()
        if not entry.checks_first:
            end_dry_run(request)
        token = request.get(entry.once) if entry.once else None
        if not token or request.get("DryRun"):
            return entry.handler(request)
        return _once(entry, str(token), request)


def _once(entry: Operation, token: str, request: Record) -> Record:
    """The first answer given to a token, or a new one; the same token with other parameters is refused."""
    key = f"{account()}/{region()}/{entry.name}/{token}"
    text = json.dumps({k: v for k, v in request.items() if k != entry.once}, sort_keys=True, default=str)
    digest = hashlib.sha256(text.encode()).hexdigest()
    known = tokens.get(key)
    if known is not None:
        if known["digest"] != digest:
            raise EC2Error(
                "IdempotentParameterMismatch",
                "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).",
            )
        return dict(known["answer"])
    answer = entry.handler(request)
    tokens[key] = {"digest": digest, "answer": answer}
    while len(tokens) > REMEMBERED_TOKENS:
        del tokens[next(iter(tokens))]
    return answer


def answer_query(name: str, params: Record) -> Answer:
    """The HTTP answer to one query request."""
    request_id = str(uuid.uuid4())
    headers = {"Content-Type": "text/xml;charset=UTF-8", "x-amzn-requestid": request_id}
    try:
        known = _known(name)
        request = protocol.parse(known, params)
        for check in outside_checks:
            check(request)
        if name in OPERATIONS:
            body = protocol.render(known, perform(name, request), request_id)
        else:
            return _theirs(name, request, params)
    except EC2Error as error:
        return error.status, headers, protocol.render_error(error, request_id)
    return 200, headers, body


def _known(name: str) -> OperationModel:
    known = protocol.operation_model(name)
    if known is None:
        raise EC2Error("InvalidAction", f"The action {name} is not valid for this web service.")
    return known


def _theirs(name: str, request: Record, params: Record) -> Answer:
    """Ministack's answer to an operation that we leave to it; a dry run never reaches it."""
    foreign = _ministack.get(name)
    if foreign is None:
        raise EC2Error(
            "InvalidAction",
            f"The action {name} is not valid for this web service: the embedded cloud does not have it.",
        )
    end_dry_run(request)
    with LOCK:
        return foreign(params)


_ministack: dict[str, Callable[[Record], Answer]] = {}


class ActionMap(dict[str, Callable[[Record], Answer]]):
    """Every action there is: ours, ministack's behind our checks, and a refusal for the rest."""

    def get(self, name: str, default: object = None) -> Callable[[Record], Answer]:
        """The handler of an action; never None."""
        del default
        return lambda params: answer_query(name, params)


def install() -> None:
    """Put the dispatcher in front of ministack's actions."""
    if isinstance(store._ACTION_MAP, ActionMap):
        return
    _ministack.update(store._ACTION_MAP)
    store._ACTION_MAP = ActionMap(store._ACTION_MAP)
