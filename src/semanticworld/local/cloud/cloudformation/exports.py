"""Values that stacks share: exports, imports, and who may not let go of what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from semanticworld.local.cloud.cloudformation.seam import Record, engine, handlers, service


def missing(template: Record, params: Record, conditions: Record, stack: Record) -> str:
    """The first export name that an active part of the template imports and nobody exports; empty when none."""
    for name in imported(template, params, conditions, stack):
        if name not in service._exports:
            return name
    return ""


def imported(template: Record, params: Record, conditions: Record, stack: Record) -> Iterator[str]:
    """The export names that the template's active resources and outputs import, where they can be known yet."""
    for section in ("Resources", "Outputs"):
        for member in (template.get(section) or {}).values():
            if isinstance(member, dict) and conditions.get(member.get("Condition") or "", True):
                yield from _imports(member, template, params, conditions, stack)


def _imports(node: Any, template: Record, params: Record, conditions: Record, stack: Record) -> Iterator[str]:  # noqa: ANN401 - template values
    if isinstance(node, list):
        for value in node:
            yield from _imports(value, template, params, conditions, stack)
    if not isinstance(node, dict):
        return
    if list(node) == ["Fn::ImportValue"]:
        name = engine._resolve_refs(
            node["Fn::ImportValue"],
            stack.get("_resources") or {},
            params,
            conditions,
            template.get("Mappings") or {},
            stack["StackName"],
            stack["StackId"],
        )
        yield str(name)
        return
    branches = node.get("Fn::If")
    if isinstance(branches, list) and len(branches) == 3 and len(node) == 1:  # noqa: PLR2004 - condition, then, else
        chosen = branches[1] if conditions.get(str(branches[0])) else branches[2]
        yield from _imports(chosen, template, params, conditions, stack)
        return
    for value in node.values():
        yield from _imports(value, template, params, conditions, stack)


def importers(name: str) -> list[str]:
    """The names of the living stacks that import the export, in order."""
    return sorted(
        stack["StackName"]
        for stack in service._stacks.values()
        if stack["StackStatus"] not in {"DELETE_COMPLETE", "REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE"}
        and name in handlers._imported_export_names(stack, stack["StackName"])
    )


def spoken(names: list[str]) -> str:
    """`A`, `A and B`, `A, B and C`."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def taken(stack: Record, exports: Record) -> str:
    """Why an export cannot be published: another stack has the name. Empty when it can."""
    for name in exports:
        other = service._exports.get(name)
        if other is not None and other["StackId"] != stack["StackId"]:
            return f"Export with name {name} is already exported by stack {other['StackId'].split('/')[1]}"
    return ""


def held(stack: Record, exports: Record | None) -> str:
    """Why an export of the stack cannot be changed or (None: all of them) go. Empty when nobody imports it."""
    for name, export in sorted(_own(stack).items()):
        users = [user for user in importers(name) if user != stack["StackName"]]
        if not users:
            continue
        if exports is None or name not in exports:
            return f"Export {name} cannot be deleted as it is in use by {spoken(users)}"
        if exports[name]["Value"] != export["Value"]:
            return f"Export {name} cannot be updated as it is in use by {spoken(users)}"
    return ""


def publish(stack: Record, exports: Record) -> None:
    """Make exactly these the exports of the stack."""
    for name in _own(stack):
        if name not in exports:
            del service._exports[name]
    for name, export in exports.items():
        service._exports[name] = export


def _own(stack: Record) -> Record:
    return {name: export for name, export in service._exports.items() if export["StackId"] == stack["StackId"]}
