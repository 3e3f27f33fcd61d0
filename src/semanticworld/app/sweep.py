"""Leftovers taken away one by one, after a yes: only with --force-delete, and never what holds data."""

from __future__ import annotations

from collections.abc import Sequence

from semanticworld.app.consent import agreed
from semanticworld.app.operation import Operation, Work
from semanticworld.core.commands import Subject
from semanticworld.core.leftovers import HOLDS_DATA
from semanticworld.errors import AwsError, Refused
from semanticworld.model.event import Noted
from semanticworld.model.leftover import Found, Kept
from semanticworld.model.question import Question


def swept(operation: Operation, subject: Subject, leftovers: Sequence[Kept]) -> Work[bool]:
    """True when something was taken away, so that all must be looked at again."""
    removable = [each for each in leftovers if each.type not in HOLDS_DATA]
    if not removable:
        return False
    question = Question(
        text=f"delete these {len(removable)} leftovers of {subject.environment.name}?",
        expects=subject.environment.name.value if subject.environment.is_guarded else None,
        consequences=tuple(f"{each.type} {each.id}" for each in removable),
        yes_suffices=False,
        named_option="--force-delete",
    )
    if not agreed(operation, question):
        return False
    gone = 0
    for each in removable:
        operation.before("DeleteLeftover", type=each.type, id=each.id)
        try:
            operation.world.inventory.delete_found(Found(type=each.type, id=each.id))
        except (AwsError, Refused) as error:
            yield Noted(text=f"{each.type} {each.id} stays: {error.why}", warning=True)
        else:
            gone += 1
    return gone > 0
