"""Finding stacks: by name while they live, by id for 90 days after they were deleted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Final

from semanticworld.local.cloud import state
from semanticworld.local.cloud.cloudformation import moments
from semanticworld.local.cloud.cloudformation.refusal import Refusal
from semanticworld.local.cloud.cloudformation.seam import Record, handlers, responses, service

KEPT_FOR: Final = timedelta(days=90)
"""How long a deleted stack is shown. Source: CloudFormation API Reference, ListStacks, 2026."""

_buried = responses.AccountRegionScopedDict()
"""Deleted stacks whose name was taken again, by id."""


def install() -> None:
    """Let every handler of ministack find stacks this way, and keep the buried ones across restarts."""
    handlers._resolve_stack = find
    state.register("cloudformation-buried", lambda: dict(_buried._data), _put)


def _put(saved: object) -> None:
    if isinstance(saved, dict):
        _buried._data.clear()
        _buried._data.update(saved)


def find(name_or_id: str) -> Record | None:
    """The stack, None when there is none. A name finds only a living stack, an id one deleted within 90 days too."""
    named: Record | None = service._stacks.get(name_or_id)
    if named is not None:
        return None if named["StackStatus"] == "DELETE_COMPLETE" else named
    buried: Record | None = _buried.get(name_or_id)
    standing = (stack for stack in service._stacks.values() if stack["StackId"] == name_or_id)
    stack = buried if buried is not None else next(standing, None)
    return None if stack is None or _forgotten(stack) else stack


def living(name_or_id: str) -> Record:
    """The stack, refused when there is none or it is deleted."""
    stack = find(name_or_id)
    if stack is None or stack["StackStatus"] == "DELETE_COMPLETE":
        raise absent(name_or_id)
    return stack


def absent(name_or_id: str) -> Refusal:
    """AWS's refusal for a stack that is not there."""
    return Refusal(f"Stack [{name_or_id}] does not exist")


def everything() -> Iterator[Record]:
    """Every stack that ListStacks knows, newest first."""
    candidates = [*service._stacks.values(), *_buried.values()]
    for stack in sorted(candidates, key=lambda stack: str(stack["CreationTime"]), reverse=True):
        if not _forgotten(stack):
            yield stack


def _forgotten(stack: Record) -> bool:
    deleted = stack.get("DeletionTime")
    return bool(deleted) and moments.now() - moments.parse(str(deleted)) > KEPT_FOR


def bury(name: str) -> None:
    """Keep a deleted stack by its id, because its name is about to be taken again."""
    stack = service._stacks.get(name)
    if stack is not None and stack["StackStatus"] == "DELETE_COMPLETE":
        _buried[stack["StackId"]] = stack


def dig_up(name: str) -> None:
    """Undo `bury`: the new stack of that name did not come to be."""
    if service._stacks.get(name) is None:
        former: Iterable[Record] = [stack for stack in _buried.values() if stack["StackName"] == name]
        latest = max(former, key=lambda stack: str(stack["CreationTime"]), default=None)
        if latest is not None:
            service._stacks[name] = _buried.pop(latest["StackId"])
