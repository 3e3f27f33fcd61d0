"""Buckets that outlived their stack: the next stack takes them in again, with what is in them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace

from semanticworld.core.changes import BUCKET
from semanticworld.core.declared import defaults
from semanticworld.core.template import Given, resolve_template
from semanticworld.model.node import Identity
from semanticworld.model.request import LayerSource

NAME = "BucketName"
_OUTLIVES = frozenset({"Retain", "RetainExceptOnCreate"})


def lasting_buckets(
    source: LayerSource, parameters: Mapping[str, str], who: Identity, stack_name: str
) -> dict[str, str]:
    """The names of the buckets that may stand without their stack, by logical id."""
    given = Given(
        parameters={**defaults(source.template), **parameters},
        account=who.account,
        region=who.region,
        partition=who.arn.split(":")[1],
        stack_name=stack_name,
    )
    found: dict[str, str] = {}
    for logical_id, resource in resolve_template(source.template, given).resources.items():
        properties = resource.get("Properties")
        if resource.get("Type") != BUCKET or resource.get("DeletionPolicy") not in _OUTLIVES:
            continue
        if isinstance(properties, Mapping) and isinstance(properties.get(NAME), str):
            found[logical_id] = properties[NAME]
    return found


def with_names(source: LayerSource, names: Mapping[str, str]) -> LayerSource:
    """The source with these buckets' names written out.

    ImportExistingResources finds only resources whose name is a literal in the template: one from Ref or Fn::Sub is
    created, and fails on the name. Source: CloudFormation User Guide, "Import AWS resources automatically", 2026-11.
    """
    template = deepcopy(dict(source.template))
    resources = template["Resources"]
    for logical_id, name in names.items():
        resources[logical_id]["Properties"][NAME] = name  # type: ignore[index]  # they were found there
    return replace(source, template=template, template_body=json.dumps(template, separators=(",", ":")))


def is_same_json(body: str, other: str | None) -> bool:
    """True for two JSON texts of the same value; CloudFormation's SDKs give a JSON template back with other spaces."""
    if other is None or not body.startswith("{"):
        return False
    try:
        return bool(json.loads(body) == json.loads(other))
    except ValueError:
        return False
