"""Change sets: made once, valid as long as the stack stays as it was, and executed once."""

from __future__ import annotations

import json
from typing import Final

from semanticworld.local.cloud.cloudformation import existence, exports, lookup, stack_verbs, standing, xml
from semanticworld.local.cloud.cloudformation import request as asked
from semanticworld.local.cloud.cloudformation.refusal import Refusal
from semanticworld.local.cloud.cloudformation.run.resolve import active
from semanticworld.local.cloud.cloudformation.seam import (
    Answer,
    Handler,
    Record,
    Request,
    changesets,
    engine,
    service,
    stacks,
)

NOT_FOUND: Final = 404
_COMPARED: Final = (
    ("Template", ("TemplateBody", "TemplateURL", "UsePreviousTemplate")),
    ("Parameters", ("Parameters.",)),
    ("ChangeSetType", ("ChangeSetType",)),
    ("Tags", ("Tags.",)),
    ("Capabilities", ("Capabilities.",)),
    ("ClientToken", ("ClientToken",)),
    ("Description", ("Description",)),
)
"""The attributes in which a second request under the same name may differ, as AWS names them."""


def creating(handler: Handler) -> Handler:
    """CreateChangeSet: the same request again gets the same change set, another under its name is refused."""

    def handle(request: Request) -> Answer:
        name, stack_name = asked.text(request, "ChangeSetName"), asked.text(request, "StackName")
        kind = asked.text(request, "ChangeSetType", "UPDATE")
        stack_verbs.refuse_unknown_modes(request)
        stack = lookup.find(stack_name)
        if stack is not None:
            same = _of_stack(name, stack)
            if same is not None:
                return _again(same, request)
            _refuse_by_status(stack, kind, name)
        elif kind == "UPDATE":
            raise lookup.absent(stack_name)
        if stack is None:
            lookup.bury(stack_name)
            try:
                answer = handler(request)
            finally:
                lookup.dig_up(stack_name)
        elif kind == "CREATE":
            answer = _under_review(stack, name, request, handler)
        else:
            answer = handler(asked.with_value(request, "StackName", str(stack["StackName"])))
        _finish(request, kind, name, stack_name)
        return answer

    return handle


def _under_review(stack: Record, name: str, request: Request, handler: Handler) -> Answer:
    """Make a second change set of type CREATE belong to the stack under review: ministack makes a new stack for each."""
    stack_name = str(stack["StackName"])
    try:
        answer = handler(asked.with_value(request, "StackName", stack_name))
        placeholder = service._stacks.get(stack_name) or stack
    finally:
        service._stacks[stack_name] = stack
    change_set = _of_stack(name, placeholder)
    if change_set is None or placeholder is stack:
        return answer
    service._stack_events.pop(placeholder["StackId"], None)
    change_set["StackId"] = stack["StackId"]
    return xml.answer(
        "CreateChangeSet", xml.element("Id", change_set["ChangeSetId"]), xml.element("StackId", stack["StackId"])
    )


def _refuse_by_status(stack: Record, kind: str, name: str) -> None:
    status, stack_id = stack["StackStatus"], stack["StackId"]
    if kind == "CREATE" and status != "REVIEW_IN_PROGRESS":
        raise Refusal(
            f"Stack [{stack['StackName']}] already exists and cannot be created again with the changeSet [{name}]."
        )
    if kind == "UPDATE":
        if status in {"REVIEW_IN_PROGRESS", "DELETE_COMPLETE"}:
            raise lookup.absent(str(stack["StackName"]))
        refusal = standing.change_set_refusal(stack_id, status)
        if refusal:
            raise Refusal(refusal)


def _of_stack(name: str, stack: Record) -> Record | None:
    return next(
        (
            found
            for found in service._change_sets.values()
            if name in {found["ChangeSetName"], found["ChangeSetId"]} and found["StackId"] == stack["StackId"]
        ),
        None,
    )


def _again(same: Record, request: Request) -> Answer:
    before: dict[str, list[str]] = same.get("_request") or {}
    for attribute, prefixes in _COMPARED:
        if _part(before, prefixes) != _part(request, prefixes):
            raise Refusal(
                f"ChangeSet {same['ChangeSetName']} cannot be created due to a mismatch with existing attribute "
                f"{attribute}",
                code="AlreadyExistsException",
            )
    if not asked.text(request, "ClientToken"):
        raise Refusal(f"ChangeSet {same['ChangeSetName']} already exists", code="AlreadyExistsException")
    return xml.answer(
        "CreateChangeSet", xml.element("Id", same["ChangeSetId"]), xml.element("StackId", same["StackId"])
    )


def _part(request: dict[str, list[str]], prefixes: tuple[str, ...]) -> str:
    return json.dumps({key: value for key, value in sorted(request.items()) if key.startswith(prefixes)})


def _finish(request: Request, kind: str, name: str, stack_name: str) -> None:
    """Remember the request, and fail a change set whose imports nobody exports or that would create what exists."""
    stack = lookup.find(stack_name)
    change_set = _of_stack(name, stack) if stack is not None else None
    if stack is None or change_set is None:
        return
    change_set["_request"] = dict(request)
    template, params = change_set["_template"], change_set["_resolved_params"]
    if kind == "CREATE" and not stack.get("Description"):
        stack["Description"] = template.get("Description", "")
    conditions = engine._evaluate_conditions(template, params)
    missing = exports.missing(template, params, conditions, stack)
    if missing:
        change_set.update(
            Status="FAILED", ExecutionStatus="UNAVAILABLE", StatusReason=f"No export named {missing} found.", Changes=[]
        )
    elif not change_set["Changes"] and kind == "UPDATE" and _outputs_change(stack, change_set, conditions):
        change_set.update(Status="CREATE_COMPLETE", ExecutionStatus="AVAILABLE", StatusReason="")
    existence.check(stack, change_set, conditions)


def _outputs_change(stack: Record, change_set: Record, conditions: Record) -> bool:
    """Outputs are no resources, yet a change of them alone is worth an update."""
    template = change_set["_template"]
    if (template.get("Outputs") or {}) != ((stack.get("_template") or {}).get("Outputs") or {}):
        return True
    try:
        outputs, _ = stacks._resolve_stack_outputs(
            template.get("Outputs") or {},
            conditions,
            stack["_resources"],
            change_set["_resolved_params"],
            template.get("Mappings") or {},
            stack["StackName"],
            stack["StackId"],
        )
    except ValueError:
        return True
    return bool(outputs != stack.get("Outputs"))


def resolved_for_diff(template: Record, params: Record, stack_name: str, stack_id: str) -> Record:
    """The template's active resources with resolved properties, to be compared with another such.

    ministack compares resources whose condition does not hold as well, and so does not see one come or go by a parameter.
    """
    resolved: Record = _RESOLVED_FOR_DIFF(template, params, stack_name, stack_id)
    conditions = engine._evaluate_conditions(template, params) if template else {}
    names = active(template, conditions)
    return {"Resources": {name: found for name, found in (resolved.get("Resources") or {}).items() if name in names}}


_RESOLVED_FOR_DIFF = changesets._resolve_props_for_diff


def executing(handler: Handler) -> Handler:
    """ExecuteChangeSet: only a finished change set of a stack that can take it."""

    def handle(request: Request) -> Answer:
        name, stack_name = asked.text(request, "ChangeSetName"), asked.text(request, "StackName")
        if not name.startswith("arn:"):
            if not stack_name:
                raise Refusal("StackName must be specified if ChangeSetName is not specified as an ARN.")
            stack_name = str(lookup.living(stack_name)["StackName"])
        change_set = _named(name, stack_name)
        _refuse_unready(change_set)
        stack = lookup.living(str(change_set["StackId"]))
        disable = asked.flag(request, "DisableRollback") or change_set.get("OnStackFailure") == "DO_NOTHING"
        if change_set["ChangeSetType"] == "UPDATE":
            refusal = standing.update_refusal(stack["StackId"], stack["StackStatus"], disable_rollback=disable)
            if refusal:
                raise Refusal(refusal)
        exact = asked.with_value(request, "ChangeSetName", str(change_set["ChangeSetId"]))
        return handler(asked.with_value(exact, "StackName", str(stack["StackName"])))

    return handle


def _named(name: str, stack_name: str) -> Record:
    _, found = changesets._find_change_set(name, stack_name)
    if found is None:
        raise Refusal(f"ChangeSet [{name}] does not exist", code="ChangeSetNotFound", status=NOT_FOUND)
    change_set: Record = found
    return change_set


def _refuse_unready(change_set: Record) -> None:
    identity = change_set["ChangeSetId"]
    if change_set["Status"] != "CREATE_COMPLETE":
        raise Refusal(
            f"ChangeSet [{identity}] cannot be executed in its current status of [{change_set['Status']}]",
            code="InvalidChangeSetStatus",
        )
    if change_set["ExecutionStatus"] != "AVAILABLE":
        raise Refusal(
            f"ChangeSet [{identity}] cannot be executed in its current execution status of "
            f"[{change_set['ExecutionStatus']}]",
            code="InvalidChangeSetStatus",
        )


def by_stack_name(handler: Handler) -> Handler:
    """A handler of ministack's that knows stacks by name only, for requests that give the id."""

    def handle(request: Request) -> Answer:
        given = asked.text(request, "StackName")
        stack = lookup.find(given) if given else None
        if given and stack is None:
            raise lookup.absent(given)
        return handler(asked.with_value(request, "StackName", str(stack["StackName"])) if stack else request)

    return handle


def masking(handler: Handler) -> Handler:
    """DescribeChangeSet, with the values of NoEcho parameters hidden."""
    inner = by_stack_name(handler)

    def handle(request: Request) -> Answer:
        _, found = changesets._find_change_set(asked.text(request, "ChangeSetName"))
        for parameter in (found or {}).get("Parameters") or ():
            if (found["_resolved_params"].get(parameter["ParameterKey"]) or {}).get("NoEcho"):
                parameter["ParameterValue"] = "****"
        return inner(request)

    return handle
