"""Results as people read them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from semanticworld.cli.render.view import (
    Block,
    Cell,
    Facts,
    Grid,
    Tone,
    View,
    effect_cell,
    line,
    plain,
    short_id,
    short_type,
    status_cell,
)
from semanticworld.core.changes import effect
from semanticworld.core.duration import spell_duration
from semanticworld.model.change import Change
from semanticworld.model.environment import Layer
from semanticworld.model.finding import Finding, Outcome
from semanticworld.model.leftover import Deleted, Kept
from semanticworld.model.node import Node
from semanticworld.model.result import (
    CreateResult,
    DeleteResult,
    HistoryResult,
    OutputsResult,
    Phase,
    StatusResult,
    ValidateResult,
)

_NO_NEWS = frozenset({"Resource creation Initiated", "User Initiated"})
"""Reasons that CloudFormation gives when all is as it should be."""

_OUTCOME_TONES = {
    Outcome.PASS: Tone.GOOD,
    Outcome.WARN: Tone.WARN,
    Outcome.FAIL: Tone.BAD,
    Outcome.UNKNOWN: Tone.WARN,
}


def create_view(result: CreateResult, *, told: bool = False) -> View:
    """What was done, the node, the outputs, and how long it took; `told`: the reader has just seen changes and phases."""
    blocks: list[Block] = []
    # Dozens of additions were just followed one by one: what was changed or removed is what must be seen again.
    shown = [item for item in result.changes if result.dry_run or (item.action != "Add" and not told)]
    if shown:
        blocks.append(changes_grid(shown, title="Changes"))
    if result.findings:
        blocks.append(findings_grid(result.findings))
    if result.stack:
        blocks.append(Facts(pairs=(("stack", plain(result.stack.name)), ("status", status_cell(result.stack.status)))))
    if result.node:
        blocks.append(node_facts(result.node))
    known = {result.node.instance_id, result.node.private_ip} if result.node else set()
    outputs = {name: short_id(value) for name, value in result.outputs.items() if value not in known}
    if outputs:
        blocks.append(outputs_facts(outputs))
    if result.phases and not told:
        blocks.append(phases_grid(result.phases))
    blocks.append(line(_create_sentence(result), Tone.GOOD if result.waited and not result.dry_run else Tone.PLAIN))
    return tuple(blocks)


def _create_sentence(result: CreateResult) -> str:
    name = result.environment.stack_name(result.target)
    if result.dry_run:
        return f"dry run: {len(result.changes)} changes would be made, nothing was changed"
    if not result.waited:
        return f"{name} is under way and goes on by itself"
    took = spell_duration(result.elapsed_s)
    if result.followed:
        return f"{name} stands: the operation under way was followed to its end, in {took}"
    if not result.changes:
        return f"{name} is up to date: no change, in {took}"
    return f"{name} stands, with {_counted(result.changes)}, in {took}"


def _counted(changes: Sequence[Change]) -> str:
    """Such as 8 additions and 1 modification."""
    words = {"Add": "addition", "Modify": "modification", "Remove": "removal", "Import": "import"}
    counts = Counter(words.get(change.action, "other change") for change in changes)
    return " and ".join(f"{count} {word}{'s' * (count > 1)}" for word, count in counts.items())


def delete_view(result: DeleteResult, *, told: bool = False) -> View:
    """What went (not when it was just `told`), what is kept and for how much, and what nobody asked to keep."""
    blocks: list[Block] = []
    if result.will_delete:
        blocks.append(deleted_grid(result.will_delete, title="Would be deleted" if result.dry_run else "To be deleted"))
    if result.deleted and not told:
        blocks.append(deleted_grid(result.deleted, title="Deleted"))
    if result.retained:
        blocks.append(kept_grid(result.retained, title="Kept"))
    if result.leftovers:
        blocks.append(kept_grid(result.leftovers, title="Left behind", tone=Tone.BAD))
    blocks += [line(f"could not be checked: {item}", Tone.WARN) for item in result.unproven]
    blocks.append(_delete_sentence(result))
    return tuple(blocks)


def _delete_sentence(result: DeleteResult) -> Block:
    name = result.environment.stack_name(result.target)
    if result.dry_run:
        return line("dry run: nothing was changed")
    if result.leftovers:
        count = len(result.leftovers)
        return line(f"{count} {'thing is' if count == 1 else 'things are'} left and may cost money", Tone.BAD)
    if not result.waited:
        return line(f"the deletion of {name} is under way and goes on by itself")
    if result.unproven:
        return line(f"{name} is gone; not everything could be looked up", Tone.WARN)
    nothing = "nothing else is left" if result.retained else "nothing is left"
    if not result.deleted:
        return line(f"{name} does not stand: nothing to delete, {nothing}", Tone.GOOD)
    return line(f"{name} is gone, {nothing}, in {spell_duration(result.elapsed_s)}", Tone.GOOD)


def status_view(result: StatusResult) -> View:
    """Layers, node, the last events, and what could not be read."""
    rows = tuple(
        (
            plain(item.layer.value),
            plain(result.environment.stack_name(item.layer) if item.stack is None else item.stack.name),
            status_cell(item.stack.status if item.stack else None),
            Cell(text=_time(item.stack.updated_at or item.stack.created_at)[:16] if item.stack else "", tone=Tone.DIM),
            *((Cell(text=item.advice or ""),) if any(each.advice for each in result.layers) else ()),
        )
        for item in result.layers
    )
    blocks: list[Block] = [
        Grid(
            title=f"Environment {result.environment.name}",
            headings=("LAYER", "STACK", "STATUS", "SINCE (UTC)", "NEXT")[: len(rows[0]) if rows else 5],
            rows=rows,
        )
    ]
    if result.stack and result.stack.status_reason:
        blocks.append(line(f"reason: {result.stack.status_reason}", Tone.WARN))
    if result.node:
        blocks.append(node_facts(result.node))
    if result.events:
        blocks.append(
            Grid(
                title="Events",
                headings=("TIME (UTC)", "STATUS", "RESOURCE", "REASON"),
                rows=tuple(
                    (
                        Cell(text=_time(item.at), tone=Tone.DIM),
                        status_cell(item.status),
                        plain(item.logical_id),
                        Cell(text="" if item.reason in _NO_NEWS else item.reason or ""),
                    )
                    for item in result.events
                ),
            )
        )
    blocks += [line(f"could not be read: {item}", Tone.WARN) for item in result.unread]
    return tuple(blocks)


def status_all_view(results: Sequence[StatusResult]) -> View:
    """One row an environment; the node's columns where the layer has a node, and what could not be read when there is any."""
    compute = any(row.target is Layer.COMPUTE for row in results)
    unread = any(row.unread for row in results)
    rows = tuple(
        (
            plain(row.environment.name.value),
            status_cell(row.stack.status if row.stack else None),
            *(_node_cells(row.node) if compute else ()),
            *((Cell(text="; ".join(row.unread), tone=Tone.WARN),) if unread else ()),
        )
        for row in results
    )
    node = ("NODE", "TYPE", "STATE") if compute else ()
    return (Grid(headings=("ENVIRONMENT", "STACK", *node, *(("COULD NOT BE READ",) if unread else ())), rows=rows),)


def _node_cells(node: Node | None) -> tuple[Cell, ...]:
    return tuple(plain(value) for value in ((node.instance_id, node.instance_type, node.state) if node else "---"))


def outputs_view(result: OutputsResult) -> View:
    """Names and values."""
    return (outputs_facts(result.outputs),) if result.outputs else (line(f"{result.stack.name} has no outputs"),)


def validate_view(result: ValidateResult, templates: Mapping[str, int]) -> View:
    """All findings, and a sentence; `templates` are the files that were judged, with their numbers of resources."""
    counts = {outcome: sum(item.outcome is outcome for item in result.findings) for outcome in Outcome}
    spelled = ", ".join(f"{count} {outcome.value}" for outcome, count in counts.items() if count) or "nothing to check"
    bad = bool(counts[Outcome.FAIL])
    return (
        *((findings_grid(result.findings),) if result.findings else ()),
        *(line(f"left out: {item}", Tone.WARN) for item in result.skipped),
        line(
            f"{', '.join(templates)}: {sum(templates.values())} resources in {len(templates)} "
            f"{'template' if len(templates) == 1 else 'templates'}; {spelled}",
            Tone.BAD if bad else Tone.GOOD,
        ),
    )


def history_view(result: HistoryResult) -> View:
    """One row a step, oldest first."""
    if not result.entries:
        return (line("nothing has been done from this machine yet"),)
    rows = tuple(
        (
            Cell(text=_time(item.at), tone=Tone.DIM),
            plain(item.operation_id),
            plain(item.environment),
            plain(item.command),
            plain(item.step),
            Cell(text=item.stack_name or ""),
            Cell(text=" ".join(f"{key}={value}" for key, value in item.detail.items()), tone=Tone.DIM),
        )
        for item in result.entries
    )
    return (Grid(headings=("TIME (UTC)", "OPERATION", "ENVIRONMENT", "COMMAND", "STEP", "STACK", "DETAIL"), rows=rows),)


def changes_grid(changes: Sequence[Change], *, title: str) -> Grid:
    """Changes with replacements called out."""
    return Grid(
        title=title,
        headings=("ACTION", "RESOURCE", "TYPE", "EFFECT", "BECAUSE OF"),
        rows=tuple(
            (
                Cell(text=item.action, tone=Tone.WARN if item.action == "Remove" else Tone.PLAIN),
                plain(item.logical_id),
                plain(short_type(item.type)),
                effect_cell(effect(item, changes)),
                Cell(
                    text=", ".join(dict.fromkeys(part.name or part.attribute for part in item.properties)),
                    tone=Tone.DIM,
                ),
            )
            for item in changes
        ),
    )


def findings_grid(findings: Iterable[Finding]) -> Grid:
    """Findings, one row each, the cure last."""
    return Grid(
        title="Checks",
        headings=("CODE", "OUTCOME", "WHAT", "EVIDENCE", "FIX"),
        rows=tuple(
            (
                plain(item.code),
                Cell(text=item.outcome.value, tone=_OUTCOME_TONES[item.outcome]),
                plain(item.summary),
                Cell(text=item.evidence, tone=Tone.DIM),
                Cell(text=item.fix),
            )
            for item in findings
        ),
    )


def node_facts(node: Node) -> Facts:
    """The node's own facts."""
    state = Cell(text=node.state, tone=Tone.GOOD if node.state == "running" else Tone.WARN)
    return Facts(
        title="Node",
        pairs=(
            ("instance", plain(node.instance_id)),
            ("type", plain(node.instance_type)),
            ("state", state),
            ("private address", plain(node.private_ip)),
            ("public address", plain(node.public_ip or "none")),
            ("zone", plain(node.availability_zone)),
            ("image", plain(node.image_id)),
        ),
    )


def outputs_facts(outputs: Mapping[str, str]) -> Facts:
    """Outputs by name."""
    return Facts(title="Outputs", pairs=tuple((name, plain(value)) for name, value in sorted(outputs.items())))


def phases_grid(phases: Iterable[Phase]) -> Grid:
    """Where the time went."""
    return Grid(
        headings=("PHASE", "TOOK"),
        rows=tuple(
            (plain(item.name), Cell(text=f"{spell_duration(item.elapsed_s):>6}", tone=Tone.DIM)) for item in phases
        ),
    )


def deleted_grid(items: Iterable[Deleted], *, title: str) -> Grid:
    """Resources that went or would go."""
    return Grid(
        title=title,
        headings=("RESOURCE", "TYPE", "ID"),
        rows=tuple((plain(item.logical_id), plain(short_type(item.type)), plain(short_id(item.id))) for item in items),
    )


def kept_grid(items: Iterable[Kept], *, title: str, tone: Tone = Tone.PLAIN) -> Grid:
    """Things that stay, with their price."""
    return Grid(
        title=title,
        headings=("USD A MONTH", "TYPE", "ID", "WHY"),
        rows=tuple(
            (
                plain(_money(item.usd_per_month)),
                Cell(text=short_type(item.type), tone=tone),
                plain(short_id(item.id)),
                plain(item.why),
            )
            for item in items
        ),
    )


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def _time(at: datetime | None) -> str:
    return "" if at is None else at.strftime("%Y-%m-%d %H:%M:%S")
