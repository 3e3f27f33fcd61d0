"""Buckets of an earlier base layer, looked for before a new one is made."""

from __future__ import annotations

from semanticworld.app.operation import Operation
from semanticworld.core.changes import BUCKET
from semanticworld.core.reclaim import lasting_buckets, with_names
from semanticworld.model.environment import Layer
from semanticworld.model.leftover import Existence
from semanticworld.model.request import LayerSource
from semanticworld.model.stack import StackResource


def standing_buckets(operation: Operation, source: LayerSource, parameters: dict[str, str]) -> dict[str, str]:
    """The names of the layer's buckets that stand already, by logical id; only the base layer has any that may."""
    if source.layer is not Layer.BASE:
        return {}
    names = _names(operation, source, parameters)
    asked = [StackResource(logical_id=key, physical_id=name, type=BUCKET, status="") for key, name in names.items()]
    found = operation.world.inventory.look_up(asked) if asked else ()
    there = {each.id for each in found if each.existence is Existence.PRESENT}
    return {key: name for key, name in names.items() if name in there}


def reclaimed_body(operation: Operation, source: LayerSource, parameters: dict[str, str]) -> str | None:
    """The template as a stack got it that took its buckets in; None for layers without any."""
    names = _names(operation, source, parameters) if source.layer is Layer.BASE else {}
    return with_names(source, names).template_body if names else None


def _names(operation: Operation, source: LayerSource, parameters: dict[str, str]) -> dict[str, str]:
    who = operation.world.caller.identity()
    return lasting_buckets(source, parameters, who, operation.environment.stack_name(source.layer))
