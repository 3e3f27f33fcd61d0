"""Buckets on their way out: our own artifacts go without a word, anything else only when asked for by name."""

from __future__ import annotations

from semanticworld.app.consent import agreed
from semanticworld.app.operation import Operation
from semanticworld.model.question import Question

_SHOWN = 5


def may_be_emptied(operation: Operation, name: str) -> str | None:
    """None when all in the bucket may go; else why the bucket stays."""
    count, foreign = operation.world.inventory.bucket(name)
    if not foreign:
        return None
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
    return f"it holds objects that are not ours ({shown}), and deleting it was not asked for by name"


def emptied_for_removal(operation: Operation, name: str) -> bool:
    """True once the bucket is empty; False when its objects stay."""
    if may_be_emptied(operation, name) is not None:
        return False
    operation.before("DeleteObjects", bucket=name)
    operation.world.inventory.empty_bucket(name)
    return True
