"""A resource's properties as they are sent: references resolved, stack tags added."""

from __future__ import annotations

import copy

from semanticworld.local.cloud.cloudformation.run.operation import is_update
from semanticworld.local.cloud.cloudformation.seam import Record, engine, provisioners, stacks


def template_of(operation: Record) -> Record:
    """The template the operation goes to."""
    template: Record = operation["template"]
    return template


def definition(operation: Record, logical_id: str) -> Record:
    """A resource as that template declares it; empty when it does not."""
    found: Record = (template_of(operation).get("Resources") or {}).get(logical_id) or {}
    return found


def active(template: Record, conditions: Record) -> set[str]:
    """The logical ids whose condition holds."""
    return {
        name
        for name, resource in (template.get("Resources") or {}).items()
        if not resource.get("Condition") or conditions.get(resource["Condition"], True)
    }


def properties(stack: Record, operation: Record, conditions: Record, logical_id: str) -> tuple[Record, Record]:
    """The resolved properties, and the dynamic references among them with their values."""
    declared = definition(operation, logical_id)
    resolved = engine._resolve_refs(
        copy.deepcopy(declared.get("Properties") or {}),
        stack["_resources"],
        operation["params"],
        conditions,
        template_of(operation).get("Mappings") or {},
        stack["StackName"],
        stack["StackId"],
    )
    kept = {key: value for key, value in resolved.items() if value is not engine._NO_VALUE}
    before = operation["before"].get(logical_id) or {}
    stable: Record = operation["stable"] or {}
    unchanged = (
        is_update(operation)
        and template_of(operation) == stable.get("_template")
        and operation["params"] == stable.get("_resolved_params")
    )
    same = bool(before) and ((stable.get("_template") or {}).get("Resources") or {}).get(logical_id) == declared
    values, dynamic = engine._resolve_dynamic_references(
        kept, before.get("_dynamic"), reuse_ssm=unchanged, reuse_secrets=same
    )
    return values, dynamic


def tagged(stack: Record, resource_type: str, logical_id: str, props: Record, tags: list[Record]) -> Record:
    """The properties with the stack's tags and CloudFormation's own three merged in."""
    result: Record = provisioners._with_stack_tags(
        resource_type, props, tags, stack["StackName"], stack["StackId"], logical_id
    )
    return result


def policy(stack: Record, template: Record, attribute: str, logical_id: str, conditions: Record) -> str:
    """A resource's DeletionPolicy or UpdateReplacePolicy in effect: Delete, Retain, RetainExceptOnCreate, Snapshot."""
    return str(
        stacks._resource_policy(
            (template.get("Resources") or {}).get(logical_id),
            attribute,
            stack["_resources"],
            stack.get("_resolved_params") or {},
            conditions,
            template.get("Mappings") or {},
            stack["StackName"],
            stack["StackId"],
        )
    )


def keeps(chosen: str) -> bool:
    """True for a policy under which the resource goes on living."""
    return chosen in provisioners._RETAINING_POLICIES
