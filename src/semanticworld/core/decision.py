"""What can be decided about a stack: a closed union. A decision is not its execution."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CreateNew:
    """No stack stands: a change set of type CREATE makes it."""


@dataclass(frozen=True, slots=True)
class ReuseReview:
    """A stack of ours without resources waits in review: a new change set of type CREATE goes on it."""


@dataclass(frozen=True, slots=True)
class Update:
    """The stack stands: a change set of type UPDATE; an empty one means "no change"."""


@dataclass(frozen=True, slots=True)
class Attach:
    """The operation under way is ours (or the very one asked for): follow it, then decide again."""


@dataclass(frozen=True, slots=True)
class Wait:
    """CloudFormation is still finishing something: follow it to its end, then decide again."""


@dataclass(frozen=True, slots=True)
class DeleteFirst:
    """The first creation failed and left nothing to keep: its events are saved, it is deleted, then created anew."""


@dataclass(frozen=True, slots=True)
class RollbackFirst:
    """A failed operation was left standing (rollback disabled): roll it back, then decide again."""


@dataclass(frozen=True, slots=True)
class ContinueRollback:
    """A rollback got stuck: continue it, then decide again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete:
    """The stack is deleted; `after_failure` when a deletion has failed before, `interrupts` when a creation still runs."""

    after_failure: bool = False
    interrupts: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """The stack can be read as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingToDo:
    """What was asked for is so already."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse:
    """We do not act: what, why, the next command, and the code of the page that says more."""

    what: str
    why: str
    hint: str
    code: str


Decision = (
    CreateNew
    | ReuseReview
    | Update
    | Attach
    | Wait
    | DeleteFirst
    | RollbackFirst
    | ContinueRollback
    | Delete
    | Read
    | NothingToDo
    | Refuse
)
