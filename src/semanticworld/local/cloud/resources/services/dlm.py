"""Data Lifecycle Manager's API: policies are kept, checked and listed; they take no snapshots by themselves."""

from __future__ import annotations

import datetime as dt
import json
import re
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from ministack.core.responses import AccountRegionScopedDict, get_account_id, get_region

from semanticworld.local.cloud.resources.services.replies import RefusedError, Reply, answer, refusal

__all__ = ["handle_request", "restore", "snapshot", "tagged"]

_ROLE = re.compile(r"arn:aws(-[a-z]{1,3}){0,2}:iam::\d+:role/.*")
_DESCRIPTION = re.compile(r"[0-9A-Za-z _-]+")
# Source: Amazon EBS User Guide, "Quotas for Amazon Data Lifecycle Manager" (2026)
_POLICIES_PER_REGION = 100
_TYPES = {"EBS_SNAPSHOT_MANAGEMENT", "IMAGE_MANAGEMENT", "EVENT_BASED_POLICY"}
_INTERVAL_HOURS = {1, 2, 3, 4, 6, 8, 12, 24}
_MAX_SCHEDULES = 4
_MAX_RETAINED = 1000
_TIME = re.compile(r"(0\d|1\d|2[0-3]):[0-5]\d")

_policies: Any = AccountRegionScopedDict()  # policy id -> policy


def snapshot() -> object:
    """All policies, of every account and region."""
    return _policies


def restore(value: object) -> None:
    """Put policies back that an earlier server had."""
    _policies.clear()
    _policies.update(value)


def _invalid(message: str, *parameters: str) -> RefusedError:
    del parameters
    return RefusedError("InvalidRequestException", message)


def _find(policy_id: str) -> dict[str, Any]:
    found = _policies.get(policy_id)
    if found is None:
        message = f"The specified policy {policy_id} does not exist."
        raise RefusedError("ResourceNotFoundException", message, 404)
    policy: dict[str, Any] = found
    return policy


def _check_schedule(schedule: Mapping[str, Any]) -> None:
    create = schedule.get("CreateRule")
    if not isinstance(create, Mapping):
        raise _invalid("A schedule must have a CreateRule.")
    cron, interval = create.get("CronExpression"), create.get("Interval")
    if (cron is None) == (interval is None):
        raise _invalid("Specify either CronExpression or Interval with IntervalUnit in CreateRule.")
    if interval is not None and (interval not in _INTERVAL_HOURS or create.get("IntervalUnit") != "HOURS"):
        raise _invalid(f"Interval must be one of {sorted(_INTERVAL_HOURS)} HOURS.")
    if any(not _TIME.fullmatch(str(time)) for time in create.get("Times") or ()):
        raise _invalid("Times must be given as HH:MM in UTC.")
    retain = schedule.get("RetainRule") or schedule.get("ArchiveRule")
    if not isinstance(retain, Mapping):
        raise _invalid("A schedule must have a RetainRule.")
    count = retain.get("Count")
    if count is not None and not 1 <= int(count) <= _MAX_RETAINED:
        raise _invalid(f"RetainRule.Count must be between 1 and {_MAX_RETAINED}.")
    if (
        count is None
        and not (retain.get("Interval") and retain.get("IntervalUnit"))
        and not schedule.get("ArchiveRule")
    ):
        raise _invalid("RetainRule needs a Count, or an Interval with IntervalUnit.")


def _checked(request: Mapping[str, Any]) -> None:
    if not _ROLE.fullmatch(str(request.get("ExecutionRoleArn", ""))):
        raise _invalid("ExecutionRoleArn is not a valid role ARN.")
    if not _DESCRIPTION.fullmatch(str(request.get("Description", ""))):
        raise _invalid("Description must match [0-9A-Za-z _-]+.")
    if request.get("State") not in {"ENABLED", "DISABLED"}:
        raise _invalid("State must be ENABLED or DISABLED.")
    details = request.get("PolicyDetails") or {}
    kind = details.get("PolicyType", "EBS_SNAPSHOT_MANAGEMENT")
    if kind not in _TYPES:
        raise _invalid(f"PolicyType {kind} is not valid.")
    if kind == "EVENT_BASED_POLICY":
        return
    if not details.get("ResourceTypes"):
        raise _invalid("ResourceTypes is required.")
    if not details.get("TargetTags"):
        raise _invalid("TargetTags is required.")
    schedules = details.get("Schedules") or ()
    if not 1 <= len(schedules) <= _MAX_SCHEDULES:
        raise _invalid(f"A policy must have between 1 and {_MAX_SCHEDULES} schedules.")
    for schedule in schedules:
        _check_schedule(schedule)


def _now() -> str:
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _create(request: Mapping[str, Any]) -> dict[str, Any]:
    _checked(request)
    if len(_policies) >= _POLICIES_PER_REGION:
        raise RefusedError("LimitExceededException", "You have reached the maximum number of lifecycle policies.", 429)
    policy_id = f"policy-0{secrets.token_hex(8)}"
    details = {"PolicyType": "EBS_SNAPSHOT_MANAGEMENT", "ResourceLocations": ["CLOUD"], **request["PolicyDetails"]}
    _policies[policy_id] = {
        "PolicyId": policy_id,
        "Description": request["Description"],
        "State": request["State"],
        "StatusMessage": request["State"],
        "ExecutionRoleArn": request["ExecutionRoleArn"],
        "DateCreated": _now(),
        "DateModified": _now(),
        "PolicyDetails": details,
        "Tags": dict(request.get("Tags") or {}),
        "PolicyArn": f"arn:aws:dlm:{get_region()}:{get_account_id()}:policy/{policy_id}",
        "DefaultPolicy": False,
    }
    return {"PolicyId": policy_id}


def _update(policy_id: str, request: Mapping[str, Any]) -> dict[str, Any]:
    policy = _find(policy_id)
    names = ("ExecutionRoleArn", "Description", "State", "PolicyDetails")
    merged = {**policy, **{name: request[name] for name in names if request.get(name) is not None}}
    _checked(merged)
    details = {"PolicyType": "EBS_SNAPSHOT_MANAGEMENT", "ResourceLocations": ["CLOUD"], **merged["PolicyDetails"]}
    # A new record, not a changed one: the store notices only what is put into it.
    _policies[policy_id] = {
        **merged,
        "PolicyDetails": details,
        "StatusMessage": merged["State"],
        "DateModified": _now(),
    }
    return {}


def _pairs(values: list[str]) -> set[tuple[str, str]]:
    split = (value.partition("=") for value in values)
    return {(key, text) for key, _, text in split}


def _chosen(policy: Mapping[str, Any], query: Mapping[str, list[str]]) -> bool:
    details = policy["PolicyDetails"]
    if query.get("policyIds") and policy["PolicyId"] not in query["policyIds"]:
        return False
    if query.get("state") and policy["State"] not in query["state"]:
        return False
    if query.get("resourceTypes") and not set(query["resourceTypes"]) & set(details.get("ResourceTypes") or ()):
        return False
    targets = {(tag["Key"], tag["Value"]) for tag in details.get("TargetTags") or ()}
    if query.get("targetTags") and not _pairs(query["targetTags"]) & targets:
        return False
    added = {(t["Key"], t["Value"]) for one in details.get("Schedules") or () for t in one.get("TagsToAdd") or ()}
    return not query.get("tagsToAdd") or bool(_pairs(query["tagsToAdd"]) & added)


def _list(query: Mapping[str, list[str]]) -> dict[str, Any]:
    for policy_id in query.get("policyIds", []):
        _find(policy_id)
    names = ("PolicyId", "Description", "State", "Tags", "DefaultPolicy")
    shown = [
        {**{name: one[name] for name in names}, "PolicyType": one["PolicyDetails"]["PolicyType"]}
        for one in _policies.values()
        if _chosen(one, query)
    ]
    return {"Policies": shown}


def _tags(method: str, arn: str, request: Mapping[str, Any], query: Mapping[str, list[str]]) -> dict[str, Any]:
    policy = _find(arn.rsplit("/", 1)[-1])
    if policy["PolicyArn"] != arn:
        raise RefusedError("ResourceNotFoundException", f"The specified resource {arn} does not exist.", 404)
    if method == "GET":
        return {"Tags": dict(policy["Tags"])}
    if method == "POST":
        policy["Tags"].update(request.get("Tags") or {})
    else:
        for key in query.get("tagKeys", []):
            policy["Tags"].pop(key, None)
    return {}


def tagged() -> list[tuple[str, dict[str, str]]]:
    """ARN and tags of every policy of the account in the region."""
    return [(policy["PolicyArn"], dict(policy["Tags"])) for policy in _policies.values()]


def _answered(method: str, path: str, request: Mapping[str, Any], query: Mapping[str, list[str]]) -> dict[str, Any]:
    parts = unquote(path).strip("/").split("/", 1)
    match (method, *parts):
        case ("POST", "policies"):
            return _create(request)
        case ("GET", "policies"):
            return _list(query)
        case ("GET", "policies", policy_id):
            return {"Policy": _find(policy_id)}
        case ("PATCH", "policies", policy_id):
            return _update(policy_id, request)
        case ("DELETE", "policies", policy_id):
            _find(policy_id)
            del _policies[policy_id]
            return {}
        case ("GET" | "POST" | "DELETE", "tags", arn):
            return _tags(method, arn, request, query)
        case _:
            raise RefusedError("UnknownOperationException", f"{method} {path} is no operation of the service.", 404)


async def handle_request(
    method: str, path: str, headers: Mapping[str, str], body: bytes, query_params: Mapping[str, list[str]]
) -> Reply:
    """The service's answer to one request."""
    del headers
    try:
        return answer(_answered(method, path, json.loads(body) if body else {}, query_params))
    except RefusedError as error:
        return refusal(error)
