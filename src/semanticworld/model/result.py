"""What a use case returns: the contract's JSON documents as values. None means "could not be read"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from semanticworld.model.change import Change
from semanticworld.model.environment import Environment, Layer
from semanticworld.model.finding import Finding
from semanticworld.model.leftover import Deleted, Kept
from semanticworld.model.node import Node
from semanticworld.model.operation import JournalEntry
from semanticworld.model.stack import Stack, StackEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A part of an operation and how long it took."""

    name: str
    elapsed_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateResult:
    """What create did (or, dry, would do) to the target layer; `changes` also lists those of the layers it needed.

    `followed` is True when an operation that ran already was followed to its end.
    """

    operation_id: str
    environment: Environment
    target: Layer
    stack: Stack | None
    changes: tuple[Change, ...]
    node: Node | None
    outputs: Mapping[str, str]
    findings: tuple[Finding, ...]
    phases: tuple[Phase, ...]
    elapsed_s: float
    dry_run: bool = False
    waited: bool = True
    followed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteResult:
    """What delete took, kept and found; `leftovers` must be empty for the command to be ok."""

    operation_id: str
    environment: Environment
    target: Layer
    stack: Stack | None
    deleted: tuple[Deleted, ...]
    retained: tuple[Kept, ...]
    leftovers: tuple[Kept, ...]
    unproven: tuple[str, ...]
    phases: tuple[Phase, ...]
    elapsed_s: float
    dry_run: bool = False
    waited: bool = True
    will_delete: tuple[Deleted, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerStatus:
    """One layer of an environment; `stack` is None when it does not stand, `advice` is the next command if it needs one."""

    layer: Layer
    stack: Stack | None
    advice: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusResult:
    """One environment as it stands now; `unread` names what could not be read and why."""

    environment: Environment
    target: Layer
    stack: Stack | None
    layers: tuple[LayerStatus, ...]
    node: Node | None
    events: tuple[StackEvent, ...]
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputsResult:
    """A stack's outputs by name."""

    environment: Environment
    stack: Stack
    outputs: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidateResult:
    """All findings, offline first; `skipped` says which part was left out and why."""

    environment: Environment | None
    findings: tuple[Finding, ...]
    template_path: str
    resources: int
    skipped: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryResult:
    """Journal entries of an environment, oldest first."""

    environment: Environment | None
    entries: tuple[JournalEntry, ...]
