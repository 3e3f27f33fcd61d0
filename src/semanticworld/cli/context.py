"""What every command is handed: the invocation, the streams, the parts, and the words for what happens meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Generator
from dataclasses import dataclass, field, replace
from typing import TypeVar

from semanticworld.cli.composition import Composition, Connection
from semanticworld.cli.consent import TerminalConsent
from semanticworld.cli.parse import Invocation
from semanticworld.cli.render.progress import Live, Plain, Progress, Silent
from semanticworld.cli.spoken import spoken_words
from semanticworld.cli.terminal import Terminal
from semanticworld.core.commands import spelled
from semanticworld.errors import Interrupted
from semanticworld.model.environment import Layer
from semanticworld.model.event import Event, Noted, ResourceProgress, StillWaiting
from semanticworld.model.operation import JournalEntry
from semanticworld.model.spoken import Spoken
from semanticworld.ports import Journal, World

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One run of one command."""

    invocation: Invocation
    terminal: Terminal
    composition: Composition
    progress: Progress
    begun: threading.Event = field(default_factory=threading.Event)
    """Set once anything that changes the cloud may have been sent."""

    @property
    def target(self) -> Layer:
        """The layer that the program's verbs mean."""
        return Layer(self.invocation.program.layer)

    @property
    def connection(self) -> Connection:
        """Which AWS the options name."""
        given = self.invocation
        return Connection(
            region=given.text("--region"),
            profile=given.text("--profile"),
            endpoint_url=given.text("--endpoint-url"),
            local=given.flag("--local"),
        )

    def connect(self) -> World:
        """The wired world."""
        consent = TerminalConsent(
            self.terminal,
            yes=self.invocation.flag("--yes"),
            given=frozenset(self.invocation.options),
            confirmed=frozenset(self.invocation.texts("--confirm")),
            before=self.progress.pause,
        )
        world = self.composition.connect(self.connection, consent=consent, tell=self.note)
        return replace(world, spoken=self.spoken, journal=NoticingJournal(world.journal, self.begun))

    @property
    def spoken(self) -> Spoken:
        """What the next command must repeat of this one."""
        given = self.invocation
        return spoken_words(given.program.script, given.command.name, given.options)

    def follow(self, work: Generator[Event, None, Result]) -> Result:
        """The work's result; its events are shown as they come."""
        try:
            while True:
                try:
                    event = next(work)
                except StopIteration as end:
                    result: Result = end.value
                    return result
                if isinstance(event, ResourceProgress | StillWaiting):
                    self.begun.set()
                self.progress.show(event)
        except KeyboardInterrupt:
            raise interruption(self.invocation, begun=self.begun.is_set()) from None
        finally:
            self.progress.close()

    @property
    def is_told(self) -> bool:
        """Whether the reader of the answer has just watched the progress on the same terminal."""
        return (
            self.terminal.stdout.is_terminal
            and self.terminal.stderr.is_terminal
            and not self.invocation.flag("--quiet")
        )

    def command(self, name: str, *options: str) -> str:
        """A command on the same environment and the same cloud, to copy."""
        given = self.invocation
        words = [*([given.environment] if given.environment else []), *options]
        return spelled(given.program.script, name, *words, spoken=self.spoken, local=given.flag("--local"))

    def note(self, text: str, *, warning: bool = False) -> None:
        """A sentence on stderr."""
        self.progress.show(Noted(text=text, warning=warning))


class NoticingJournal:
    """The journal itself; the first step that names a stack is noticed: from then on something may go on at AWS."""

    def __init__(self, journal: Journal, begun: threading.Event) -> None:
        self._journal = journal
        self._begun = begun

    def append(self, entry: JournalEntry) -> None:
        """See ports.Journal."""
        self._journal.append(entry)
        if entry.stack_name is not None or entry.token is not None:
            self._begun.set()

    def entries(self, environment: str | None) -> tuple[JournalEntry, ...]:
        """See ports.Journal."""
        return self._journal.entries(environment)


def interruption(given: Invocation, *, begun: bool) -> Interrupted:
    """What Ctrl-C means now: `begun` says whether something may go on at AWS."""
    name = given.command.name
    words = [given.program.script, "status", given.environment or "", "--local" if given.flag("--local") else ""]
    look = " ".join(word for word in words if word)
    return Interrupted(
        f"{name} was interrupted",
        why="what was started goes on by itself: nothing is cancelled" if begun else "nothing was started or changed",
        hint=f"{look} shows it; the same command again follows it" if begun else "the same command again",
        code="CFG091",
    )


def progress_for(invocation: Invocation, terminal: Terminal, composition: Composition) -> Progress:
    """Silent with --quiet, live on a terminal, plain lines elsewhere."""
    if invocation.flag("--quiet"):
        return Silent(terminal.stderr)
    verbose = invocation.flag("--verbose")
    if terminal.stderr.is_terminal and terminal.environ.get("TERM") != "dumb" and not terminal.environ.get("CI"):
        color = terminal.color(terminal.stderr, no_color=invocation.flag("--no-color"))
        return Live(terminal.stderr, color=color, verbose=verbose, monotonic=composition.monotonic())
    return Plain(terminal.stderr, verbose=verbose)
