"""The next command for a layer in a given state."""

from __future__ import annotations

from semanticworld.core.commands import Subject
from semanticworld.core.decision import (
    Attach,
    ContinueRollback,
    CreateNew,
    DeleteFirst,
    Refuse,
    ReuseReview,
    RollbackFirst,
    Wait,
)
from semanticworld.core.lifecycle import Command, StackState, decide


def advice(state: StackState, subject: Subject) -> str | None:  # noqa: PLR0911 - a table, one row a return
    """One line with the command that helps, or None when the layer needs nothing."""
    decision = decide(Command.CREATE, state, subject)
    match decision:
        case CreateNew():
            return subject.command("create")
        case ReuseReview():
            return f"{subject.command('create')} (its change set was never executed)"
        case Attach():
            return f"{subject.command('create')} (follows the operation under way)"
        case Wait():
            return f"wait: {state.status} ends by itself; then {subject.command('status')}"
        case DeleteFirst():
            return f"{subject.command('create')} (removes what is left of the failed creation, then creates)"
        case RollbackFirst() | ContinueRollback():
            return f"{subject.command('create')} (rolls back first)"
        case Refuse():
            return f"{decision.hint} ({decision.why})"
        case _:
            return None
