"""What is found by its tags."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from small_stacks import Client, Stacks

PROJECT = [{"Key": "Project", "Values": ["semanticworld"]}]


def found(tagging: Client, **more: object) -> set[str]:
    pages = tagging.get_paginator("get_resources").paginate(TagFilters=PROJECT, **more)
    return {one["ResourceARN"].rsplit(":", 1)[-1] for page in pages for one in page["ResourceTagMappingList"]}


@pytest.fixture
def tagged(stacks: Stacks) -> Stacks:
    content = {
        "schemaVersion": "2.2",
        "mainSteps": [{"action": "aws:runShellScript", "name": "a", "inputs": {"runCommand": ["a"]}}],
    }
    resources = {
        "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "topic"}},
        "Group": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "group"}},
        "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": f"bucket-{stacks.account}"}},
        "Schedules": {"Type": "AWS::Scheduler::ScheduleGroup", "Properties": {"Name": "schedules"}},
        "Document": {"Type": "AWS::SSM::Document", "Properties": {"Name": "document", "DocumentType": "Command", "Content": content}},
        "Parameter": {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "parameter", "Type": "String", "Value": "v"}},
        "Board": {"Type": "AWS::CloudWatch::Dashboard", "Properties": {"DashboardName": "board", "DashboardBody": '{"widgets": []}'}},
        "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.9.0.0/16"}},
    }  # fmt: skip
    assert stacks.put(resources) == "CREATE_COMPLETE"
    return stacks


def test_everything_that_a_stack_tagged_is_found_by_the_tag_and_nothing_is_when_it_is_gone(tagged: Stacks) -> None:
    tagging = tagged.client("resourcegroupstaggingapi")
    names = found(tagging)
    vpc = tagged.physical_id("Vpc")
    assert names >= {
        "topic", "group", f"bucket-{tagged.account}", "schedule-group/schedules", "document/document",
        "parameter/parameter", "dashboard/board", f"vpc/{vpc}",
    }  # fmt: skip
    assert any(name.startswith("stack/small/") for name in names)
    assert tagged.delete() == "DELETE_COMPLETE"
    assert found(tagging) == set()


def test_a_type_filter_names_a_service_or_a_type_in_it(tagged: Stacks) -> None:
    tagging = tagged.client("resourcegroupstaggingapi")
    assert found(tagging, ResourceTypeFilters=["ssm"]) == {"document/document", "parameter/parameter"}
    assert found(tagging, ResourceTypeFilters=["ssm:document"]) == {"document/document"}
    assert found(tagging, ResourceTypeFilters=["ec2:vpc"]) == {f"vpc/{tagged.physical_id('Vpc')}"}
    assert found(tagging, ResourceTypeFilters=["ec2:instance"]) == set()


def test_pages_are_as_long_as_asked_for_and_a_made_up_token_is_refused(tagged: Stacks) -> None:
    tagging = tagged.client("resourcegroupstaggingapi")
    every = found(tagging)
    pages = list(tagging.get_paginator("get_resources").paginate(TagFilters=PROJECT, PaginationConfig={"PageSize": 3}))
    assert all(len(page["ResourceTagMappingList"]) == 3 for page in pages[:-1])
    assert {one["ResourceARN"].rsplit(":", 1)[-1] for page in pages for one in page["ResourceTagMappingList"]} == every
    with pytest.raises(ClientError, match="PaginationToken"):
        tagging.get_resources(PaginationToken="made up")


def test_the_caller_is_the_account_of_the_credentials(stacks: Stacks) -> None:
    identity = stacks.client("sts").get_caller_identity()
    assert identity["Account"] == stacks.account
    assert identity["Arn"].startswith(f"arn:aws:iam::{stacks.account}:")
