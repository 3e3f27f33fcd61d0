"""What happens by itself when time passes: schedules that fall due, and alarms that notice silence.

ministack's ticker calls once a second; the work is done on the event loop, where requests are answered too.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import time
import uuid
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from botocore.exceptions import BotoCoreError, ClientError
from ministack import app
from ministack.core.responses import request_scope
from ministack.services import eventbridge, scheduler

from semanticworld.local.cloud import clock, state
from semanticworld.local.cloud.ec2 import status_metrics
from semanticworld.local.cloud.resources.calls import call
from semanticworld.local.cloud.resources.services import alarms

__all__ = ["forget", "install", "is_due", "pass_time"]

logger = logging.getLogger("semanticworld.local")

_UNIVERSAL = re.compile(r"arn:aws[a-z-]*:scheduler:::aws-sdk:([a-z0-9-]+):([a-zA-Z]+)")
_EVERY_S = 10.0
"""How often alarms are looked at; CloudWatch does it once a minute."""

# (account, region, "group/name") -> when it fired last, seconds since 1970. Kept across restarts: a stop must not happen twice.
_fired: dict[tuple[str, str, str], float] = {}
_looked_at: list[float] = [0.0]


def _moment(value: object) -> float | None:
    if value is None or isinstance(value, int | float):
        return None if value is None else float(value)
    return dt.datetime.fromisoformat(str(value)).timestamp()


def is_due(schedule: Mapping[str, Any], fired: float | None, now: float) -> bool:
    """Whether the schedule is to fire now. ``fired`` is when it did last; None: never since it was made or changed."""
    begin, end = _moment(schedule.get("StartDate")), _moment(schedule.get("EndDate"))
    if schedule.get("State") != "ENABLED" or (begin is not None and now < begin) or (end is not None and now > end):
        return False
    expression = str(schedule.get("ScheduleExpression", ""))
    zone = ZoneInfo(str(schedule.get("ScheduleExpressionTimezone") or "UTC"))
    if expression.startswith("at("):
        at = dt.datetime.fromisoformat(expression[3:-1]).replace(tzinfo=zone).timestamp()
        return fired is None and now >= at
    since = fired if fired is not None else float(schedule.get("LastModificationDate") or now)
    seconds = eventbridge._parse_rate_seconds(expression)
    if seconds is not None:
        return now - since >= float(seconds)
    fields = eventbridge._parse_cron_fields(expression)
    if fields is None:
        return False
    following = eventbridge._cron_next_fire(fields, dt.datetime.fromtimestamp(since, tz=zone))
    return following is not None and bool(following.timestamp() <= now)


def _invoke(schedule: Mapping[str, Any]) -> None:
    target = schedule["Target"]
    universal = _UNIVERSAL.fullmatch(target["Arn"])
    if universal is None:
        event = {
            "EventId": str(uuid.uuid4()),
            "Source": "aws.scheduler",
            "DetailType": "Scheduled Event",
            "Detail": "{}",
            "Time": time.time(),
            "Resources": [schedule["Arn"]],
            "Account": schedule["Arn"].split(":")[4],
            "Region": schedule["Arn"].split(":")[3],
        }
        eventbridge._invoke_target(target, event, schedule)
        return
    service, operation = universal.groups()
    call(service, operation[0].upper() + operation[1:], **json.loads(target.get("Input") or "{}"))


def _fire(key: tuple[str, str, str], schedule: Mapping[str, Any], now: float) -> None:
    _fired[key] = now
    try:
        _invoke(schedule)
    except (BotoCoreError, ClientError, ValueError) as error:
        # As with Scheduler itself, nobody is told: it is in the log alone.
        logger.warning("schedule %s could not do its work: %s", schedule["Arn"], error)
    if schedule.get("ActionAfterCompletion") == "DELETE" and schedule["ScheduleExpression"].startswith("at("):
        scheduler._schedules.pop(key[2], None)
        _fired.pop(key, None)


def pass_time() -> None:
    """Do what is due by now. On the event loop."""
    now = time.time()
    status_metrics.record()
    for key, schedule in list(scheduler._schedules._data.items()):
        if is_due(schedule, _fired.get(key), now):
            with request_scope(key[0], key[1]):
                _fire(key, schedule, now)
    if not 0 <= now - _looked_at[0] < _EVERY_S:
        _looked_at[0] = now
        alarms.evaluate_everywhere()


def _tick() -> None:
    loop = app._MAIN_LOOP
    if loop is not None and not loop.is_closed():
        loop.call_soon_threadsafe(pass_time)


def forget(group: str, name: str) -> None:
    """A schedule that was made or changed has not fired yet."""
    _fired.pop(scheduler._schedules._scoped(f"{group}/{name}"), None)


def _restore(value: object) -> None:
    _fired.clear()
    _fired.update(value)  # type: ignore[call-overload]  # what the snapshot was given


def install() -> None:
    """Take the place of ministack's ticker, which forgets what fired and never fires a changed schedule again."""
    scheduler._tick_schedules = _tick
    state.register("schedules-fired", lambda: _fired, _restore)
    clock.on_advance(pass_time)
