"""What to do about a stack: the one place that knows every status. docs/reference/lifecycle.md is its table.

Source for what CloudFormation allows where: API Reference, CreateChangeSet, DeleteStack, RollbackStack,
ContinueUpdateRollback, and the user guide's stack failure options, read 2026-11.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from semanticworld.core import statuses
from semanticworld.core.commands import Subject
from semanticworld.core.decision import (
    Attach,
    ContinueRollback,
    CreateNew,
    Decision,
    Delete,
    DeleteFirst,
    NothingToDo,
    Read,
    Refuse,
    ReuseReview,
    RollbackFirst,
    Update,
    Wait,
)
from semanticworld.core.ownership import Ownership


class Command(StrEnum):
    """What is asked of a stack; validate asks as create does."""

    CREATE = "create"
    DELETE = "delete"
    OUTPUTS = "outputs"
    STATUS = "status"


class Runner(StrEnum):
    """Who began the operation under way: this tool on this machine, or somebody else."""

    US = "us"
    OTHERS = "others"


@dataclass(frozen=True, slots=True, kw_only=True)
class StackState:
    """What decides: the status (None: no such stack), whose the stack is, who began what runs there, and since when."""

    status: str | None
    ownership: Ownership = Ownership.OURS
    runner: Runner = Runner.OTHERS
    since: datetime | None = None


def decide(command: Command, state: StackState, subject: Subject) -> Decision:  # noqa: PLR0911 - a table, one row a return
    """The decision for a stack in this state; unknown statuses are refused, never guessed at."""
    if state.status is None or state.status == statuses.GONE:
        return _absent(command, subject)
    if command is Command.STATUS:
        return Read()
    if state.ownership is Ownership.FOREIGN:
        return _foreign(subject)
    if state.status not in statuses.ALL:
        return _unknown(state.status, subject)
    match command:
        case Command.CREATE:
            return _create(state.status, state, subject)
        case Command.DELETE:
            return _delete(state.status, state, subject)
        case Command.OUTPUTS:
            return _outputs(state.status, subject)
        case _:
            assert_never(command)


def _absent(command: Command, subject: Subject) -> Decision:
    match command:
        case Command.CREATE:
            return CreateNew()
        case Command.DELETE:
            return NothingToDo(why="it does not stand")
        case Command.STATUS:
            return Read()
        case Command.OUTPUTS:
            return Refuse(
                what=f"{subject.words} has no outputs",
                why=f"there is no stack {subject.stack_name}",
                hint=subject.command("create"),
                code="LIF004",
            )
        case _:
            assert_never(command)


def _create(status: str, state: StackState, subject: Subject) -> Decision:  # noqa: PLR0911 - a table, one row a return
    if status in statuses.SETTLED:
        return Update()
    if status in statuses.AFTERMATH or status == "DELETE_IN_PROGRESS":
        return Wait()
    match status:
        case statuses.REVIEW:
            return ReuseReview()
        case "CREATE_IN_PROGRESS" | "UPDATE_IN_PROGRESS" | "IMPORT_IN_PROGRESS":
            return Attach() if state.runner is Runner.US else _busy(state, subject)
        case "ROLLBACK_COMPLETE":
            return DeleteFirst()
        case "CREATE_FAILED" | "UPDATE_FAILED":
            return RollbackFirst()
        case "UPDATE_ROLLBACK_FAILED":
            return ContinueRollback()
        case "DELETE_FAILED":
            return _stuck(status, "its deletion failed halfway", subject.command("delete", "--force-delete"), subject)
        case "ROLLBACK_FAILED":
            return _stuck(status, "the rollback of its creation failed halfway", subject.command("delete"), subject)
        case _:
            return _stuck(status, "an import could not be rolled back", subject.command("status"), subject)


def _delete(status: str, state: StackState, subject: Subject) -> Decision:  # noqa: PLR0911 - a table, one row a return
    if status in statuses.AFTERMATH:
        return Wait()
    match status:
        case "DELETE_IN_PROGRESS":
            return Attach()
        case "CREATE_IN_PROGRESS":
            return Delete(interrupts=True)
        case "UPDATE_IN_PROGRESS" | "IMPORT_IN_PROGRESS":
            return Wait() if state.runner is Runner.US else _busy(state, subject)
        case "DELETE_FAILED":
            return Delete(after_failure=True)
        case "IMPORT_ROLLBACK_FAILED":
            return _stuck(status, "what was imported might go with it", subject.command("status"), subject)
        case _:
            return Delete()


def _outputs(status: str, subject: Subject) -> Decision:
    if status in {statuses.REVIEW, "ROLLBACK_COMPLETE", "DELETE_IN_PROGRESS", "DELETE_FAILED", "CREATE_FAILED"}:
        return Refuse(
            what=f"{subject.words} has no outputs",
            why=f"it is in {status}",
            hint=subject.command("status"),
            code="LIF004",
        )
    return Read()


def _foreign(subject: Subject) -> Refuse:
    tags = f"Project={subject.environment.project}, Environment={subject.environment.name}, ManagedBy=semanticworld"
    return Refuse(
        what=f"the stack {subject.stack_name} is not ours",
        why=f"it does not carry the tags {tags}, so somebody else made it, and nothing was changed",
        hint="give this project another ProjectName in the parameter files, or have the stack's owner remove it",
        code="LIF001",
    )


_VERBS = {"CREATE_IN_PROGRESS": "create", "UPDATE_IN_PROGRESS": "update", "IMPORT_IN_PROGRESS": "import"}


def _unknown(status: str, subject: Subject) -> Refuse:
    return Refuse(
        what=f"{subject.words} is in the status {status}",
        why="this version does not know that status and does not guess",
        hint=subject.command("status"),
        code="LIF002",
    )


def _busy(state: StackState, subject: Subject) -> Refuse:
    verb = _VERBS.get(state.status or "", "operation")
    since = f" since {state.since:%Y-%m-%d %H:%M:%S} UTC" if state.since is not None else ""
    return Refuse(
        what=f"another {verb} is under way on {subject.words}",
        why=f"it is in {state.status}{since}, and this machine did not begin it",
        hint=f"{subject.command('status')} shows it",
        code="LIF003",
    )


def _stuck(status: str, why: str, hint: str, subject: Subject) -> Refuse:
    return Refuse(what=f"{subject.words} is stuck in {status}", why=why, hint=hint, code="LIF019")
