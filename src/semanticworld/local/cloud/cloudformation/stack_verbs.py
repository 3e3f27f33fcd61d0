"""The verbs that change a stack, guarded: what AWS refuses is refused before ministack sees it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from semanticworld.local.cloud.cloudformation import exports, lookup, standing
from semanticworld.local.cloud.cloudformation import request as asked
from semanticworld.local.cloud.cloudformation.refusal import Refusal
from semanticworld.local.cloud.cloudformation.run import journal, live
from semanticworld.local.cloud.cloudformation.run.operation import FAILED
from semanticworld.local.cloud.cloudformation.seam import (
    Answer,
    Handler,
    Record,
    Request,
    handlers,
    helpers,
    service,
    stacks,
)

_OK = 200


def creating(handler: Handler) -> Handler:
    """CreateStack: a name that stands in any status is taken."""

    def handle(request: Request) -> Answer:
        name = asked.text(request, "StackName")
        _require_template(request)
        refuse_unknown_modes(request)
        if lookup.find(name) is not None:
            raise Refusal(f"Stack [{name}] already exists", code="AlreadyExistsException")
        minutes = asked.text(request, "TimeoutInMinutes")
        if minutes and (not minutes.isdigit() or int(minutes) < 1):
            raise Refusal(
                f"1 validation error detected: Value '{minutes}' at 'timeoutInMinutes' failed to satisfy constraint: "
                "Member must have value greater than or equal to 1"
            )
        lookup.bury(name)
        try:
            answer = handler(request)
        finally:
            lookup.dig_up(name)
        if answer[0] == _OK:
            _remember(service._stacks[name], request)
        return answer

    return handle


def _require_template(request: Request) -> None:
    given = [name for name in ("TemplateBody", "TemplateURL") if asked.text(request, name)]
    if len(given) != 1 and not asked.flag(request, "UsePreviousTemplate"):
        raise Refusal(
            "Either Template URL or Template Body must be specified."
            if not given
            else "Only one of the parameters [TemplateBody, TemplateURL] can be specified."
        )


def refuse_unknown_modes(request: Request) -> None:
    """EXPRESS and REVERT_DRIFT do other things than a standard operation: better refused than done wrongly."""
    for member in ("DeploymentConfig.Mode", "DeploymentMode"):
        mode = asked.text(request, member)
        if mode not in {"", "STANDARD"}:
            raise Refusal(f"{member} {mode} is not offered by the embedded cloud")


def _remember(stack: Record, request: Request) -> None:
    """What a stack keeps of the request that ministack does not."""
    minutes = asked.text(request, "TimeoutInMinutes")
    if minutes:
        stack["TimeoutInMinutes"] = int(minutes)
    if asked.text(request, "RoleARN"):
        stack["RoleARN"] = asked.text(request, "RoleARN")
    topics = asked.listed(request, "NotificationARNs")
    if topics or "NotificationARNs" in request:
        stack["NotificationARNs"] = topics


def updating(handler: Handler) -> Handler:
    """UpdateStack: only from a status that takes an update, and only with imports that somebody exports."""

    def handle(request: Request) -> Answer:
        stack = lookup.living(asked.text(request, "StackName"))
        if stack["StackStatus"] == "REVIEW_IN_PROGRESS":
            raise lookup.absent(str(stack["StackName"]))
        disable = asked.flag(request, "DisableRollback")
        refusal = standing.update_refusal(stack["StackId"], stack["StackStatus"], disable_rollback=disable)
        if refusal:
            raise Refusal(refusal)
        _require_template(request)
        refuse_unknown_modes(request)
        with _posing(stack), _checking_imports(stack):
            answer = handler(asked.with_value(request, "StackName", str(stack["StackName"])))
        if answer[0] == _OK:
            _remember(stack, request)
            stack["Description"] = (stack.get("_operation") or {}).get("template", {}).get("Description", "")
        return answer

    return handle


@contextlib.contextmanager
def _posing(stack: Record) -> Iterator[None]:
    """Let a stopped stack rest for as long as ministack looks: it takes updates from resting statuses only."""
    status = stack["StackStatus"]
    if status in standing.STOPPED:
        stack["StackStatus"] = "UPDATE_COMPLETE"
    yield
    if stack["StackStatus"] == "UPDATE_COMPLETE":
        stack["StackStatus"] = status


_stack_under_update: list[Record] = []


@contextlib.contextmanager
def _checking_imports(stack: Record) -> Iterator[None]:
    """For as long as ministack reads the new template, imports are checked against the exports."""
    _stack_under_update.append(stack)
    try:
        yield
    finally:
        _stack_under_update.pop()


def missing_import(template: Record, conditions: Record, params: Record | None) -> str:
    """AWS's text for an update whose imports nobody exports; empty otherwise."""
    if not _stack_under_update or params is None:
        return ""
    name = exports.missing(template, params, conditions, _stack_under_update[-1])
    return f"No export named {name} found" if name else ""


def deleting(handler: Handler) -> Handler:
    """DeleteStack: not in the middle of an update, and not while others import what the stack exports."""

    def handle(request: Request) -> Answer:
        stack = lookup.find(asked.text(request, "StackName"))
        if stack is None or stack["StackStatus"] in {"DELETE_COMPLETE", "DELETE_IN_PROGRESS"}:
            return _accepted("DeleteStack")
        refusal = standing.delete_refusal(stack["StackId"], stack["StackStatus"])
        if refusal:
            raise Refusal(refusal)
        _check_retained(stack, asked.listed(request, "RetainResources"))
        if not stack.get("EnableTerminationProtection"):
            held = exports.held(stack, None)
            if held:
                # AWS accepts the call, leaves the stack as it is and says why in its reason.
                journal.stack_status(stack, stack["StackStatus"], held)
                return _accepted("DeleteStack")
        if stack["StackStatus"] == "REVIEW_IN_PROGRESS":
            stack["_template"] = {}
        return handler(asked.with_value(request, "StackName", str(stack["StackName"])))

    return handle


def _check_retained(stack: Record, retained: list[str]) -> None:
    if not retained:
        return
    if stack["StackStatus"] != "DELETE_FAILED":
        raise Refusal(
            f"Invalid operation on stack [{stack['StackId']}]. The RetainResources parameter can only be specified "
            "when the stack is in the DELETE_FAILED state."
        )
    failed = {name for name, found in stack["_resources"].items() if found["ResourceStatus"] == "DELETE_FAILED"}
    wrong = sorted(set(retained) - failed)
    if wrong:
        raise Refusal(
            f"Resources [{', '.join(wrong)}] cannot be retained: only resources in the DELETE_FAILED state can be"
        )


def _accepted(operation: str) -> Answer:
    answer: Answer = helpers._xml(_OK, f"{operation}Response", "")
    return answer


def cancelling(handler: Handler) -> Handler:
    """CancelUpdateStack: the running update gives up and goes back."""

    def handle(request: Request) -> Answer:
        stack = lookup.living(asked.text(request, "StackName"))
        run = live.of(stack)
        phase = (stack.get("_operation") or {}).get("phase")
        if stack["StackStatus"] == "UPDATE_IN_PROGRESS" and run is not None and phase == "deploy":
            run.halt("cancel", stacks.CLIENT_REQUEST_TOKEN.get())
            return _accepted("CancelUpdateStack")
        stack["_cancel_requested"] = False
        return handler(request)

    return handle


def nothing_to_update(stack: Record, *args: object, **kwargs: object) -> bool:
    """True for an update that changes nothing. A stack whose last operation failed always has something left to do."""
    return FAILED not in stack and bool(_THEIR_COMPARISON(stack, *args, **kwargs))


_THEIR_COMPARISON = handlers._stack_has_no_updates


def tag_refusal(tags: list[Record]) -> Answer | None:
    """AWS's refusal of stack tags, in ministack's place; None when they pass."""
    keys = [str(tag["Key"]) for tag in tags]
    repeated = sorted({key for key in keys if keys.count(key) > 1})
    if repeated:
        answer: Answer = helpers._error("ValidationError", f"Duplicate tag keys found: [{', '.join(repeated)}]")
        return answer
    theirs: Answer | None = _THEIR_TAG_REFUSAL(tags)
    return theirs


_THEIR_TAG_REFUSAL = helpers._validate_stack_tags
