"""A bucket's lifecycle rules, from the template's form to the one of the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["lifecycle_rules"]

_COPIED = ("Status", "AbortIncompleteMultipartUpload")


def _filter(rule: Mapping[str, Any]) -> dict[str, Any]:
    parts: list[tuple[str, Any]] = []
    if rule.get("Prefix"):
        parts.append(("Prefix", rule["Prefix"]))
    limits = (("ObjectSizeGreaterThan", "ObjectSizeGreaterThan"), ("ObjectSizeLessThan", "ObjectSizeLessThan"))
    parts.extend((name, int(rule[given])) for name, given in limits if given in rule)
    tags = rule.get("TagFilters") or []
    if len(parts) + len(tags) > 1:
        return {"And": {**dict(parts), **({"Tags": tags} if tags else {})}}
    if tags:
        return {"Tag": tags[0]}
    return dict(parts) or {"Prefix": ""}


def _expiration(rule: Mapping[str, Any]) -> dict[str, Any]:
    names = (("ExpirationInDays", "Days"), ("ExpirationDate", "Date"))
    found = {name: rule[given] for given, name in names if given in rule}
    if "ExpiredObjectDeleteMarker" in rule:
        found["ExpiredObjectDeleteMarker"] = rule["ExpiredObjectDeleteMarker"]
    return found


def _noncurrent(rule: Mapping[str, Any]) -> dict[str, Any]:
    if "NoncurrentVersionExpirationInDays" in rule:
        return {"NoncurrentDays": rule["NoncurrentVersionExpirationInDays"]}
    return dict(rule.get("NoncurrentVersionExpiration") or {})


def _moves(rule: Mapping[str, Any], one: str, many: str, days: str) -> list[dict[str, Any]]:
    listed = [*(rule.get(many) or ()), *([rule[one]] if rule.get(one) else ())]
    names = {"TransitionInDays": days, "TransitionDate": "Date"}
    return [{names.get(key, key): value for key, value in move.items()} for move in listed]


def lifecycle_rules(value: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rules as PutBucketLifecycleConfiguration takes them."""
    rules = []
    for rule in value.get("Rules") or ():
        shaped: dict[str, Any] = {key: rule[key] for key in _COPIED if key in rule}
        if rule.get("Id"):
            shaped["ID"] = rule["Id"]
        shaped["Filter"] = _filter(rule)
        parts = {
            "Expiration": _expiration(rule),
            "NoncurrentVersionExpiration": _noncurrent(rule),
            "Transitions": _moves(rule, "Transition", "Transitions", "Days"),
            "NoncurrentVersionTransitions": _moves(
                rule, "NoncurrentVersionTransition", "NoncurrentVersionTransitions", "NoncurrentDays"
            ),
        }
        shaped.update({name: part for name, part in parts.items() if part})
        rules.append(shaped)
    return rules
