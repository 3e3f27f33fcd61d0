"""Alarms, composite alarms and dashboards as CloudFormation resources."""

from __future__ import annotations

from typing import ClassVar

from ministack.core.responses import get_account_id, get_region
from ministack.services import cloudwatch as store

from semanticworld.local.cloud.resources import failures, tags
from semanticworld.local.cloud.resources.calls import call
from semanticworld.local.cloud.resources.kind import Attributes, Kind, Properties, Wanted

__all__ = ["AlarmKind", "CompositeAlarmKind", "DashboardKind"]

_NOT_MODELLED = frozenset(
    {"ActionConfiguration", "EvaluationCriteria", "EvaluationInterval", "EvaluationWindow"}
    | {"ThresholdMetricId", "WarmUpConfiguration"}
    | {"ActionsSuppressor", "ActionsSuppressorExtensionPeriod", "ActionsSuppressorWaitPeriod"}
)


def _settle_tags(resource_type: str, arn: str, old: Properties, new: Properties) -> None:
    # CloudWatch refuses aws: tags from clients; CloudFormation sets its own beside the API, and so is it here.
    change = tags.change(resource_type, old, new)
    if change.put or change.drop:
        have = {**(store._resource_tags.get(arn) or {}), **change.put}
        store._resource_tags[arn] = {key: value for key, value in have.items() if key not in change.drop}


class _AnyAlarm(Kind):
    service: ClassVar[str] = "cloudwatch"
    name_property: ClassVar[str | None] = "AlarmName"
    name_limit: ClassVar[int] = 255
    operation: ClassVar[str]

    def _put(self, name: str, given: Properties) -> None:
        unknown = sorted(given.keys() & _NOT_MODELLED)
        if unknown:
            raise failures.HandlerError(f"The embedded cloud does not model alarm property {unknown[0]}")
        parameters = {key: value for key, value in given.items() if key not in {"AlarmName", "Tags"}}
        call("cloudwatch", self.operation, AlarmName=name, **parameters)

    def _arn(self, name: str) -> str:
        return f"arn:aws:cloudwatch:{get_region()}:{get_account_id()}:alarm:{name}"

    def make(self, wanted: Wanted) -> str:
        """The alarm's name."""
        if wanted.name in store._alarms or wanted.name in store._composite_alarms:
            # PutMetricAlarm overwrites; CloudFormation does not take over what it did not make.
            raise failures.HandlerError(f"{wanted.name} already exists", "AlreadyExists")
        self._put(wanted.name, wanted.properties)
        return wanted.name

    def settle(self, identifier: str, old: Properties, new: Properties) -> None:
        """The whole configuration, which keeps the alarm's state, and its tags."""
        if old:
            self._put(identifier, new)
        _settle_tags(self.resource_type, self._arn(identifier), old, new)

    def attributes(self, identifier: str, properties: Properties) -> Attributes:
        """Arn."""
        del properties
        return {"Arn": self._arn(identifier)}

    def remove(self, identifier: str, properties: Properties) -> None:
        """Delete the alarm; CloudWatch refuses while a composite alarm needs it."""
        del properties
        call("cloudwatch", "DeleteAlarms", AlarmNames=[identifier])


class AlarmKind(_AnyAlarm):
    """AWS::CloudWatch::Alarm on one metric."""

    resource_type: ClassVar[str] = "AWS::CloudWatch::Alarm"
    operation: ClassVar[str] = "PutMetricAlarm"


class CompositeAlarmKind(_AnyAlarm):
    """AWS::CloudWatch::CompositeAlarm."""

    resource_type: ClassVar[str] = "AWS::CloudWatch::CompositeAlarm"
    operation: ClassVar[str] = "PutCompositeAlarm"


class DashboardKind(Kind):
    """AWS::CloudWatch::Dashboard."""

    resource_type: ClassVar[str] = "AWS::CloudWatch::Dashboard"
    service: ClassVar[str] = "cloudwatch"
    name_property: ClassVar[str | None] = "DashboardName"
    name_limit: ClassVar[int] = 255

    def make(self, wanted: Wanted) -> str:
        """The dashboard's name."""
        if wanted.name in store._dashboards:
            raise failures.HandlerError(f"{wanted.name} already exists", "AlreadyExists")
        self._put(wanted.name, wanted.properties)
        return wanted.name

    def _put(self, name: str, given: Properties) -> None:
        call("cloudwatch", "PutDashboard", DashboardName=name, DashboardBody=given["DashboardBody"])

    def settle(self, identifier: str, old: Properties, new: Properties) -> None:
        """The body and the tags."""
        if old and old["DashboardBody"] != new["DashboardBody"]:
            self._put(identifier, new)
        arn = f"arn:aws:cloudwatch::{get_account_id()}:dashboard/{identifier}"
        _settle_tags(self.resource_type, arn, old, new)

    def remove(self, identifier: str, properties: Properties) -> None:
        """Delete the dashboard."""
        del properties
        call("cloudwatch", "DeleteDashboards", DashboardNames=[identifier])
