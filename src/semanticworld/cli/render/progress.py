"""Events while the work goes on: plain lines, or a live display on a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Protocol, assert_never

from semanticworld.cli.render.view import Cell, Tone, effect_cell, short_type, status_cell
from semanticworld.cli.terminal import Stream
from semanticworld.core.changes import effect
from semanticworld.core.duration import spell_duration
from semanticworld.core.text import safe_line
from semanticworld.model.change import Change
from semanticworld.model.event import (
    ChangesPlanned,
    Event,
    Found,
    Noted,
    PhaseFinished,
    PhaseStarted,
    ResourceProgress,
    StillWaiting,
)
from semanticworld.model.finding import Finding, Outcome

if TYPE_CHECKING:
    from rich.console import Group

SLOW_S = 60.0
"""A resource under way for longer is called slow; a NAT gateway takes 106 s on average at AWS."""


class Progress(Protocol):
    """Where events go."""

    def show(self, event: Event) -> None:
        """Say it."""

    def pause(self) -> None:
        """Leave the screen alone until the next event: a question is coming."""

    def close(self) -> None:
        """The end, in good times and bad."""


def spell(event: Event, *, verbose: bool) -> Iterator[Cell]:
    """The lines that an event is worth; a start of a resource only when verbose. Texts are not yet cleaned."""
    match event:
        case PhaseStarted():
            yield Cell(text=f"{event.name} ...", tone=Tone.TITLE)
        case PhaseFinished():
            yield Cell(text=f"{event.name}: {event.outcome} ({spell_duration(event.elapsed_s)})")
        case ChangesPlanned():
            additions = sum(change.action == "Add" for change in event.changes)
            yield Cell(
                text=f"changes to {event.stack_name}: {len(event.changes)}{', all new' * (additions == len(event.changes))}"
            )
            # What is new is followed one by one: only what changes or goes must be seen beforehand.
            shown = event.changes if verbose else [change for change in event.changes if change.action != "Add"]
            yield from (_change(change, effect(change, event.changes)) for change in shown)
        case ResourceProgress():
            if verbose or not event.status.endswith("IN_PROGRESS"):
                reason = f"  {event.reason}" if event.reason else ""
                took = spell_duration(event.elapsed_s)
                text = f"  {event.status:<15} {took:>6}  {event.logical_id:<21} {short_type(event.type)}{reason}"
                yield Cell(text=text, tone=status_cell(event.status).tone)
        case StillWaiting():
            slowest = sorted(event.pending, key=lambda item: -item[1])
            names = ", ".join(f"{name} {spell_duration(seconds)}" for name, seconds in slowest) or event.stack_name
            yield Cell(text=f"  waiting for {names} ({spell_duration(event.elapsed_s)} in all)", tone=Tone.DIM)
        case Found():
            yield _finding(event.finding)
        case Noted():
            yield Cell(
                text=f"warning: {event.text}" if event.warning else event.text,
                tone=Tone.WARN if event.warning else Tone.PLAIN,
            )
        case _:
            assert_never(event)


def _change(change: Change, happens: str) -> Cell:
    tone = effect_cell(happens).tone if change.action != "Remove" else Tone.BAD
    mark = f"  {happens}" if happens else ""
    return Cell(text=f"  {change.action:<8} {change.logical_id:<21} {short_type(change.type)}{mark}", tone=tone)


def _finding(finding: Finding) -> Cell:
    tone = {Outcome.PASS: Tone.DIM, Outcome.FAIL: Tone.BAD}.get(finding.outcome, Tone.WARN)
    fix = f"  fix: {finding.fix}" if finding.fix and finding.outcome is not Outcome.PASS else ""
    return Cell(text=f"  {finding.code} {finding.outcome.value}: {finding.summary}{fix}", tone=tone)


class Silent:
    """Only warnings: what --quiet leaves."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def show(self, event: Event) -> None:
        """A warning, or nothing."""
        if isinstance(event, Noted) and event.warning:
            self._stream.write(f"warning: {safe_line(event.text)}\n")

    def pause(self) -> None:
        """Nothing to pause."""

    def close(self) -> None:
        """Nothing to close."""


class Plain:
    """One line at a time, for files, pipes and people who read later."""

    def __init__(self, stream: Stream, *, verbose: bool) -> None:
        self._stream = stream
        self._verbose = verbose

    def show(self, event: Event) -> None:
        """Its lines, at once."""
        for cell in spell(event, verbose=self._verbose):
            self._stream.write(safe_line(cell.text) + "\n")
        self._stream.flush()

    def pause(self) -> None:
        """Nothing to pause."""

    def close(self) -> None:
        """Nothing to close."""


class Live:
    """What is under way with its running time at the foot, what is done above it."""

    def __init__(self, stream: Stream, *, color: bool, verbose: bool, monotonic: Callable[[], float]) -> None:
        from rich.live import Live as RichLive  # noqa: PLC0415 - only a terminal pays for rich

        from semanticworld.cli.render.printer import console_on  # noqa: PLC0415

        self._monotonic = monotonic
        self._verbose = verbose
        self._pending: dict[tuple[str, str], tuple[ResourceProgress, float]] = {}
        self._console = console_on(stream, color=color)
        self._live = RichLive(console=self._console, get_renderable=self._foot, transient=True, refresh_per_second=4)
        self._running = False

    def show(self, event: Event) -> None:
        """A resource under way joins the foot; everything else becomes lines above it."""
        from semanticworld.cli.render.printer import text_of  # noqa: PLC0415

        if not self._running:
            self._live.start()
            self._running = True
        if isinstance(event, StillWaiting):
            return  # the foot counts by itself
        if isinstance(event, ResourceProgress):
            key = (event.stack_name, event.logical_id)
            if event.status.endswith("IN_PROGRESS"):
                self._pending[key] = (event, self._monotonic() - event.elapsed_s)
            else:
                self._pending.pop(key, None)
        if isinstance(event, PhaseFinished):
            self._pending.clear()
        for cell in spell(event, verbose=self._verbose):
            self._console.print(text_of(cell))

    def pause(self) -> None:
        """The foot disappears until the next event."""
        if self._running:
            self._live.stop()
            self._running = False

    def close(self) -> None:
        """The foot disappears."""
        self._pending.clear()
        self.pause()

    def _foot(self) -> Group:
        from rich.console import Group  # noqa: PLC0415

        from semanticworld.cli.render.printer import text_of  # noqa: PLC0415

        now = self._monotonic()
        foot = []
        for event, since in sorted(self._pending.values(), key=lambda item: item[1])[:10]:
            slow = now - since > SLOW_S
            took = spell_duration(now - since)
            text = f"  {event.status:<18} {took:>6}  {event.logical_id:<21} {short_type(event.type)}{'  slow' * slow}"
            foot.append(text_of(Cell(text=text, tone=Tone.WARN if slow else Tone.DIM)))
        return Group(*foot)
