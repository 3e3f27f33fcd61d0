"""Data Lifecycle Manager policies as CloudFormation resources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ministack.core.responses import get_account_id, get_region

from semanticworld.local.cloud.resources import failures, tags
from semanticworld.local.cloud.resources.calls import call
from semanticworld.local.cloud.resources.kind import Attributes, Kind, Properties, Wanted

__all__ = ["LifecyclePolicyKind"]

_FIELDS = ("ExecutionRoleArn", "Description", "State", "PolicyDetails")
_DEFAULT_POLICY = ("DefaultPolicy", "CreateInterval", "RetainInterval", "CopyTags", "ExtendDeletion")
_DEFAULT_POLICY_MORE = ("CrossRegionCopyTargets", "Exclusions")


def _fields(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: given.get(name) for name in _FIELDS}


class LifecyclePolicyKind(Kind):
    """AWS::DLM::LifecyclePolicy."""

    resource_type: ClassVar[str] = "AWS::DLM::LifecyclePolicy"
    service: ClassVar[str] = "dlm"

    def _arn(self, identifier: str) -> str:
        return f"arn:aws:dlm:{get_region()}:{get_account_id()}:policy/{identifier}"

    def make(self, wanted: Wanted) -> str:
        """The policy's id, which DLM makes."""
        given = wanted.properties
        unknown = [name for name in (*_DEFAULT_POLICY, *_DEFAULT_POLICY_MORE) if name in given]
        if unknown:
            raise failures.HandlerError(f"The embedded cloud does not model lifecycle policy property {unknown[0]}")
        answer = call("dlm", "CreateLifecyclePolicy", **_fields(given), Tags=tags.of(self.resource_type, given) or None)
        return str(answer["PolicyId"])

    def settle(self, identifier: str, old: Properties, new: Properties) -> None:
        """Role, description, state, details and tags."""
        if not old:
            return
        if _fields(old) != _fields(new):
            call("dlm", "UpdateLifecyclePolicy", PolicyId=identifier, **_fields(new))
        change = tags.change(self.resource_type, old, new)
        if change.put:
            call("dlm", "TagResource", ResourceArn=self._arn(identifier), Tags=change.put)
        if change.drop:
            call("dlm", "UntagResource", ResourceArn=self._arn(identifier), TagKeys=change.drop)

    def attributes(self, identifier: str, properties: Properties) -> Attributes:
        """Arn and PolicyId."""
        del properties
        return {"Arn": self._arn(identifier), "PolicyId": identifier}

    def remove(self, identifier: str, properties: Properties) -> None:
        """Delete the policy; the snapshots that it made stay."""
        del properties
        call("dlm", "DeleteLifecyclePolicy", PolicyId=identifier)
