"""What the pack keeps beside ministack's stores survives the death of the server."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable

from cloud import Cloud
from small_stacks import Stacks


def test_documents_and_lifecycle_policies_are_there_after_a_kill(started: Callable[[], Cloud]) -> None:
    content = {
        "schemaVersion": "2.2",
        "mainSteps": [{"action": "aws:runShellScript", "name": "a", "inputs": {"runCommand": ["a"]}}],
    }
    policy = {
        "Description": "Daily",
        "State": "ENABLED",
        "ExecutionRoleArn": "arn:aws:iam::123456789012:role/snapshots",
        "PolicyDetails": {
            "ResourceTypes": ["VOLUME"],
            "TargetTags": [{"Key": "Backup", "Value": "daily"}],
            "Schedules": [
                {"Name": "d", "CreateRule": {"Interval": 24, "IntervalUnit": "HOURS"}, "RetainRule": {"Count": 7}}
            ],
        },
    }
    world = started()
    resources = {
        "Document": {"Type": "AWS::SSM::Document", "Properties": {"Name": "kept", "DocumentType": "Command", "Content": content}},
        "Policy": {"Type": "AWS::DLM::LifecyclePolicy", "Properties": policy},
    }  # fmt: skip
    assert Stacks(world=world).put(resources) == "CREATE_COMPLETE"
    time.sleep(2)  # the state is saved within a second
    os.kill(world.record.pid, signal.SIGKILL)
    again = Stacks(world=started())
    assert json.loads(again.client("ssm").get_document(Name="kept")["Content"]) == content
    assert [one["Description"] for one in again.client("dlm").get_lifecycle_policies()["Policies"]] == ["Daily"]
    assert again.delete() == "DELETE_COMPLETE"
    assert again.client("dlm").get_lifecycle_policies()["Policies"] == []
