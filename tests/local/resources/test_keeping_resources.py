"""Budgets, schedules, lifecycle policies, documents and parameters as resources."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from small_stacks import Stacks


def budget(amount: object, **more: object) -> dict[str, Any]:
    given = {
        "Budget": {
            "BudgetName": "monthly",
            "BudgetType": "COST",
            "TimeUnit": "MONTHLY",
            "BudgetLimit": {"Amount": amount, "Unit": "USD"},
        },
        "NotificationsWithSubscribers": [
            {
                "Notification": {"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": "80"},
                "Subscribers": [{"SubscriptionType": "EMAIL", "Address": "a@example.com"}],
            }
        ],
        "ResourceTags": [{"Key": "Owner", "Value": "me"}],
    }
    return {"Type": "AWS::Budgets::Budget", "Properties": {**given, **more}}


def test_a_budget_is_read_back_changed_and_gone(stacks: Stacks) -> None:
    assert stacks.put({"Budget": budget("100")}) == "CREATE_COMPLETE"
    assert stacks.physical_id("Budget") == "monthly"
    budgets, account = stacks.client("budgets"), stacks.account
    made = budgets.describe_budget(AccountId=account, BudgetName="monthly")["Budget"]
    assert float(made["BudgetLimit"]["Amount"]) == 100
    notices = budgets.describe_notifications_for_budget(AccountId=account, BudgetName="monthly")["Notifications"]
    assert [one["Threshold"] for one in notices] == [80]
    arn = f"arn:aws:budgets::{account}:budget/monthly"
    tags = {tag["Key"]: tag["Value"] for tag in budgets.list_tags_for_resource(ResourceARN=arn)["ResourceTags"]}
    assert tags.items() >= {"Owner": "me", "Project": "semanticworld"}.items()
    assert stacks.put({"Budget": budget(250)}) == "UPDATE_COMPLETE"
    made = budgets.describe_budget(AccountId=account, BudgetName="monthly")["Budget"]
    assert float(made["BudgetLimit"]["Amount"]) == 250
    assert stacks.delete() == "DELETE_COMPLETE"
    assert budgets.describe_budgets(AccountId=account).get("Budgets", []) == []


def test_a_budget_of_another_name_is_another_budget(stacks: Stacks) -> None:
    stacks.put({"Budget": budget(100)})
    renamed = budget(100)
    renamed["Properties"]["Budget"]["BudgetName"] = "yearly"
    assert stacks.put({"Budget": renamed}) == "UPDATE_COMPLETE"
    found = stacks.client("budgets").describe_budgets(AccountId=stacks.account)["Budgets"]
    assert [one["BudgetName"] for one in found] == ["yearly"]


def test_a_named_budget_cannot_get_other_notifications(stacks: Stacks) -> None:
    stacks.put({"Budget": budget(100)})
    assert stacks.put({"Budget": budget(100, NotificationsWithSubscribers=[])}) == "UPDATE_ROLLBACK_COMPLETE"
    assert "custom-named resource requires replacing. Rename monthly" in stacks.reason("Budget")
    found = stacks.client("budgets").describe_budgets(AccountId=stacks.account)["Budgets"]
    assert [one["BudgetName"] for one in found] == ["monthly"]


def group(**more: object) -> dict[str, Any]:
    return {"Type": "AWS::Scheduler::ScheduleGroup", "Properties": {"Name": "leases", **more}}


def lease(stacks: Stacks, expression: str = "at(2027-01-01T00:00:00)") -> dict[str, Any]:
    return {
        "ScheduleExpression": expression,
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {
            "Arn": "arn:aws:scheduler:::aws-sdk:ec2:stopInstances",
            "RoleArn": f"arn:aws:iam::{stacks.account}:role/lease",
            "Input": json.dumps({"InstanceIds": ["i-1"]}),
        },
    }


def test_a_schedule_group_takes_its_schedules_with_it(stacks: Stacks) -> None:
    outputs = {
        "Arn": {"Value": {"Fn::GetAtt": ["Group", "Arn"]}},
        "State": {"Value": {"Fn::GetAtt": ["Group", "State"]}},
    }
    assert stacks.put({"Group": group()}, outputs=outputs) == "CREATE_COMPLETE"
    scheduler = stacks.client("scheduler")
    arn = f"arn:aws:scheduler:eu-central-1:{stacks.account}:schedule-group/leases"
    assert stacks.outputs() == {"Arn": arn, "State": "ACTIVE"}
    assert {tag["Key"] for tag in scheduler.list_tags_for_resource(ResourceArn=arn)["Tags"]} >= {"Project"}
    scheduler.create_schedule(Name="node", GroupName="leases", **lease(stacks))
    assert scheduler.get_schedule(Name="node", GroupName="leases")["State"] == "ENABLED"
    assert stacks.put({"Group": group(Tags=[{"Key": "Owner", "Value": "me"}])}) == "UPDATE_COMPLETE"
    assert scheduler.get_schedule(Name="node", GroupName="leases")
    assert stacks.delete() == "DELETE_COMPLETE"
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        scheduler.get_schedule(Name="node", GroupName="leases")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        scheduler.get_schedule_group(Name="leases")


def test_a_schedule_moves_in_time_in_place_and_to_another_group_as_a_new_one(stacks: Stacks) -> None:
    def schedule(where: str, expression: str) -> dict[str, Any]:
        given = {"GroupName": {"Ref": where}, "Name": "node", **lease(stacks, expression)}
        return {"Type": "AWS::Scheduler::Schedule", "Properties": given}

    groups = {"A": group(), "B": group(Name="others")}
    assert stacks.put({**groups, "S": schedule("A", "at(2027-01-01T00:00:00)")}) == "CREATE_COMPLETE"
    assert stacks.put({**groups, "S": schedule("A", "rate(5 minutes)")}) == "UPDATE_COMPLETE"
    scheduler = stacks.client("scheduler")
    assert scheduler.get_schedule(Name="node", GroupName="leases")["ScheduleExpression"] == "rate(5 minutes)"
    assert stacks.put({**groups, "S": schedule("B", "rate(5 minutes)")}) == "UPDATE_COMPLETE"
    assert [one["GroupName"] for one in scheduler.list_schedules()["Schedules"]] == ["others"]
    assert stacks.put({**groups, "S": schedule("B", "in five minutes")}) == "UPDATE_ROLLBACK_COMPLETE"
    assert "Invalid Schedule Expression in five minutes." in stacks.reason("S")


def test_schedules_are_listed_in_pages(stacks: Stacks) -> None:
    scheduler = stacks.client("scheduler")
    for number in range(5):
        scheduler.create_schedule(Name=f"s{number}", **lease(stacks))
    pages = list(scheduler.get_paginator("list_schedules").paginate(PaginationConfig={"PageSize": 2}))
    assert [len(page["Schedules"]) for page in pages] == [2, 2, 1]


def lifecycle(**more: object) -> dict[str, Any]:
    given = {
        "Description": "Daily snapshots",
        "State": "ENABLED",
        "ExecutionRoleArn": "arn:aws:iam::123456789012:role/snapshots",
        "PolicyDetails": {
            "ResourceTypes": ["VOLUME"],
            "TargetTags": [{"Key": "Backup", "Value": "daily"}],
            "Schedules": [
                {
                    "Name": "daily",
                    "CopyTags": True,
                    "CreateRule": {"Interval": "24", "IntervalUnit": "HOURS", "Times": ["03:00"]},
                    "RetainRule": {"Count": "7"},
                }
            ],
        },
    }
    return {"Type": "AWS::DLM::LifecyclePolicy", "Properties": {**given, **more}}


def test_a_lifecycle_policy_is_read_back_changed_and_gone(stacks: Stacks) -> None:
    outputs = {"Ref": {"Value": {"Ref": "Policy"}}, "Arn": {"Value": {"Fn::GetAtt": ["Policy", "Arn"]}}}
    assert stacks.put({"Policy": lifecycle()}, outputs=outputs) == "CREATE_COMPLETE"
    dlm, found = stacks.client("dlm"), stacks.outputs()
    assert found["Arn"] == f"arn:aws:dlm:eu-central-1:{stacks.account}:policy/{found['Ref']}"
    made = dlm.get_lifecycle_policy(PolicyId=found["Ref"])["Policy"]
    assert made["PolicyDetails"]["Schedules"][0]["RetainRule"] == {"Count": 7}
    assert made["Tags"]["Project"] == "semanticworld"
    assert [one["PolicyId"] for one in dlm.get_lifecycle_policies(TargetTags=["Backup=daily"])["Policies"]] == [
        found["Ref"]
    ]
    assert dlm.get_lifecycle_policies(State="DISABLED")["Policies"] == []
    assert stacks.put({"Policy": lifecycle(State="DISABLED")}) == "UPDATE_COMPLETE"
    assert stacks.physical_id("Policy") == found["Ref"]
    assert dlm.get_lifecycle_policy(PolicyId=found["Ref"])["Policy"]["State"] == "DISABLED"
    dlm.tag_resource(ResourceArn=found["Arn"], Tags={"More": "x"})
    assert dlm.list_tags_for_resource(ResourceArn=found["Arn"])["Tags"]["More"] == "x"
    assert stacks.delete() == "DELETE_COMPLETE"
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        dlm.get_lifecycle_policy(PolicyId=found["Ref"])


def test_a_lifecycle_policy_without_a_target_fails(stacks: Stacks) -> None:
    details = {**lifecycle()["Properties"]["PolicyDetails"], "TargetTags": []}
    assert stacks.put({"Policy": lifecycle(PolicyDetails=details)}) == "ROLLBACK_COMPLETE"
    assert "TargetTags" in stacks.reason("Policy")
    assert stacks.client("dlm").get_lifecycle_policies()["Policies"] == []


def content(command: str) -> dict[str, Any]:
    return {
        "schemaVersion": "2.2",
        "description": "Runs one thing",
        "parameters": {"what": {"type": "String", "default": "uptime", "allowedPattern": "[a-z]+"}},
        "mainSteps": [{"action": "aws:runShellScript", "name": "run", "inputs": {"runCommand": [command]}}],
    }


def command_document(body: object, **more: object) -> dict[str, Any]:
    given = {"Name": "small-run", "DocumentType": "Command", "Content": body, "UpdateMethod": "NewVersion"}
    return {"Type": "AWS::SSM::Document", "Properties": {**given, **more}}


def test_a_document_gets_a_new_default_version_in_place(stacks: Stacks) -> None:
    assert stacks.put({"Document": command_document(content("uptime"))}) == "CREATE_COMPLETE"
    ssm = stacks.client("ssm")
    assert stacks.physical_id("Document") == "small-run"
    described = ssm.describe_document(Name="small-run")["Document"]
    assert (described["Status"], described["DocumentVersion"], described["SchemaVersion"]) == ("Active", "1", "2.2")
    assert described["Parameters"] == [{"Name": "what", "Type": "String", "DefaultValue": "uptime"}]
    assert stacks.put({"Document": command_document(content("date"))}) == "UPDATE_COMPLETE"
    shown = ssm.get_document(Name="small-run")
    assert (shown["DocumentVersion"], json.loads(shown["Content"])) == ("2", content("date"))
    assert json.loads(ssm.get_document(Name="small-run", DocumentVersion="1")["Content"]) == content("uptime")
    assert [one["IsDefaultVersion"] for one in ssm.list_document_versions(Name="small-run")["DocumentVersions"]] == [
        False,
        True,
    ]
    owned = ssm.list_documents(Filters=[{"Key": "Owner", "Values": ["Self"]}])["DocumentIdentifiers"]
    assert [one["Name"] for one in owned] == ["small-run"]
    tags = ssm.list_tags_for_resource(ResourceType="Document", ResourceId="small-run")["TagList"]
    assert {"Key": "Project", "Value": "semanticworld"} in tags
    assert stacks.delete() == "DELETE_COMPLETE"
    with pytest.raises(ClientError, match="InvalidDocument"):
        ssm.get_document(Name="small-run")


def test_a_named_document_that_is_to_be_replaced_is_refused(stacks: Stacks) -> None:
    stacks.put({"Document": command_document(content("uptime"), UpdateMethod="Replace")})
    assert (
        stacks.put({"Document": command_document(content("date"), UpdateMethod="Replace")})
        == "UPDATE_ROLLBACK_COMPLETE"
    )
    assert "custom-named resource requires replacing. Rename small-run" in stacks.reason("Document")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("{not json", "Content is not valid JSON"),
        ({**content("x"), "schemaVersion": "9"}, "Schema version 9 is not supported"),
        ({**content("x"), "mainSteps": []}, "mainSteps must be a list with at least one step"),
        ({**content("x"), "mainSteps": content("x")["mainSteps"] * 2}, "the name run is used twice"),
        ({**content("x"), "parameters": {"p": {"type": "Text"}}}, "Parameter p has an invalid type"),
    ],
)
def test_a_document_that_cannot_be_run_fails(stacks: Stacks, body: object, reason: str) -> None:
    assert stacks.put({"Document": command_document(body)}) == "ROLLBACK_COMPLETE"
    assert reason in stacks.reason("Document")


def test_amazons_own_documents_are_there_and_nobodys_to_change(stacks: Stacks) -> None:
    ssm = stacks.client("ssm")
    assert ssm.describe_document(Name="AWS-StartInteractiveCommand")["Document"]["Owner"] == "Amazon"
    with pytest.raises(ClientError, match="InvalidDocumentOperation"):
        ssm.delete_document(Name="AWS-RunShellScript")


def test_a_parameter_gets_a_new_version_and_another_name_is_another_parameter(stacks: Stacks) -> None:
    def parameter(value: str, name: str = "/small/image") -> dict[str, Any]:
        given = {"Name": name, "Type": "String", "Value": value, "Tags": {"Owner": "me"}}
        return {"Type": "AWS::SSM::Parameter", "Properties": given}

    outputs = {"Value": {"Value": {"Fn::GetAtt": ["P", "Value"]}}}
    assert stacks.put({"P": parameter("one")}, outputs=outputs) == "CREATE_COMPLETE"
    assert stacks.outputs() == {"Value": "one"}
    assert stacks.put({"P": parameter("two")}) == "UPDATE_COMPLETE"
    ssm = stacks.client("ssm")
    made = ssm.get_parameter(Name="/small/image")["Parameter"]
    assert (made["Value"], made["Version"]) == ("two", 2)
    assert stacks.put({"P": parameter("two", "/small/other")}) == "UPDATE_COMPLETE"
    assert [one["Name"] for one in ssm.describe_parameters()["Parameters"]] == ["/small/other"]
    tags = ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId="/small/other")["TagList"]
    assert {"Key": "Owner", "Value": "me"} in tags
