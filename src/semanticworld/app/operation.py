"""One run of a command: its id, its journal, its deadline and its phases."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import TypeVar

from semanticworld.core.commands import Subject
from semanticworld.core.names import operation_of, token
from semanticworld.errors import AwsError, Interrupted, Refused, SemanticWorldError, Unfinished, UsageError
from semanticworld.model.environment import Environment, Layer
from semanticworld.model.event import Event, PhaseFinished, PhaseStarted
from semanticworld.model.operation import JournalEntry
from semanticworld.model.question import Question
from semanticworld.model.result import Phase
from semanticworld.ports import World

T = TypeVar("T")
Work = Generator[Event, None, T]

_DONE = {
    "ContinueUpdateRollback": "rolled back",
    "DeleteBucket": "deleted",
    "DeleteLeftover": "deleted",
    "DeleteObjects": "emptied",
    "DeleteStack": "deleted",
    "ExecuteChangeSet": "deployed",
    "RollbackStack": "rolled back",
    "TerminateInstances": "terminated",
    "UpdateTerminationProtection": "freed of its termination protection",
}
"""What each step of the journal that changes something does, in a word."""


@dataclass(slots=True, kw_only=True)
class Operation:
    """What every step of one command shares.

    `touched` is True once a call that writes anything was about to be made, `changed` says in words what was changed
    of what stands (a change set that is made and thrown away changes nothing), `agreed` are the questions answered yes.
    """

    world: World
    command: str
    environment: Environment
    target: Layer
    timeout_s: float | None
    id: str
    started_s: float
    known_operations: frozenset[str] = frozenset()
    journal: tuple[JournalEntry, ...] = ()
    phases: list[Phase] = field(default_factory=list)
    touched: bool = False
    follows: bool = False
    changed: list[str] = field(default_factory=list)
    agreed: set[Question] = field(default_factory=set)
    _attempts: dict[str, int] = field(default_factory=dict)

    @classmethod
    def begin(
        cls, world: World, *, command: str, environment: Environment, target: Layer, timeout_s: float | None
    ) -> Operation:
        """A new operation that knows its predecessors from the journal."""
        past = world.journal.entries(environment.name.value)
        own = world.tokens.operation_id()
        return cls(
            world=world,
            command=command,
            environment=environment,
            target=target,
            timeout_s=timeout_s,
            id=own,
            started_s=world.clock.monotonic(),
            known_operations=frozenset({own, *(entry.operation_id for entry in past)}),
            journal=past,
        )

    @property
    def elapsed_s(self) -> float:
        """Seconds since the operation began."""
        return self.world.clock.monotonic() - self.started_s

    @property
    def is_overdue(self) -> bool:
        """True when the time the user gave has run out."""
        return self.timeout_s is not None and self.elapsed_s >= self.timeout_s

    def subject(self, layer: Layer) -> Subject:
        """The layer, as messages name it."""
        return Subject(environment=self.environment, layer=layer, local=self.world.local, spoken=self.world.spoken)

    def is_ours(self, event_token: str | None) -> bool:
        """True for a token that this machine's journal knows."""
        return operation_of(event_token) in self.known_operations

    def refresh(self) -> None:
        """Returns once what other runs on this machine have begun meanwhile is known too."""
        self.journal = self.world.journal.entries(self.environment.name.value)
        self.known_operations |= frozenset(entry.operation_id for entry in self.journal)

    def next_token(self, step: str) -> str:
        """A token for the step's next attempt; the adapter's own retries send the same one again."""
        attempt = self._attempts[step] = self._attempts.get(step, 0) + 1
        return token(self.id, step, attempt)

    def before(
        self,
        step: str,
        *,
        stack_name: str | None = None,
        stack_id: str | None = None,
        token: str | None = None,  # noqa: A002, RUF100 - the journal's own word
        **detail: str,
    ) -> None:
        """Returns once the journal has the call that is about to write."""
        self.touched = True
        done = _DONE.get(step)
        if done is not None:
            words = f"{stack_name or detail.get('bucket') or detail.get('id') or 'the node'} was {done}"
            if words not in self.changed:
                self.changed.append(words)
        self._write(step, stack_name=stack_name, stack_id=stack_id, token=token, detail=detail)

    def before_undoing(self, step: str, *, stack_name: str, stack_id: str, token: str) -> None:
        """The same for a call that only takes back our own plan: nothing that stands is changed by it."""
        self.touched = True
        self._write(step, stack_name=stack_name, stack_id=stack_id, token=token, detail={})

    def mark(self, step: str, **detail: str) -> None:
        """Returns once the journal has how the operation as a whole stands."""
        self._write(step, stack_name=None, stack_id=None, token=None, detail=detail)

    def _write(
        self, step: str, *, stack_name: str | None, stack_id: str | None, token: str | None, detail: dict[str, str]
    ) -> None:
        self.world.journal.append(
            JournalEntry(
                operation_id=self.id,
                at=self.world.clock.now(),
                command=self.command,
                environment=self.environment.name.value,
                step=step,
                stack_name=stack_name,
                stack_id=stack_id,
                token=token,
                detail=detail,
            )
        )


def in_phase(operation: Operation, name: str, work: Work[T], outcome: Callable[[T], str]) -> Work[T]:
    """The work's own result; its events stand between the phase's beginning and end."""
    begun = operation.world.clock.monotonic()
    yield PhaseStarted(name=name)
    result = yield from work
    elapsed = operation.world.clock.monotonic() - begun
    operation.phases.append(Phase(name=name, elapsed_s=elapsed))
    yield PhaseFinished(name=name, elapsed_s=elapsed, outcome=outcome(result))
    return result


def journalled(
    operation: Operation, work: Work[T], *, dry_run: bool, trouble: Callable[[T], str | None] = lambda _: None
) -> Work[T]:
    """The work's own result, with the operation's beginning and end in the journal whatever happens.

    `trouble` says why a result is none to be glad of, such as leftovers: then the operation is written down as failed.

    Ctrl-C becomes Interrupted: what was started at AWS goes on, and the message says how to look and come back.
    """
    if not dry_run:
        operation.mark("begun", target=operation.target.value)
    try:
        result = yield from work
    except KeyboardInterrupt:
        operation.mark("interrupted")
        raise interrupted(
            operation.subject(operation.target), operation.command, touched=operation.touched or operation.follows
        ) from None
    except GeneratorExit:
        operation.mark("interrupted")
        raise
    except SemanticWorldError as error:
        if not dry_run or operation.touched:
            operation.mark("failed", code=error.code)
        told = told_honestly(operation, error)
        if told is error:
            raise
        raise told from error
    if not dry_run:
        reason = trouble(result)
        if reason is None:
            operation.mark("done")
        else:
            operation.mark("failed", reason=reason)
    return result


def told_honestly(operation: Operation, error: SemanticWorldError) -> SemanticWorldError:
    """The error itself, unless something was changed before it: then no refusal may say that nothing was touched.

    A refusal that comes too late is Unfinished, names what was changed, and the commands that look and take it away.
    """
    if not operation.changed or not isinstance(error, Refused | UsageError | AwsError):
        return error
    why = error.why
    for claim in _CLAIMS:
        why = why.replace(claim, "")
    if isinstance(error, AwsError):
        return (
            error
            if why == error.why
            else type(error)(
                error.what,
                why=f"{why}; before that {', '.join(operation.changed)}",
                hint=error.hint,
                code=error.code,
                aws=error.aws,
            )
        )
    subject = operation.subject(operation.target)
    return Unfinished(
        error.what,
        why=f"{why}; before that {', '.join(operation.changed)}, and it may cost money",
        hint=f"{error.hint}; {subject.shell('status')} shows what stands, {subject.shell('delete')} takes it away",
        code=error.code,
        aws=error.aws,
    )


_CLAIMS = (", and nothing was changed", "; nothing was changed", "; nothing was executed")


def interrupted(subject: Subject, command: str, *, touched: bool = True) -> Interrupted:
    """The error for Ctrl-C; `touched` False says that nothing had been started."""
    if not touched:
        return Interrupted(
            f"{command} {subject.environment.name} was interrupted",
            why="nothing had been started",
            hint=subject.command(command),
            code="LIF012",
        )
    return Interrupted(
        f"{command} {subject.environment.name} was interrupted",
        why="nothing is cancelled, and what was started goes on by itself",
        hint=f"{subject.command('status')} shows how it stands; {subject.shell(command)} follows it again",
        code="LIF012",
    )
