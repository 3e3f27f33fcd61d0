"""Deploying a template and waiting for its end."""

from __future__ import annotations

import time
from typing import Any

import yaml

from cloud import Cloud


class Stack:
    """One stack of an account."""

    def __init__(self, cloud: Cloud, name: str) -> None:
        self.client = cloud.client("cloudformation")
        self.name = name
        self.id = ""

    def create(self, resources: dict[str, Any], outputs: dict[str, Any] | None = None) -> dict[str, str]:
        """The outputs after the stack came up."""
        answer = self.client.create_stack(StackName=self.name, TemplateBody=_template(resources, outputs))
        self.id = str(answer["StackId"])
        return self.ends_in("CREATE_COMPLETE")

    def update(self, resources: dict[str, Any], outputs: dict[str, Any] | None = None) -> dict[str, str]:
        """The outputs after the stack was updated."""
        self.client.update_stack(StackName=self.name, TemplateBody=_template(resources, outputs))
        return self.ends_in("UPDATE_COMPLETE")

    def delete(self) -> None:
        """Delete it and wait until it is gone."""
        self.client.delete_stack(StackName=self.id)
        self.ends_in("DELETE_COMPLETE")

    def ends_in(self, status: str, seconds: float = 15) -> dict[str, str]:
        """The outputs once the stack is in this status; fails on any other end."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            stack = self.client.describe_stacks(StackName=self.id)["Stacks"][0]
            if not stack["StackStatus"].endswith("_IN_PROGRESS"):
                break
            time.sleep(0.05)
        assert stack["StackStatus"] == status, self.reasons()
        return {o["OutputKey"]: o["OutputValue"] for o in stack.get("Outputs", [])}

    def reasons(self) -> list[str]:
        """Why resources failed, oldest first."""
        events = self.client.describe_stack_events(StackName=self.id)["StackEvents"]
        return [
            f"{e['LogicalResourceId']} {e['ResourceStatus']}: {e.get('ResourceStatusReason', '')}"
            for e in reversed(events)
            if e["ResourceStatus"].endswith("_FAILED")
        ]

    def ids(self) -> dict[str, str]:
        """Physical ids by logical id."""
        listed = self.client.describe_stack_resources(StackName=self.id)["StackResources"]
        return {r["LogicalResourceId"]: r["PhysicalResourceId"] for r in listed}


def _template(resources: dict[str, Any], outputs: dict[str, Any] | None) -> str:
    document: dict[str, Any] = {"Resources": resources}
    if outputs:
        document["Outputs"] = {name: {"Value": value} for name, value in outputs.items()}
    return yaml.safe_dump(document)
