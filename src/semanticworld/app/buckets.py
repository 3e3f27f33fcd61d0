"""Buckets on their way out: our own artifacts go without a word, anything else only when asked for by name."""

from __future__ import annotations

from collections.abc import Sequence

from semanticworld.app.consent import agreed
from semanticworld.app.operation import Operation
from semanticworld.model.environment import Layer
from semanticworld.model.question import Question

_SHOWN = 5
_LISTED = 20
"""So many keys a look into a bucket lists at most."""


def may_be_emptied(operation: Operation, name: str) -> str | None:
    """None when all in the bucket may go; else why the bucket stays."""
    count, foreign = operation.world.inventory.bucket(name)
    if not foreign:
        return None
    why = kept_because(operation, name, foreign)
    shown = ", ".join(foreign[:_SHOWN])
    question = Question(
        text=f"delete the bucket {name} with everything in it?",
        expects=name,
        consequences=(
            f"it holds {count} object versions, among them {shown}{', ...' if len(foreign) > _SHOWN else ''}",
            "they cannot be brought back",
        ),
        yes_suffices=False,
    )
    if agreed(operation, question):
        return None
    return why


def kept_because(operation: Operation, name: str, foreign: Sequence[str]) -> str:
    """Why a bucket with objects of others stays, and the command that deletes it; the same words in every command."""
    number = len(foreign)
    shown = f"{', '.join(foreign[:_SHOWN])}{', ...' if number > _SHOWN else ''}"
    count = (
        f"{number} or more objects that are"
        if number >= _LISTED
        else f"{number} {'object that is' if number == 1 else 'objects that are'}"
    )
    command = operation.subject(Layer.COMPUTE).command("delete", "--everything", "--confirm", name)
    return f"kept: holds {count} not ours ({shown}); `{command}` deletes it with all that is in it"


def verdict_on_leftover(operation: Operation, name: str, *, may_ask: bool) -> str | None:
    """Why a bucket that a look found without a stack stays; None when it was deleted, or is a leftover like any other."""
    _, foreign = operation.world.inventory.bucket(name)
    if not may_ask:
        return kept_because(operation, name, foreign) if foreign else None
    why = may_be_emptied(operation, name)
    if why is None:
        operation.before("DeleteObjects", bucket=name)
        operation.world.inventory.empty_bucket(name)
        operation.before("DeleteBucket", bucket=name)
        operation.world.inventory.delete_bucket(name)
    return why


def emptied_for_removal(operation: Operation, name: str) -> bool:
    """True once the bucket is empty; False when its objects stay."""
    if may_be_emptied(operation, name) is not None:
        return False
    operation.before("DeleteObjects", bucket=name)
    operation.world.inventory.empty_bucket(name)
    return True
