"""Where each function of this package takes the place of one of ministack's."""

from __future__ import annotations

from semanticworld.local.cloud.cloudformation import (
    change_sets,
    describe,
    lookup,
    operation_events,
    parameters,
    patience,
    resources,
    shared_values,
    stack_verbs,
    summary,
    template_rules,
    template_text,
    tokens,
    update_types,
)
from semanticworld.local.cloud.cloudformation.refusal import Refusal
from semanticworld.local.cloud.cloudformation.run import start
from semanticworld.local.cloud.cloudformation.run.operation import current
from semanticworld.local.cloud.cloudformation.seam import (
    Answer,
    Handler,
    Record,
    Request,
    changesets,
    engine,
    handlers,
    helpers,
    provisioners,
    replace,
    service,
    stacks,
)


def install() -> None:
    """Replace what ministack tells wrongly. Once a process."""
    lookup.install()
    tokens.install()
    patience.install()
    _install_rules()
    _install_engine()
    _install_verbs()


def _install_rules() -> None:
    replace("_capabilities_enforced", lambda: True, handlers)
    replace("_parse_template", template_text.parse, engine, handlers, changesets)
    replace("_resolve_parameters", _resolved, engine, handlers, changesets)
    replace("validate_template_support", _checked, engine, handlers, changesets)
    replace("_stack_has_no_updates", stack_verbs.nothing_to_update, handlers)
    replace("_validate_stack_tags", stack_verbs.tag_refusal, helpers)
    replace("_resolve_props_for_diff", change_sets.resolved_for_diff, changesets)
    replace("_property_recreation", update_types.recreation, provisioners, stacks)
    replace("_replacing_change", update_types.replacing_change, provisioners, stacks)
    replace("_with_stack_tags", update_types.with_stack_tags, provisioners, stacks)


def _resolved(template: Record, provided: list[Record], previous: Record | None = None) -> Record:
    """The parameters of a template that holds water: a flaw of the template is told before one of its values."""
    found = template_rules.problem(template)
    if found:
        raise ValueError(found)
    return parameters.resolve(template, provided, previous)


_THEIR_CHECKS = engine.validate_template_support


def _checked(template: Record, conditions: Record, params: Record | None = None) -> None:
    """Raise ValueError with AWS's text for a template that cannot be carried out."""
    found = template_rules.problem(template)
    if found:
        raise ValueError(found)
    _THEIR_CHECKS(template, conditions, params=params)
    missing = stack_verbs.missing_import(template, conditions, params)
    if missing:
        raise ValueError(missing)


def _install_engine() -> None:
    replace("_deploy_stack_async", start.deploy_stack, stacks, handlers, changesets)
    replace("_create_then_delete_on_failure", start.deleting_on_failure, stacks, handlers, changesets)
    replace("_delete_stack_async", start.delete_stack, stacks, handlers)
    replace("_roll_back_operation", start.roll_back_operation, stacks, handlers)
    replace("_continue_update_rollback_async", start.continue_update_rollback, stacks, handlers)
    replace("_add_event", _event, stacks, handlers, changesets)
    replace("_track_change_set_execution", start.tracked, changesets)


_THEIR_EVENT = stacks._add_event


def _event(stack_id: str, *args: str, **kwargs: str) -> None:
    """Add an event which also says of what operation it is."""
    _THEIR_EVENT(stack_id, *args, **kwargs)
    stack = lookup.find(stack_id)
    operation = current(stack) if stack is not None else None
    if operation is not None:
        service._stack_events[stack_id][-1].update(OperationId=operation["id"], OperationKind=operation["kind"])


def _install_verbs() -> None:
    table: dict[str, Handler] = handlers._ACTION_HANDLERS
    table["CreateStack"] = stack_verbs.creating(table["CreateStack"])
    table["UpdateStack"] = stack_verbs.updating(table["UpdateStack"])
    table["DeleteStack"] = stack_verbs.deleting(table["DeleteStack"])
    table["CancelUpdateStack"] = stack_verbs.cancelling(table["CancelUpdateStack"])
    table["CreateChangeSet"] = change_sets.creating(table["CreateChangeSet"])
    table["ExecuteChangeSet"] = change_sets.executing(table["ExecuteChangeSet"])
    table["DescribeChangeSet"] = change_sets.masking(table["DescribeChangeSet"])
    table["ListChangeSets"] = change_sets.by_stack_name(table["ListChangeSets"])
    table["DescribeStacks"] = describe.describe_stacks
    table["ListStacks"] = describe.list_stacks
    table["DescribeStackEvents"] = describe.describe_stack_events
    table["DescribeEvents"] = operation_events.describe_events
    table["ValidateTemplate"] = summary.validate_template
    table["GetTemplateSummary"] = summary.get_template_summary
    table["ListImports"] = shared_values.list_imports
    for operation in ("DescribeStackResources", "DescribeStackResource", "ListStackResources"):
        table[operation] = resources.reading(operation, table[operation])
    for operation in tokens.OPERATIONS:
        table[operation] = tokens.honouring(operation, table[operation])
    for operation, handler in list(table.items()):
        table[operation] = _answering(handler)


def _answering(handler: Handler) -> Handler:
    """The handler, whose refusals are answers."""

    def handle(request: Request) -> Answer:
        try:
            return handler(request)
        except Refusal as refusal:
            return refusal.answer()

    return handle
