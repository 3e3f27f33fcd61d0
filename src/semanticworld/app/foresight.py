"""What can be refused is refused, and what can be asked is asked, before the first layer is touched."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from semanticworld.app import changeset
from semanticworld.app.consent import require
from semanticworld.app.layers import Parameters, check_volume, is_overtaken, is_up_to_date
from semanticworld.app.observe import decided
from semanticworld.app.operation import Operation, Work
from semanticworld.app.parallel import each_at_once, sure
from semanticworld.app.recovery import rollback_question
from semanticworld.core.changes import callouts, questions
from semanticworld.core.decision import CreateNew, Decision, DeleteFirst, ReuseReview, RollbackFirst, Update
from semanticworld.core.lifecycle import Command
from semanticworld.errors import AwsError
from semanticworld.model.environment import Layer
from semanticworld.model.event import Noted
from semanticworld.model.request import LayerSource
from semanticworld.model.stack import Stack

_PROBE = 0
"""The attempt that a change set made only to be looked at counts as: those that are executed count from 1."""


def foreseen(
    operation: Operation,
    sources: Sequence[LayerSource],
    parameters: Callable[[Layer], Parameters],
    *,
    dry_run: bool,
) -> Work[None]:
    """Returns when nothing that can be known now speaks against any of the layers, given lowest first.

    A layer that stands above one that will change is planned now and its questions are asked now: later, something would
    have been touched already. Raises Refused, UsageError or AwsError.
    """
    stacks = operation.world.stacks
    names = [operation.environment.stack_name(each.layer) for each in sources]
    answers = each_at_once([lambda name=name: stacks.describe(name) for name in names])  # type: ignore[misc]
    standing = [sure(answer) for answer in answers]
    decisions = [
        decided(operation, Command.CREATE, source.layer, stack) for source, stack in zip(sources, standing, strict=True)
    ]
    changing = False
    for source, stack, decision in zip(sources, standing, decisions, strict=True):
        values: dict[str, str] | None = None
        if isinstance(decision, CreateNew | ReuseReview | DeleteFirst):
            parameters(source.layer)(None)
        elif isinstance(decision, Update):
            values = dict(parameters(source.layer)(stack).parameters)
        if changing and stack is not None and not dry_run:
            yield from _asked(operation, source, stack, decision, values)
        if source is not sources[-1]:
            same = stack is not None and values is not None and is_up_to_date(operation, stack, source, values)
            changing = changing or not same


def _asked(
    operation: Operation, source: LayerSource, stack: Stack, decision: Decision, values: dict[str, str] | None
) -> Work[None]:
    subject = operation.subject(source.layer)
    if isinstance(decision, RollbackFirst):
        require(operation, subject, [rollback_question(subject, stack)])
    if values is None:
        return
    request = changeset.request_for(operation, source, values, create=False, attempt=_PROBE)
    try:
        change_set = yield from changeset.made(operation, request)
    except AwsError as error:
        if is_overtaken(operation, subject, stack, error):
            return  # decided again in its turn
        raise
    try:
        refusal = changeset.refusal(change_set, subject)
        if refusal is not None:
            raise refusal
        check_volume(subject, change_set)
        asked = questions(change_set.changes, subject)
        if asked:
            for text in callouts(change_set.changes, subject):
                yield Noted(text=text, warning=True)
        require(operation, subject, asked)
    finally:
        changeset.thrown_away(operation, change_set, subject, create=False)
