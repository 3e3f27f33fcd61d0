"""PutDashboard that reads the body it is given, as CloudWatch does."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from ministack.services import cloudwatch

__all__ = ["install", "problems"]

_NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")
_TYPES = {"metric", "text", "log", "alarm", "explorer", "custom"}
_GRID_WIDTH = 24  # Source: CloudWatch API Reference, "Dashboard body structure and syntax" (2026)


def _problem(path: str, message: str) -> dict[str, str]:
    return {"DataPath": path, "Message": message}


def _widget_problems(index: int, widget: object) -> list[dict[str, str]]:
    path = f"/widgets/{index}"
    if not isinstance(widget, Mapping):
        return [_problem(path, "Should be object")]
    found: list[dict[str, str]] = []
    if widget.get("type") not in _TYPES:
        found.append(_problem(f"{path}/type", f"Should be equal to one of the allowed values: {sorted(_TYPES)}"))
    if not isinstance(widget.get("properties"), Mapping):
        found.append(_problem(path, "Should have required property 'properties'"))
    for name, most in (("x", _GRID_WIDTH - 1), ("width", _GRID_WIDTH), ("height", 1000), ("y", 100_000)):
        value = widget.get(name)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most):
            found.append(_problem(f"{path}/{name}", f"Should be an integer between 0 and {most}"))
    properties = widget.get("properties")
    if widget.get("type") == "metric" and isinstance(properties, Mapping):
        if not properties.get("metrics") and not properties.get("annotations"):
            found.append(_problem(f"{path}/properties", "Should have required property 'metrics'"))
        if "region" not in properties:
            found.append(_problem(f"{path}/properties", "Should have required property 'region'"))
    return found


def problems(body: str) -> list[dict[str, str]]:
    """What CloudWatch has against a dashboard's body, each with its path; empty: it is fine."""
    try:
        loaded = json.loads(body)
    except ValueError as error:
        return [_problem("", f"The field DashboardBody must be a valid JSON object ({error})")]
    if not isinstance(loaded, Mapping):
        return [_problem("", "The field DashboardBody must be a valid JSON object")]
    widgets = loaded.get("widgets")
    if not isinstance(widgets, list):
        return [_problem("/", "Should have required property 'widgets'")]
    return [problem for index, widget in enumerate(widgets) for problem in _widget_problems(index, widget)]


def install() -> None:
    """Make PutDashboard refuse what CloudWatch refuses."""
    stored = cloudwatch._put_dashboard

    def put(params: Any, data: Any, is_cbor: bool, is_json: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002 - ministack's own signature
        structured = is_cbor or is_json
        name = data.get("DashboardName", "") if structured else cloudwatch._p(params, "DashboardName")
        body = data.get("DashboardBody", "") if structured else cloudwatch._p(params, "DashboardBody")
        if not _NAME.fullmatch(name or ""):
            message = f"The value {name} for parameter DashboardName is invalid."
            return cloudwatch._error("InvalidParameterValue", message, 400, use_json=is_json, use_cbor=is_cbor)
        found = problems(body)
        if found:
            text = "; ".join(f"{one['DataPath']} {one['Message']}".strip() for one in found)
            message = f"The dashboard body is invalid, there are {len(found)} validation errors: [{text}]"
            return cloudwatch._error("InvalidParameterInput", message, 400, use_json=is_json, use_cbor=is_cbor)
        return stored(params, data, is_cbor, is_json)

    cloudwatch._put_dashboard = put
    _allow_dashboard_tags()


def _allow_dashboard_tags() -> None:
    checked = cloudwatch._validate_alarm_tag_arn

    def check(arn: str, **more: Any) -> Any:  # noqa: ANN401 - ministack's own signature
        name = arn.rpartition(":dashboard/")[2]
        return None if ":dashboard/" in arn and name in cloudwatch._dashboards else checked(arn, **more)

    cloudwatch._validate_alarm_tag_arn = check
