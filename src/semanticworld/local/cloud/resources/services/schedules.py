"""EventBridge Scheduler's listings in pages, and its refusals of names and expressions."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from ministack.services import scheduler

from semanticworld.local.cloud.resources.services import firing, paging
from semanticworld.local.cloud.resources.services.replies import RefusedError, Reply, refusal

__all__ = ["install", "invalid_expression"]

# Source: EventBridge Scheduler API Reference, CreateSchedule and CreateScheduleGroup (2026)
_NAME = re.compile(r"[0-9a-zA-Z\-_.]{1,64}")
_AT = re.compile(r"at\((\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\)")
_RATE = re.compile(r"rate\(([1-9]\d*) (minutes?|hours?|days?)\)")
_CRON = re.compile(r"cron\((\S+ ){5}\S+\)")
_ROLE = re.compile(r"arn:aws[a-zA-Z-]*:iam::\d{12}:role/[\w+=,.@/-]+")


def invalid_expression(expression: str, zone: str) -> str | None:
    """What Scheduler says of an expression that it cannot read; None when it can."""
    if zone not in available_timezones():
        return f"Invalid ScheduleExpressionTimezone {zone}."
    at = _AT.fullmatch(expression)
    if at:
        try:
            dt.datetime.fromisoformat(at.group(1)).replace(tzinfo=ZoneInfo(zone))
        except ValueError:
            return f"Invalid Schedule Expression {expression}."
        return None
    if _RATE.fullmatch(expression) or _CRON.fullmatch(expression):
        return None
    return f"Invalid Schedule Expression {expression}."


def _name_refusal(name: str) -> Reply | None:
    if _NAME.fullmatch(name):
        return None
    message = (
        f"1 validation error detected: Value '{name}' at 'name' failed to satisfy constraint: "
        "Member must satisfy regular expression pattern: ^[0-9a-zA-Z-_.]+$"
    )
    return refusal(RefusedError("ValidationException", message))


def _schedule_refusal(name: str, body: dict[str, Any]) -> Reply | None:
    problem = _name_refusal(name)
    if problem is not None:
        return problem
    expression = str(body.get("ScheduleExpression") or "")
    zone = str(body.get("ScheduleExpressionTimezone") or "UTC")
    message = invalid_expression(expression, zone) if expression else None
    role = str((body.get("Target") or {}).get("RoleArn") or "")
    if message is None and role and not _ROLE.fullmatch(role):
        message = "RoleArn is not a valid role ARN."
    window = body.get("FlexibleTimeWindow") or {}
    if message is None and window.get("Mode") == "FLEXIBLE" and not window.get("MaximumWindowInMinutes"):
        message = "MaximumWindowInMinutes is required when Mode is FLEXIBLE."
    return refusal(RefusedError("ValidationException", message)) if message else None


def _paged(listing: Callable[[dict[str, Any]], Reply], key: str) -> Callable[[dict[str, Any]], Reply]:
    def listed(query: dict[str, Any]) -> Reply:
        status, headers, body = listing({**query, "MaxResults": 1_000_000})
        if status != 200:  # noqa: PLR2004 - HTTP
            return status, headers, body
        every = json.loads(body)[key]
        try:
            page, token = paging.page(every, query.get("NextToken"), query.get("MaxResults"), default=100)
        except RefusedError as error:
            return refusal(error)
        return status, headers, json.dumps({key: page, **({"NextToken": token} if token else {})}).encode()

    return listed


def install() -> None:
    """Put the pages and the refusals in front of ministack's own functions."""
    create, update = scheduler._create_schedule, scheduler._update_schedule
    create_group = scheduler._create_schedule_group

    def anew(change: Callable[[str, dict[str, Any]], Any], name: str, body: dict[str, Any]) -> Any:  # noqa: ANN401 - ministack's reply
        reply = change(name, body)
        if reply[0] == 200:  # noqa: PLR2004 - HTTP
            firing.forget(str(body.get("GroupName") or "default"), name)
        return reply

    def created(name: str, body: dict[str, Any]) -> Any:  # noqa: ANN401 - ministack's reply
        return _schedule_refusal(name, body) or anew(create, name, body)

    def updated(name: str, body: dict[str, Any]) -> Any:  # noqa: ANN401 - ministack's reply
        return _schedule_refusal(name, body) or anew(update, name, body)

    def created_group(name: str, body: dict[str, Any]) -> Any:  # noqa: ANN401 - ministack's reply
        return _name_refusal(name) or create_group(name, body)

    scheduler._create_schedule, scheduler._update_schedule = created, updated
    scheduler._create_schedule_group = created_group
    scheduler._list_schedules = _paged(scheduler._list_schedules, "Schedules")
    scheduler._list_schedule_groups = _paged(scheduler._list_schedule_groups, "ScheduleGroups")
