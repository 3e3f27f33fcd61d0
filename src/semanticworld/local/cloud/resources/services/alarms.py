"""Alarms that look at their own metric only, period by period, and that notice silence.

Differs from CloudWatch in one thing: periods end now, not on the minute, so an alarm reacts as soon as its data does.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ministack import app
from ministack.core.responses import request_scope
from ministack.services import cloudwatch, scheduler

from semanticworld.local.cloud import clock
from semanticworld.local.cloud.resources.services.metric_math import MathError, evaluated

__all__ = ["evaluate", "evaluate_everywhere", "install", "verdict"]

_SHORT_PERIODS = {10, 20, 30}
_MINUTE = 60
_EVERY_TICKS = 10  # seconds; CloudWatch looks once a minute
_DAY, _WEEK, _HOUR = 86_400, 604_800, 3600
_OPERATORS = {
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
    "LessThanOrEqualToThreshold": lambda value, threshold: value <= threshold,
}


def verdict(breaching: Sequence[bool | None], *, needed: int, missing: str) -> str | None:
    """The state that the periods call for (None in them: no data); None: stay in the present state.

    Source: Amazon CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing data" (2026)
    """
    if all(one is None for one in breaching):
        return {"breaching": "ALARM", "notBreaching": "OK", "ignore": None}.get(missing, "INSUFFICIENT_DATA")
    filler = {"breaching": True, "notBreaching": False}.get(missing)
    filled = [filler if one is None else one for one in breaching]
    return "ALARM" if sum(one is True for one in filled) >= needed else "OK"


def _points(metric: Mapping[str, Any]) -> list[dict[str, Any]]:
    dimensions = cloudwatch._dims_key(cloudwatch._dims_from_list(metric.get("Dimensions") or []))
    points = cloudwatch._metrics.get((metric["Namespace"], metric["MetricName"], dimensions)) or []
    unit = metric.get("Unit")
    return [one for one in points if unit in (None, "") or one.get("Unit") == unit]


def _series(metric: Mapping[str, Any], stat: str, period: int, count: int, now: float) -> list[float | None]:
    points = _points(metric)
    found: list[float | None] = []
    for back in range(count, 0, -1):
        begin, end = now - back * period, now - (back - 1) * period
        within = [one for one in points if begin < one["Timestamp"] <= end]
        value = cloudwatch._stat_value(cloudwatch._calc_stats(within), stat, within) if within else None
        found.append(None if value is None else float(value))
    return found


def _math_values(alarm: Mapping[str, Any], count: int, now: float) -> list[float | None]:
    queries = {query["Id"]: query for query in alarm["Metrics"]}
    known: dict[str, Sequence[float | None]] = {}
    for name, query in queries.items():
        stat = query.get("MetricStat")
        if stat:
            metric = {**stat["Metric"], "Unit": stat.get("Unit")}
            known[name] = _series(metric, stat["Stat"], int(stat["Period"]), count, now)
    waiting = {name: query["Expression"] for name, query in queries.items() if query.get("Expression")}
    while waiting:
        # An expression may stand before the one it builds on.
        solved = []
        for name, expression in waiting.items():
            if not any(other in expression for other in waiting if other != name):
                known[name] = evaluated(expression, known, count)
                solved.append(name)
        if not solved:
            message = "expressions refer to each other in a circle"
            raise MathError(message)
        for name in solved:
            del waiting[name]
    shown = [name for name, query in queries.items() if query.get("ReturnData", True)]
    return list(known[shown[0]])


def _period(alarm: Mapping[str, Any]) -> int:
    for query in alarm.get("Metrics") or ():
        if query.get("MetricStat"):
            return int(query["MetricStat"]["Period"])
    return int(alarm.get("Period") or _MINUTE)


def _values(alarm: Mapping[str, Any], now: float) -> list[float | None]:
    count = int(alarm.get("EvaluationPeriods") or 1)
    if alarm.get("Metrics"):
        return _math_values(alarm, count, now)
    stat = alarm.get("ExtendedStatistic") or alarm.get("Statistic") or "Average"
    return _series(alarm, stat, _period(alarm), count, now)


def evaluate(alarm: dict[str, Any]) -> None:
    """Move the alarm to the state that its data calls for, with history and actions."""
    compare = _OPERATORS.get(alarm.get("ComparisonOperator", ""))
    if compare is None or not (alarm.get("Metrics") or (alarm.get("Namespace") and alarm.get("MetricName"))):
        return
    now = time.time()
    values = _values(alarm, now)
    threshold = float(alarm.get("Threshold") or 0)
    breaching = [None if value is None else compare(value, threshold) for value in values]
    settled = now - float(alarm.get("AlarmConfigurationUpdatedTimestamp") or 0) >= _period(alarm)
    if all(one is None for one in breaching) and not settled:
        return  # silence means something only after there was time to speak
    needed = int(alarm.get("DatapointsToAlarm") or alarm.get("EvaluationPeriods") or 1)
    state = verdict(breaching, needed=needed, missing=alarm.get("TreatMissingData") or "missing")
    old = alarm["StateValue"]
    if state is None or state == old:
        return
    shown = ", ".join("no data" if value is None else f"{value:g}" for value in reversed(values))
    reason = f"Threshold Crossed: datapoints [{shown}] against {alarm['ComparisonOperator']} {threshold:g}."
    alarm.update(StateValue=state, StateReason=reason, StateUpdatedTimestamp=int(now))
    cloudwatch._record_history(alarm["AlarmName"], old, state, reason)
    cloudwatch._dispatch_alarm_actions(alarm, old, state, reason)
    cloudwatch._evaluate_parent_alarms(alarm)


def evaluate_everywhere() -> None:
    """Look at every alarm of every account and region: call it when time has passed."""
    scopes = {(key[0], key[1]) for key in list(cloudwatch._alarms._data)}
    for account, region in sorted(scopes):
        with request_scope(account, region):
            cloudwatch._evaluate_all_alarms()


def _refused(data: Mapping[str, Any]) -> str | None:  # noqa: PLR0911 - a rule a line
    if not data.get("Metrics") and not (data.get("MetricName") and data.get("Namespace")):
        return "Either MetricName and Namespace or Metrics must be specified"
    if data.get("Metrics") and sum(one.get("ReturnData", True) for one in data["Metrics"]) != 1:
        return "Exactly one element of the metrics list should return data."
    if not data.get("Metrics") and bool(data.get("Statistic")) == bool(data.get("ExtendedStatistic")):
        return "Exactly one of Statistic and ExtendedStatistic must be specified"
    period, count = _period(data), int(data.get("EvaluationPeriods") or 0)
    if not data.get("Metrics") and not data.get("Period"):
        return "Period must be specified"
    if period not in _SHORT_PERIODS and (period < _MINUTE or period % _MINUTE):
        return "Period must be 10, 20, 30 or a multiple of 60"
    if count < 1:
        return "EvaluationPeriods must be greater than or equal to 1"
    if period * count > (_WEEK if period >= _HOUR else _DAY):
        return "Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400)."
    if int(data.get("DatapointsToAlarm") or 1) > count:
        return "DatapointsToAlarm must be less than or equal to EvaluationPeriods"
    try:
        _values(dict(data), time.time())
    except (MathError, KeyError) as error:
        return f"Invalid metrics list: {error}"
    return None


def _watching(tick: Callable[[], None]) -> Callable[[], None]:
    """The ticker's second with a look at all alarms every ten, on the event loop, where requests are answered too."""
    seconds = itertools.count(1)

    def ticked() -> None:
        tick()
        loop = app._MAIN_LOOP
        if next(seconds) % _EVERY_TICKS == 0 and loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(evaluate_everywhere)

    return ticked


def install() -> None:
    """Replace the evaluation, keep metric math, look before describing, and when time has passed."""
    put, describe = cloudwatch._put_metric_alarm, cloudwatch._describe_alarms

    def put_alarm(params: Any, data: Any, is_cbor: bool, is_json: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002 - ministack's own signature
        if not (is_cbor or is_json):
            return put(params, data, is_cbor, is_json)
        problem = _refused(data)
        if problem:
            return cloudwatch._error("ValidationError", problem, 400, use_json=is_json, use_cbor=is_cbor)
        reply = put(params, data, is_cbor, is_json)
        alarm = cloudwatch._alarms.get(data["AlarmName"])
        if data.get("Metrics") and alarm is not None and reply[0] == 200:  # noqa: PLR2004 - HTTP
            for name in ("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Period", "Unit"):
                alarm.pop(name, None)
            alarm["Metrics"] = data["Metrics"]
            evaluate(alarm)
        return reply

    def describe_alarms(params: Any, data: Any, is_cbor: bool, is_json: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002 - ministack's own signature
        cloudwatch._evaluate_all_alarms()
        return describe(params, data, is_cbor, is_json)

    cloudwatch._put_metric_alarm = put_alarm
    cloudwatch._describe_alarms = describe_alarms
    cloudwatch._evaluate_alarm = evaluate
    scheduler._tick_schedules = _watching(scheduler._tick_schedules)
    clock.on_advance(evaluate_everywhere)
