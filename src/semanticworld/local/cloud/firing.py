"""EventBridge Scheduler's firing made true.

One-time schedules fire in their own time zone, and again after an update. Universal targets call any AWS operation: the
lease stops its instance through one. Rates and cron expressions stay ministack's.
"""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import botocore.session
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from ministack.core.responses import get_account_id, get_region, new_uuid, request_scope
from ministack.services import eventbridge, scheduler

from semanticworld.local.cloud import clock

logger = logging.getLogger("semanticworld.local")

_AT = re.compile(r"at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)")
# Source: EventBridge Scheduler User Guide, Using universal targets, 2026: the operation's name with a small first letter.
_UNIVERSAL = re.compile(r"arn:aws[a-z-]*:scheduler:::aws-sdk:([a-z0-9-]+):([A-Za-z0-9]+)(?:\.[A-Za-z0-9]+)?")

Schedule = dict[str, Any]


def install() -> None:
    """Put these functions in the place of ministack's."""
    tick_others = scheduler._tick_schedules
    scheduler._at_time_epoch = lambda _: None  # one-time schedules are ours alone

    def tick() -> None:
        tick_once()
        tick_others()

    scheduler._tick_schedules = tick
    eventbridge._invoke_target = with_universal_targets(eventbridge._invoke_target)


def tick_once() -> None:
    """Fire every one-time schedule that is due."""
    now = clock.now()
    for key, schedule in list(scheduler._schedules._data.items()):
        at = moment(schedule)
        if at is None or schedule.get("State") != "ENABLED" or now < at or _has_fired(key, schedule):
            continue
        scheduler._schedule_last_fired[key] = now.timestamp()
        account, region, _ = key
        with request_scope(account, region):
            _fire(schedule, now)
        if schedule.get("ActionAfterCompletion") == "DELETE":
            scheduler._schedules._data.pop(key, None)
            scheduler._schedule_last_fired.pop(key, None)


def moment(schedule: Schedule) -> datetime | None:
    """When a one-time schedule is due, in its own time zone; None for schedules of another kind."""
    match = _AT.fullmatch(str(schedule.get("ScheduleExpression", "")))
    if match is None:
        return None
    try:
        zone = ZoneInfo(schedule.get("ScheduleExpressionTimezone") or "UTC")
        return datetime.fromisoformat(match[1]).replace(tzinfo=zone)
    except (KeyError, ValueError):
        return None


def with_universal_targets(invoke: Callable[..., None]) -> Callable[..., None]:
    """Ministack's `_invoke_target`, and universal targets."""

    def invoke_any(target: dict[str, Any], *rest: Any) -> None:  # noqa: ANN401 - ministack's own arguments
        universal = _UNIVERSAL.fullmatch(str(target.get("Arn", "")))
        if universal is None:
            invoke(target, *rest)
        else:
            call(universal[1], universal[2], target.get("Input") or "{}")

    return invoke_any


def call(service: str, action: str, given: str) -> None:
    """Do what a universal target says, in the account and region of the schedule; a failure is logged."""
    operation = action[:1].upper() + action[1:]
    try:
        client = botocore.session.get_session().create_client(
            service,
            region_name=get_region(),
            endpoint_url=f"http://127.0.0.1:{os.environ['GATEWAY_PORT']}",
            aws_access_key_id=get_account_id(),
            aws_secret_access_key="scheduler",  # noqa: S106 - the embedded cloud accepts any
            config=Config(retries={"mode": "standard", "total_max_attempts": 8}, s3={"addressing_style": "path"}),
        )
        getattr(client, xform_name(operation))(**json.loads(given))
    except (BotoCoreError, ClientError, AttributeError, TypeError, ValueError) as wrong:
        logger.warning("the schedule's target %s:%s failed: %s", service, action, wrong)
    else:
        logger.info("a schedule called %s:%s", service, action)


def _has_fired(key: tuple[str, str, str], schedule: Schedule) -> bool:
    """Whether it fired since it was last changed: an updated one-time schedule runs again."""
    fired = scheduler._schedule_last_fired.get(key)
    return fired is not None and fired >= float(schedule.get("LastModificationDate") or 0)


def _fire(schedule: Schedule, now: datetime) -> None:
    target = schedule.get("Target") or {}
    event = {
        "EventId": new_uuid(),
        "Source": "aws.scheduler",
        "DetailType": "Scheduled Event",
        "Detail": "{}",
        "Time": now.timestamp(),
        "Resources": [schedule.get("Arn", "")],
        "Account": get_account_id(),
        "Region": get_region(),
    }
    try:
        eventbridge._invoke_target(target, event, schedule)
    except Exception:
        logger.exception("the target of %s failed", schedule.get("Arn"))
