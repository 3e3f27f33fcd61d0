"""Creating and updating a stack: forward to the new template, then clean up, or back."""

from __future__ import annotations

from semanticworld.local.cloud.cloudformation import exports
from semanticworld.local.cloud.cloudformation.run import change, cleanup, graph, journal, make, resolve, rollback
from semanticworld.local.cloud.cloudformation.run.live import Run
from semanticworld.local.cloud.cloudformation.run.operation import FAILED, KEY, is_update, updating
from semanticworld.local.cloud.cloudformation.seam import Record, engine, stacks

BY_USER = "Rollback requested by user."


async def deploy(run: Run) -> None:
    """Take the stack forward; it rests in a final status afterwards, unless the stack is being deleted meanwhile."""
    stack, operation = run.stack, run.operation
    template, params = operation["template"], operation["params"]
    conditions = engine._evaluate_conditions(template, params)
    stack["_conditions"] = conditions
    if not updating(operation):
        stack["_template"], stack["_resolved_params"] = template, params
    names = resolve.active(template, conditions)
    if _refused_early(stack, operation, conditions):
        return
    missing = exports.missing(template, params, conditions, stack)
    if missing:
        operation["reason"] = f"No export named {missing} found. {BY_USER}"
        await _failed(run)
        return

    async def work(logical_id: str) -> None:
        if logical_id in operation["imports"] and logical_id not in stack["_resources"]:
            await make.adopt(run, logical_id, conditions)
        elif logical_id in operation["before"]:
            await change.update(run, logical_id, conditions)
        else:
            await make.create(run, logical_id, conditions)

    needed = graph.needs(template.get("Resources") or {}, names)
    await graph.walk(needed, work, run.halted, stop_on_failure=True)
    if run.why == "delete":
        return
    operation["cancelled"] = run.why == "cancel"
    if run.halted.is_set():
        if run.token:
            stacks.CLIENT_REQUEST_TOKEN.set(run.token)  # the events of a rollback are those of the cancel
        operation["reason"] = operation["reason"] or _why(run)
        await _failed(run)
        return
    await _settled(run, conditions, names)


def _refused_early(stack: Record, operation: Record, conditions: Record) -> bool:
    template = operation["template"]
    ordered = engine._topological_sort(template.get("Resources") or {}, conditions)
    refused = not stack.get("_disable_validation") and stacks._fail_property_validation(
        stack,
        stack["StackId"],
        stack["StackName"],
        template.get("Resources") or {},
        [name for name in ordered if name not in operation["imports"]],  # what is taken in exists, as it should
        operation["params"],
        conditions,
        template.get("Mappings") or {},
        operation["disable_rollback"],
        previous_stack=operation["stable"],
    )
    if refused:
        stack["StackStatusReason"] = stacks._VALIDATION_ROLLBACK
        stack.pop(KEY, None)
    return bool(refused)


def _why(run: Run) -> str:
    if run.why == "cancel":
        return "User Initiated"
    if run.why == "timeout":
        return f"Stack creation time exceeded the specified timeout. {BY_USER}"
    failed = {
        name: resource["ResourceStatus"]
        for name, resource in run.stack["_resources"].items()
        if resource["ResourceStatus"] in {"CREATE_FAILED", "UPDATE_FAILED"}
    }
    updates = [name for name, status in failed.items() if status == "UPDATE_FAILED"]
    creates = [name for name, status in failed.items() if status == "CREATE_FAILED"]
    reason = (journal.failed_to("create", creates) if creates else "") + (
        journal.failed_to("update", updates) if updates else ""
    )
    return reason if is_update(run.operation) or run.operation["disable_rollback"] else reason + BY_USER


async def _settled(run: Run, conditions: Record, names: set[str]) -> None:
    stack, operation = run.stack, run.operation
    template = operation["template"]
    surviving = {name: resource for name, resource in stack["_resources"].items() if name in names}
    try:
        outputs, exported = stacks._resolve_stack_outputs(
            template.get("Outputs") or {},
            conditions,
            surviving,
            operation["params"],
            template.get("Mappings") or {},
            stack["StackName"],
            stack["StackId"],
        )
        trouble = exports.taken(stack, exported) or exports.held(stack, exported)
    except ValueError as error:
        outputs, exported, trouble = [], {}, str(error)
    if trouble:
        operation["reason"] = trouble if is_update(operation) else f"{trouble.removesuffix('.')}. {BY_USER}"
        await _failed(run)
        return
    stack["_template"], stack["_resolved_params"] = template, operation["params"]
    stack["Outputs"] = outputs
    exports.publish(stack, exported)
    stack.pop(FAILED, None)
    if updating(operation):
        await cleanup.after_update(run, conditions, names)
        return
    journal.stack_status(stack, "CREATE_COMPLETE")
    stack.pop(KEY, None)


async def _failed(run: Run) -> None:
    stack, operation = run.stack, run.operation
    if not operation["disable_rollback"]:
        await rollback.roll_back(run, operation["reason"])
        return
    operation["is_update"] = is_update(operation)
    journal.stack_status(stack, "UPDATE_FAILED" if updating(operation) else "CREATE_FAILED", operation["reason"])
    stack[FAILED] = stack.pop(KEY)
