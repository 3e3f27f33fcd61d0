# ruff: noqa: ANN401 - boto3 clients and template values have no types of their own
"""Small templates, and a client's view of a stack that follows it until it rests."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Client: TypeAlias = Any
"""boto3's clients have no types of their own."""

Refused: TypeAlias = Callable[..., tuple[str, str]]
Fail: TypeAlias = Callable[..., None]

TOPIC = {"Type": "AWS::SNS::Topic"}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
ROLE: dict[str, Any] = {
    "Type": "AWS::IAM::Role",
    "Properties": {"AssumeRolePolicyDocument": TRUST},
}
NAMED_ROLE = {**ROLE, "Properties": {**ROLE["Properties"], "RoleName": "n"}}


def parameter(value: Any = "v", **attributes: Any) -> dict[str, Any]:
    return {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": value}, **attributes}


def failing(**attributes: Any) -> dict[str, Any]:
    """A wait for a signal that never comes: it fails after one second, without touching anything."""
    return {
        "Type": "AWS::CloudFormation::WaitCondition",
        "CreationPolicy": {"ResourceSignal": {"Timeout": "PT1S"}},
        **attributes,
    }


def template(resources: dict[str, Any] | None = None, **sections: Any) -> str:
    return json.dumps({"Resources": resources or {"One": parameter()}, **sections})


@dataclass(slots=True, kw_only=True)
class Stack:
    """A stack as a client sees it."""

    client: Any
    name: str = "stack"
    stack_id: str = ""
    seen: list[dict[str, Any]] = field(default_factory=list)

    def create(self, body: str, **options: Any) -> str:
        self.stack_id = self.client.create_stack(StackName=self.name, TemplateBody=body, **options)["StackId"]
        return self.rest()

    def update(self, body: str, **options: Any) -> str:
        self.client.update_stack(StackName=self.name, TemplateBody=body, **options)
        return self.rest()

    def delete(self, **options: Any) -> str:
        self.client.delete_stack(StackName=self.name, **options)
        return self.rest()

    def describe(self) -> dict[str, Any]:
        found: dict[str, Any] = self.client.describe_stacks(StackName=self.stack_id or self.name)["Stacks"][0]
        return found

    def status(self) -> str:
        return str(self.describe()["StackStatus"])

    def rest(self, *, within_s: float = 15) -> str:
        """The status in which the stack came to rest."""
        deadline = time.monotonic() + within_s
        while True:
            status = self.status()
            if not status.endswith("_IN_PROGRESS") or status == "REVIEW_IN_PROGRESS":
                return status
            assert time.monotonic() < deadline, f"still {status}: {self.told()}"
            time.sleep(0.02)

    def until(self, *statuses: str, within_s: float = 15) -> str:
        deadline = time.monotonic() + within_s
        while (status := self.status()) not in statuses:
            assert time.monotonic() < deadline, f"still {status}: {self.told()}"
            time.sleep(0.01)
        return status

    def events(self) -> list[dict[str, Any]]:
        """Oldest first."""
        pages = self.client.get_paginator("describe_stack_events").paginate(StackName=self.stack_id or self.name)
        return [event for page in pages for event in page["StackEvents"]][::-1]

    def told(self) -> list[str]:
        """`Logical STATUS reason`, oldest first."""
        return [
            f"{event['LogicalResourceId']} {event['ResourceStatus']} {event.get('ResourceStatusReason', '')}".strip()
            for event in self.events()
        ]

    def until_told(self, line: str, within_s: float = 15) -> None:
        deadline = time.monotonic() + within_s
        while line not in self.told():
            assert time.monotonic() < deadline, f"never {line!r}: {self.told()}"
            time.sleep(0.02)

    def resources(self) -> dict[str, dict[str, Any]]:
        answer = self.client.describe_stack_resources(StackName=self.stack_id or self.name)
        return {found["LogicalResourceId"]: found for found in answer["StackResources"]}

    def change_set(self, body: str, name: str = "changes", **options: Any) -> dict[str, Any]:
        """The described change set."""
        self.client.create_change_set(StackName=self.name, ChangeSetName=name, TemplateBody=body, **options)
        described: dict[str, Any] = self.client.describe_change_set(StackName=self.name, ChangeSetName=name)
        return described

    def execute(self, name: str = "changes", **options: Any) -> str:
        self.client.execute_change_set(StackName=self.name, ChangeSetName=name, **options)
        return self.rest()
