"""AWS/EC2 StatusCheckFailed, _Instance, _System: one value a minute for every running instance, as CloudWatch gets them from EC2.

Source: Amazon EC2 User Guide, CloudWatch metrics that are available for your instances (status check metrics), 2026.
"""

from __future__ import annotations

import datetime as dt

from ministack.core.responses import request_scope
from ministack.services import cloudwatch

from semanticworld.local.cloud.ec2.moments import now
from semanticworld.local.cloud.ec2.world import LOCK, Record, store

EVERY_S = 60.0
KEPT_S = 3 * 3600.0
"""CloudWatch keeps values of a minute for 15 days; alarms look back at most this far here."""

NAMESPACE = "AWS/EC2"
METRICS = {
    "StatusCheckFailed": frozenset({"InstanceStatus", "SystemStatus"}),
    "StatusCheckFailed_Instance": frozenset({"InstanceStatus"}),
    "StatusCheckFailed_System": frozenset({"SystemStatus"}),
}


def record() -> None:
    """Give every running instance the values that are due by now, those of a time that was jumped over too."""
    with LOCK:
        instances = [(*key[:2], one) for key, one in store._instances._data.items()]
    for account, region, one in instances:
        if one["State"]["Name"] == "running":
            with request_scope(account, region):
                _record(one, now())


def _record(one: Record, moment: float) -> None:
    dimensions = {"InstanceId": one["InstanceId"]}
    launched = dt.datetime.fromisoformat(str(one["LaunchTime"])).timestamp()
    for name, checks in METRICS.items():
        points = cloudwatch._metric_bucket((NAMESPACE, name, cloudwatch._dims_key(dimensions)))
        last = float(points[-1]["Timestamp"]) if points else launched - EVERY_S
        first = max(last + EVERY_S, launched, moment - KEPT_S)
        if first > moment:
            continue
        value = 1.0 if one.get("_impaired") in checks else 0.0
        count = int((moment - first) // EVERY_S) + 1
        points.extend(
            {"Timestamp": first + number * EVERY_S, "Value": value, "Unit": "Count", "Dimensions": dimensions}
            for number in range(count)
        )
        while points[0]["Timestamp"] < moment - KEPT_S:
            points.pop(0)
