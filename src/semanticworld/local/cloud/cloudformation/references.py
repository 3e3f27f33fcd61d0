"""References inside a template: to what is not there, and in a circle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from semanticworld.local.cloud.cloudformation.seam import Record, engine


def problem(template: Record) -> Iterator[str]:
    """AWS's texts for references that lead nowhere or back to where they came from."""
    if template.get("Transform"):
        return
    resources: Record = template.get("Resources") or {}
    names = set(resources)
    known = names | set(template.get("Parameters") or {})
    yield from _conditions(template)
    yield from _unresolved(resources, known, "Resources")
    yield from _attributes(resources, names)
    yield from _attributes(template.get("Outputs") or {}, names)
    yield from _unresolved(template.get("Outputs") or {}, known, "Outputs")
    yield from _circle(resources, names)


def _unresolved(section: Mapping[str, Any], known: set[str], title: str) -> Iterator[str]:
    missing = {
        name
        for member in section.values()
        for name, attribute in engine._intrinsic_references(member)
        if attribute is None and name not in known and not name.startswith("AWS::")
    }
    for member in section.values():
        needed = member.get("DependsOn") or [] if isinstance(member, Mapping) else []
        missing |= {name for name in ([needed] if isinstance(needed, str) else needed) if name not in section}
    if missing:
        yield (
            f"Template format error: Unresolved resource dependencies [{', '.join(sorted(missing))}] in the {title} "
            "block of the template"
        )


def _attributes(section: Mapping[str, Any], names: set[str]) -> Iterator[str]:
    for member in section.values():
        for name, attribute in engine._intrinsic_references(member):
            if attribute is not None and name not in names:
                yield f"Template error: instance of Fn::GetAtt references undefined resource {name}"


def _conditions(template: Record) -> Iterator[str]:
    known = set(template.get("Conditions") or {})
    for title in ("Resources", "Outputs"):
        for member in (template.get(title) or {}).values():
            for name in _used_conditions(member):
                if name not in known:
                    yield (
                        f"Template format error: Unresolved condition dependency {name} in the {title} block of the "
                        "template"
                    )
    for name, attribute in engine._intrinsic_references(template.get("Conditions") or {}):
        if name in (template.get("Resources") or {}) or attribute is not None:
            yield (
                f"Template format error: Unresolved dependencies [{name}]. Cannot reference resources in the "
                "Conditions block of the template"
            )


def _used_conditions(member: Any) -> Iterator[str]:  # noqa: ANN401 - a template value
    if isinstance(member, Mapping):
        if isinstance(member.get("Condition"), str):
            yield member["Condition"]
        yield from _ifs(member)


def _ifs(node: Any) -> Iterator[str]:  # noqa: ANN401 - a template value
    if isinstance(node, Mapping):
        branches = node.get("Fn::If")
        if isinstance(branches, list) and branches and isinstance(branches[0], str):
            yield branches[0]
        for value in node.values():
            yield from _ifs(value)
    elif isinstance(node, list):
        for value in node:
            yield from _ifs(value)


def _circle(resources: Record, names: set[str]) -> Iterator[str]:
    waiting = {name: engine._extract_deps(resource, names) for name, resource in resources.items()}
    while True:
        free = [name for name, needed in waiting.items() if not needed & waiting.keys()]
        if not free:
            break
        for name in free:
            del waiting[name]
    needed_by: set[str] = set().union(*waiting.values()) if waiting else set()
    caught = sorted(name for name in waiting if name in needed_by) or sorted(waiting)
    if caught:
        yield f"Circular dependency between resources: [{', '.join(caught)}]"
