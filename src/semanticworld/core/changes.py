"""What in a change set must be called out, and what must be asked before it is executed."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import assert_never

from semanticworld.core.commands import Subject
from semanticworld.model.change import Change, ChangeSet, Replacement
from semanticworld.model.question import Question

INSTANCE = "AWS::EC2::Instance"
VOLUME = "AWS::EC2::Volume"
ATTACHMENT = "AWS::EC2::VolumeAttachment"
BUCKET = "AWS::S3::Bucket"

_EMPTY = ("didn't contain changes", "no updates are to be performed")
"""CloudFormation's two texts for a change set without changes; it has no code for it."""


class Impact(StrEnum):
    """What a change does to what stands, the worst last."""

    HARMLESS = "harmless"
    RESTARTS = "restarts"
    REPLACES = "replaces"
    REMOVES = "removes"


def is_empty(change_set: ChangeSet) -> bool:
    """True when CloudFormation refused the change set only because nothing would change."""
    reason = (change_set.reason or "").lower()
    return change_set.status == "FAILED" and any(text in reason for text in _EMPTY)


def impact(change: Change) -> Impact:
    """The worst that this change may do.

    An instance's type has recreation "Conditionally" and replacement "Conditional": for EBS-backed instances, which
    ours are, that is a stop and a start. A property with "Always" replaces as soon as its value really differs.
    """
    if change.action == "Remove":
        return Impact.REMOVES
    if change.action != "Modify" or change.replacement in {None, Replacement.FALSE}:
        return Impact.HARMLESS
    if change.replacement is Replacement.TRUE:
        return Impact.REPLACES
    if change.type == INSTANCE and change.properties and not _always(change):
        return Impact.RESTARTS
    return Impact.REPLACES


def impact_among(change: Change, changes: Sequence[Change]) -> Impact:
    """The worst that this change may do, given the others.

    What names the node (a volume's attachment, an alarm) is told as maybe replaced whenever the node is told so: a node
    that is stopped and started keeps its id, and nothing that follows it is touched.
    """
    alone = impact(change)
    if alone is not Impact.REPLACES or change.replacement is not Replacement.CONDITIONAL or not change.properties:
        return alone
    follows = all(prop.name in _NAMES_THE_NODE for prop in change.properties)
    nodes = [impact(each) for each in changes if each.type == INSTANCE]
    stays = bool(nodes) and all(each in {Impact.HARMLESS, Impact.RESTARTS} for each in nodes)
    return Impact.HARMLESS if follows and stays else alone


_NAMES_THE_NODE = frozenset({"InstanceId", "Dimensions"})


def effect(change: Change, changes: Sequence[Change]) -> str:
    """What happens to what stands, in a few words; empty for what is added or removed, as the action says that."""
    if change.action != "Modify":
        return ""
    match impact_among(change, changes):
        case Impact.HARMLESS:
            return "in place" if change.replacement is not None else ""
        case Impact.RESTARTS:
            return "stopped and started, volumes stay"
        case Impact.REPLACES:
            return "maybe REPLACED" if change.replacement is Replacement.CONDITIONAL else "REPLACED"
        case Impact.REMOVES:
            return ""
        case other:
            assert_never(other)


def callouts(changes: Sequence[Change], subject: Subject) -> tuple[str, ...]:
    """One sentence for each change that does more than add or adjust."""
    return tuple(text for change in changes if (text := _callout(change, impact_among(change, changes), subject)))


def holds_volume(changes: Sequence[Change]) -> str | None:
    """The attachment that makes replacing the node impossible, None when nothing does.

    CloudFormation makes the new node and its attachment before it removes the old ones, and a volume is attached to one
    node at a time: such an update fails and rolls back.
    """
    replaced = [change for change in changes if change.action == "Modify" and impact(change) is Impact.REPLACES]
    if not any(change.type == INSTANCE for change in replaced):
        return None
    return next((change.physical_id or change.logical_id for change in replaced if change.type == ATTACHMENT), None)


def questions(changes: Sequence[Change], subject: Subject) -> tuple[Question, ...]:
    """What must be answered with yes before these changes are executed; empty when nothing is lost, replaced or stopped."""
    volumes = [change for change in changes if change.type == VOLUME and _loses(change)]
    instances = [change for change in changes if change.type == INSTANCE and impact(change) is not Impact.HARMLESS]
    buckets = [change for change in changes if change.type == BUCKET and _loses(change)]
    asked = [_about_volume(change, subject) for change in volumes]
    asked += [_about_bucket(change) for change in buckets]
    if instances:
        asked.append(_about_instance(instances[0], subject))
    return tuple(asked)


def _loses(change: Change) -> bool:
    return impact(change) in {Impact.REPLACES, Impact.REMOVES}


def _always(change: Change) -> bool:
    return any(prop.requires_recreation == "Always" for prop in change.properties)


def _callout(change: Change, worst: Impact, subject: Subject) -> str | None:
    name = f"{change.logical_id} ({change.type}{f', {change.physical_id}' if change.physical_id else ''})"
    match worst:
        case Impact.HARMLESS:
            return None
        case Impact.RESTARTS:
            return f"{name} in {subject.stack_name} is stopped and started; its volumes stay"
        case Impact.REPLACES:
            may = "may be" if change.replacement is Replacement.CONDITIONAL else "is"
            return f"{name} in {subject.stack_name} {may} replaced by a new one"
        case Impact.REMOVES:
            return f"{name} in {subject.stack_name} is removed"
        case _:
            assert_never(worst)


def _about_volume(change: Change, subject: Subject) -> Question:
    verb = "remove" if impact(change) is Impact.REMOVES else "replace"
    what = change.physical_id or change.logical_id
    return Question(
        text=f"{verb} the data volume {what} of {subject.environment.name}?",
        expects=change.physical_id or change.logical_id,
        consequences=(
            "a snapshot of it is made first, by the template's deletion policy",
            "the node loses the file system that it has mounted from it",
        ),
        yes_suffices=False,
    )


def _about_bucket(change: Change) -> Question:
    what = change.physical_id or change.logical_id
    return Question(
        text=f"take the bucket {what} out of the stack?",
        expects=what,
        consequences=("its objects may no longer be reachable for the node",),
        yes_suffices=False,
    )


def _about_instance(change: Change, subject: Subject) -> Question:
    verb = {Impact.REMOVES: "remove", Impact.RESTARTS: "stop and start"}.get(impact(change), "replace")
    restarts = impact(change) is Impact.RESTARTS
    return Question(
        text=f"{verb} the node {change.physical_id or change.logical_id} of {subject.environment.name}?",
        expects=subject.environment.name.value if subject.environment.is_guarded else None,
        consequences=(
            "its volumes stay" if restarts else "the root volume and everything on it is lost; the data volume stays",
            "what runs on the node ends",
        ),
    )
