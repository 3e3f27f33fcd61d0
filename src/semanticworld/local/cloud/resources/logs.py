"""Log groups and metric filters as CloudFormation resources."""

from __future__ import annotations

from typing import Any, ClassVar

from ministack.core.responses import get_account_id, get_region

from semanticworld.local.cloud.resources import failures, tags
from semanticworld.local.cloud.resources.calls import call
from semanticworld.local.cloud.resources.kind import Attributes, Kind, Properties, Wanted

__all__ = ["LogGroupKind", "MetricFilterKind"]

_MODELLED = frozenset({"LogGroupName", "LogGroupClass", "KmsKeyId", "RetentionInDays", "Tags"})


def _arn(name: str) -> str:
    return f"arn:aws:logs:{get_region()}:{get_account_id()}:log-group:{name}"


class LogGroupKind(Kind):
    """AWS::Logs::LogGroup."""

    resource_type: ClassVar[str] = "AWS::Logs::LogGroup"
    service: ClassVar[str] = "logs"
    name_property: ClassVar[str | None] = "LogGroupName"
    name_limit: ClassVar[int] = 512

    def make(self, wanted: Wanted) -> str:
        """The group's name."""
        unknown = sorted(wanted.properties.keys() - _MODELLED)
        if unknown:
            raise failures.HandlerError(f"The embedded cloud does not model log group property {unknown[0]}")
        given = wanted.properties
        call(
            "logs",
            "CreateLogGroup",
            logGroupName=wanted.name,
            logGroupClass=given.get("LogGroupClass"),
            kmsKeyId=given.get("KmsKeyId"),
            tags=tags.of(self.resource_type, given) or None,
        )
        return wanted.name

    def settle(self, identifier: str, old: Properties, new: Properties) -> None:
        """Retention, key and tags."""
        retention = new.get("RetentionInDays")
        if old.get("RetentionInDays") != retention:
            if retention is not None:
                call("logs", "PutRetentionPolicy", logGroupName=identifier, retentionInDays=retention)
            else:
                call("logs", "DeleteRetentionPolicy", logGroupName=identifier)
        if not old:
            return
        if old.get("KmsKeyId") != new.get("KmsKeyId"):
            self._settle_key(identifier, new.get("KmsKeyId"))
        change = tags.change(self.resource_type, old, new)
        if change.put:
            call("logs", "TagResource", resourceArn=_arn(identifier), tags=change.put)
        if change.drop:
            call("logs", "UntagResource", resourceArn=_arn(identifier), tagKeys=change.drop)

    def _settle_key(self, identifier: str, key: object) -> None:
        if key:
            call("logs", "AssociateKmsKey", logGroupName=identifier, kmsKeyId=key)
        else:
            call("logs", "DisassociateKmsKey", logGroupName=identifier)

    def attributes(self, identifier: str, properties: Properties) -> Attributes:
        """Arn, with the ':*' that AWS puts behind it."""
        del properties
        return {"Arn": f"{_arn(identifier)}:*"}

    def remove(self, identifier: str, properties: Properties) -> None:
        """Delete the group with its streams and filters."""
        del properties
        call("logs", "DeleteLogGroup", logGroupName=identifier)


def _transformation(given: Properties) -> dict[str, Any]:
    shaped = {key[0].lower() + key[1:]: value for key, value in given.items()}
    if "dimensions" in shaped:
        shaped["dimensions"] = {one["Key"]: one["Value"] for one in shaped["dimensions"]}
    return shaped


class MetricFilterKind(Kind):
    """AWS::Logs::MetricFilter."""

    resource_type: ClassVar[str] = "AWS::Logs::MetricFilter"
    service: ClassVar[str] = "logs"
    name_property: ClassVar[str | None] = "FilterName"
    name_limit: ClassVar[int] = 512

    def make(self, wanted: Wanted) -> str:
        """The filter's name."""
        self._put(wanted.name, wanted.properties)
        return wanted.name

    def _put(self, name: str, given: Properties) -> None:
        call(
            "logs",
            "PutMetricFilter",
            logGroupName=given["LogGroupName"],
            filterName=name,
            filterPattern=given["FilterPattern"],
            metricTransformations=[_transformation(one) for one in given["MetricTransformations"]],
        )

    def settle(self, identifier: str, old: Properties, new: Properties) -> None:
        """Pattern and transformations."""
        if old:
            self._put(identifier, new)

    def remove(self, identifier: str, properties: Properties) -> None:
        """Delete the filter."""
        call("logs", "DeleteMetricFilter", logGroupName=properties["LogGroupName"], filterName=identifier)
