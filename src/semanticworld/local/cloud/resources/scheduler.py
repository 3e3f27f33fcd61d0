"""Schedule groups and schedules as CloudFormation resources."""

from __future__ import annotations

from typing import ClassVar

from ministack.core.responses import get_account_id, get_region

from semanticworld.local.cloud.resources import tags
from semanticworld.local.cloud.resources.calls import call
from semanticworld.local.cloud.resources.kind import Attributes, Kind, Properties, Wanted

__all__ = ["ScheduleGroupKind", "ScheduleKind"]


class ScheduleGroupKind(Kind):
    """AWS::Scheduler::ScheduleGroup; its deletion deletes the schedules in it."""

    resource_type: ClassVar[str] = "AWS::Scheduler::ScheduleGroup"
    service: ClassVar[str] = "scheduler"
    name_property: ClassVar[str | None] = "Name"
    name_limit: ClassVar[int] = 64

    def _arn(self, name: str) -> str:
        return f"arn:aws:scheduler:{get_region()}:{get_account_id()}:schedule-group/{name}"

    def make(self, wanted: Wanted) -> str:
        """The group's name."""
        given = tags.as_list(tags.of(self.resource_type, wanted.properties))
        call("scheduler", "CreateScheduleGroup", Name=wanted.name, Tags=given or None)
        return wanted.name

    def settle(self, identifier: str, old: Properties, new: Properties) -> None:
        """The tags."""
        if not old:
            return
        change = tags.change(self.resource_type, old, new)
        if change.put:
            call("scheduler", "TagResource", ResourceArn=self._arn(identifier), Tags=tags.as_list(change.put))
        if change.drop:
            call("scheduler", "UntagResource", ResourceArn=self._arn(identifier), TagKeys=change.drop)

    def attributes(self, identifier: str, properties: Properties) -> Attributes:
        """Arn, State and dates."""
        del properties
        group = call("scheduler", "GetScheduleGroup", Name=identifier)
        return {
            "Arn": group["Arn"],
            "State": group["State"],
            "CreationDate": group["CreationDate"].isoformat(),
            "LastModificationDate": group["LastModificationDate"].isoformat(),
        }

    def remove(self, identifier: str, properties: Properties) -> None:
        """Delete the group and every schedule in it."""
        del properties
        call("scheduler", "DeleteScheduleGroup", Name=identifier)


class ScheduleKind(Kind):
    """AWS::Scheduler::Schedule."""

    resource_type: ClassVar[str] = "AWS::Scheduler::Schedule"
    service: ClassVar[str] = "scheduler"
    name_property: ClassVar[str | None] = "Name"
    name_limit: ClassVar[int] = 64

    def identity_of(self, properties: Properties) -> str | None:
        """The group and the name in it."""
        name = self.name_of(properties)
        return f"{properties.get('GroupName', 'default')}/{name}" if name else None

    def make(self, wanted: Wanted) -> str:
        """The schedule's name."""
        call("scheduler", "CreateSchedule", **{**wanted.properties, "Name": wanted.name})
        return wanted.name

    def settle(self, identifier: str, old: Properties, new: Properties) -> None:
        """The whole schedule; what is left out falls back to the default, as UpdateSchedule does."""
        if old:
            call("scheduler", "UpdateSchedule", **{**new, "Name": identifier})

    def replaced_by(self, identifier: str, old: Properties, new: Properties) -> bool:
        """A schedule cannot move to another group."""
        del identifier
        return bool(old.get("GroupName", "default") != new.get("GroupName", "default"))

    def attributes(self, identifier: str, properties: Properties) -> Attributes:
        """Arn."""
        return {"Arn": call("scheduler", "GetSchedule", Name=identifier, GroupName=properties.get("GroupName"))["Arn"]}

    def remove(self, identifier: str, properties: Properties) -> None:
        """Delete the schedule."""
        call("scheduler", "DeleteSchedule", Name=identifier, GroupName=properties.get("GroupName"))
