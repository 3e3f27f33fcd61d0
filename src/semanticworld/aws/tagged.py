"""Listings by tag: the tagging API's and, because that one lags and misses things, each service's own."""

from __future__ import annotations

from collections.abc import Iterator

from semanticworld.aws.arns import read_arn
from semanticworld.aws.calls import Calls
from semanticworld.aws.found_ec2 import STACK_TAG
from semanticworld.model.environment import Environment
from semanticworld.model.leftover import Found


def tagging_api(calls: Calls, environment: Environment) -> Iterator[Found]:
    """What the Resource Groups Tagging API shows; deleted things stay in it for a while, so each needs a second look."""
    filters = [
        {"Key": "Project", "Values": [environment.project]},
        {"Key": "Environment", "Values": [environment.name.value]},
    ]
    for told in calls.items("resourcegroupstaggingapi", "GetResources", "ResourceTagMappingList", TagFilters=filters):
        type_, id_ = read_arn(told["ResourceARN"])
        if type_ == "AWS::EC2::EIP":  # told by its allocation; DescribeAddresses shows every address by its own name
            continue
        stack_id = next((tag["Value"] for tag in told.get("Tags", ()) if tag["Key"] == STACK_TAG), None)
        if type_ == "AWS::CloudFormation::Stack":
            stack_id = id_  # a stack belongs to itself: one that is meant to stand is no leftover
        yield Found(type=type_, id=id_, stack_id=stack_id)


def snapshot_policies(calls: Calls, environment: Environment) -> Iterator[Found]:
    """Data Lifecycle Manager's policies: it lists them all, with their tags."""
    for told in calls.call("dlm", "GetLifecyclePolicies").get("Policies", ()):
        tags = told.get("Tags") or {}
        if tags.get("Project") == environment.project and tags.get("Environment") == environment.name.value:
            yield Found(type="AWS::DLM::LifecyclePolicy", id=told["PolicyId"], state=told.get("State"))
