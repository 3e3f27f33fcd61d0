"""CloudFormation as the tests of single resource types use it."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

Client: TypeAlias = Any
"""A boto3 client: what it can do depends on the service."""

NAME = "small"
_PATIENCE_S = 20.0
_TAGS = [{"Key": "Project", "Value": "semanticworld"}, {"Key": "Environment", "Value": "dev"}]


class World(Protocol):
    """What the cloud fixture gives."""

    account: str

    def client(self, service: str) -> Client: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Stacks:
    """CloudFormation as a test uses it: bring a template to its end and look at what came of it."""

    world: World
    clients: dict[str, Any] = field(default_factory=dict)

    @property
    def account(self) -> str:
        return self.world.account

    def client(self, service: str) -> Client:
        if service not in self.clients:
            self.clients[service] = self.world.client(service)
        return self.clients[service]

    def _settled(self, stack: str) -> str:
        end = time.monotonic() + _PATIENCE_S
        while time.monotonic() < end:
            status: str = self.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
            if not status.endswith("IN_PROGRESS"):
                return status
            time.sleep(0.02)
        raise AssertionError(f"{stack} is still {status}")

    def put(self, resources: Mapping[str, Any], *, name: str = NAME, outputs: Mapping[str, Any] | None = None) -> str:
        """The stack's final status after a create, or an update when it stands."""
        template = {"Resources": resources, **({"Outputs": outputs} if outputs else {})}
        asked = {
            "StackName": name,
            "TemplateBody": json.dumps(template),
            "Capabilities": ["CAPABILITY_NAMED_IAM"],
            "Tags": _TAGS,
        }
        cloudformation = self.client("cloudformation")
        if name in {one["StackName"] for one in cloudformation.describe_stacks()["Stacks"]}:
            stack = cloudformation.update_stack(**asked)["StackId"]
        else:
            stack = cloudformation.create_stack(**asked)["StackId"]
        return self._settled(stack)

    def delete(self, name: str = NAME) -> str:
        cloudformation = self.client("cloudformation")
        stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackId"]
        cloudformation.delete_stack(StackName=stack)
        return self._settled(stack)

    def outputs(self, name: str = NAME) -> dict[str, str]:
        stack = self.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
        return {one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", [])}

    def physical_id(self, logical_id: str, name: str = NAME) -> str:
        detail = self.client("cloudformation").describe_stack_resource(StackName=name, LogicalResourceId=logical_id)
        found: str = detail["StackResourceDetail"]["PhysicalResourceId"]
        return found

    def reason(self, logical_id: str, name: str = NAME) -> str:
        """Why the resource failed last."""
        cloudformation = self.client("cloudformation")
        stack = next(one for one in cloudformation.list_stacks()["StackSummaries"] if one["StackName"] == name)[
            "StackId"
        ]
        for event in cloudformation.describe_stack_events(StackName=stack)["StackEvents"]:
            if event["LogicalResourceId"] == logical_id and event["ResourceStatus"].endswith("_FAILED"):
                text: str = event["ResourceStatusReason"]
                return text
        raise AssertionError(f"{logical_id} did not fail")
