"""Every AWS operation this project calls, and what it reads of the longest answers.

The trimmed service models (models.py) hold these and nothing else, so an operation that is missing here does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

OPERATIONS: Mapping[str, tuple[str, ...]] = {
    "budgets": ("DeleteBudget", "DescribeBudget", "DescribeBudgets"),
    "cloudformation": (
        "ContinueUpdateRollback",
        "CreateChangeSet",
        "DeleteChangeSet",
        "DeleteStack",
        "DescribeChangeSet",
        "DescribeStackEvents",
        "DescribeStackResources",
        "DescribeStacks",
        "ExecuteChangeSet",
        "GetTemplate",
        "ListExports",
        "ListImports",
        "ListStackResources",
        "RollbackStack",
        "UpdateTerminationProtection",
        "ValidateTemplate",
    ),
    "cloudwatch": ("DeleteAlarms", "DeleteDashboards", "DescribeAlarms", "ListDashboards"),
    "dlm": ("DeleteLifecyclePolicy", "GetLifecyclePolicies", "GetLifecyclePolicy"),
    "ec2": (
        "DeleteFlowLogs",
        "DeleteLaunchTemplate",
        "DeleteNatGateway",
        "DeleteNetworkInterface",
        "DeleteSecurityGroup",
        "DeleteSnapshot",
        "DeleteVolume",
        "DeleteVpcEndpoints",
        "DescribeAddresses",
        "DescribeFlowLogs",
        "DescribeImages",
        "DescribeInstanceTypeOfferings",
        "DescribeInstanceTypes",
        "DescribeInstances",
        "DescribeInternetGateways",
        "DescribeLaunchTemplates",
        "DescribeNatGateways",
        "DescribeNetworkAcls",
        "DescribeNetworkInterfaces",
        "DescribeRouteTables",
        "DescribeSecurityGroupRules",
        "DescribeSecurityGroups",
        "DescribeSnapshots",
        "DescribeSpotInstanceRequests",
        "DescribeSubnets",
        "DescribeVolumes",
        "DescribeVpcEndpoints",
        "DescribeVpcs",
        "ModifyInstanceAttribute",
        "ReleaseAddress",
        "TerminateInstances",
    ),
    "iam": (
        "GetInstanceProfile",
        "GetPolicy",
        "GetRole",
        "GetRolePolicy",
        "ListInstanceProfiles",
        "ListPolicies",
        "ListRoles",
    ),
    "logs": ("DeleteLogGroup", "DescribeLogGroups", "DescribeMetricFilters"),
    "resourcegroupstaggingapi": ("GetResources",),
    "s3": (
        "AbortMultipartUpload",
        "DeleteBucket",
        "DeleteObjects",
        "GetBucketPolicy",
        "GetBucketTagging",
        "HeadBucket",
        "ListBuckets",
        "ListMultipartUploads",
        "ListObjectVersions",
    ),
    "scheduler": (
        "DeleteSchedule",
        "DeleteScheduleGroup",
        "GetSchedule",
        "GetScheduleGroup",
        "ListScheduleGroups",
        "ListSchedules",
    ),
    "sns": ("DeleteTopic", "GetSubscriptionAttributes", "GetTopicAttributes", "ListTopics"),
    "ssm": ("DeleteDocument", "DescribeDocument", "GetParameter", "GetParametersByPath", "ListDocuments"),
    "sts": (
        "AssumeRole",  # botocore's own, for profiles with a role_arn
        "AssumeRoleWithWebIdentity",  # the same, for CI systems
        "DecodeAuthorizationMessage",
        "GetCallerIdentity",
    ),
}

ENDPOINTS_KEPT = frozenset({"oidc", "portal.sso", "signin"})
"""Endpoint prefixes that botocore's own credential providers call (single sign-on, console login)."""

KEPT_MEMBERS: Mapping[str, Mapping[str, frozenset[str]]] = {
    "ec2": {
        "Reservation": frozenset({"Instances"}),
        "Instance": frozenset(
            {
                "ImageId",
                "InstanceId",
                "InstanceType",
                "LaunchTime",
                "Placement",
                "PrivateIpAddress",
                "PublicIpAddress",
                "State",
                "StateReason",
                "SubnetId",
                "Tags",
            }
        ),
    },
}
"""Members kept of shapes that stand in answers only: parsing 5,000 instances costs in proportion to these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """How an operation pages: the request's token, the answer's token (or tokens, in step), and a flag that more follows."""

    tokens: Mapping[str, str]
    more: str | None = None


NEXT_TOKEN = Paging(tokens={"NextToken": "NextToken"})
MARKER = Paging(tokens={"Marker": "Marker"}, more="IsTruncated")
LOGS_TOKEN = Paging(tokens={"nextToken": "nextToken"})

PAGING: Mapping[tuple[str, str], Paging] = {
    ("budgets", "DescribeBudgets"): NEXT_TOKEN,
    ("cloudformation", "DescribeChangeSet"): NEXT_TOKEN,
    ("cloudformation", "DescribeStackEvents"): NEXT_TOKEN,
    ("cloudformation", "ListExports"): NEXT_TOKEN,
    ("cloudformation", "ListImports"): NEXT_TOKEN,
    ("cloudformation", "ListStackResources"): NEXT_TOKEN,
    ("cloudwatch", "DescribeAlarms"): NEXT_TOKEN,
    ("cloudwatch", "ListDashboards"): NEXT_TOKEN,
    ("ec2", "DescribeFlowLogs"): NEXT_TOKEN,
    ("ec2", "DescribeInstanceTypeOfferings"): NEXT_TOKEN,
    ("ec2", "DescribeInstances"): NEXT_TOKEN,
    ("ec2", "DescribeInternetGateways"): NEXT_TOKEN,
    ("ec2", "DescribeLaunchTemplates"): NEXT_TOKEN,
    ("ec2", "DescribeNatGateways"): NEXT_TOKEN,
    ("ec2", "DescribeNetworkAcls"): NEXT_TOKEN,
    ("ec2", "DescribeNetworkInterfaces"): NEXT_TOKEN,
    ("ec2", "DescribeRouteTables"): NEXT_TOKEN,
    ("ec2", "DescribeSecurityGroupRules"): NEXT_TOKEN,
    ("ec2", "DescribeSecurityGroups"): NEXT_TOKEN,
    ("ec2", "DescribeSnapshots"): NEXT_TOKEN,
    ("ec2", "DescribeSpotInstanceRequests"): NEXT_TOKEN,
    ("ec2", "DescribeSubnets"): NEXT_TOKEN,
    ("ec2", "DescribeVolumes"): NEXT_TOKEN,
    ("ec2", "DescribeVpcEndpoints"): NEXT_TOKEN,
    ("ec2", "DescribeVpcs"): NEXT_TOKEN,
    ("iam", "ListInstanceProfiles"): MARKER,
    ("iam", "ListPolicies"): MARKER,
    ("iam", "ListRoles"): MARKER,
    ("logs", "DescribeLogGroups"): LOGS_TOKEN,
    ("resourcegroupstaggingapi", "GetResources"): Paging(tokens={"PaginationToken": "PaginationToken"}),
    ("s3", "ListBuckets"): Paging(tokens={"ContinuationToken": "ContinuationToken"}),
    ("s3", "ListMultipartUploads"): Paging(
        tokens={"KeyMarker": "NextKeyMarker", "UploadIdMarker": "NextUploadIdMarker"}, more="IsTruncated"
    ),
    ("s3", "ListObjectVersions"): Paging(
        tokens={"KeyMarker": "NextKeyMarker", "VersionIdMarker": "NextVersionIdMarker"}, more="IsTruncated"
    ),
    ("scheduler", "ListScheduleGroups"): NEXT_TOKEN,
    ("scheduler", "ListSchedules"): NEXT_TOKEN,
    ("sns", "ListTopics"): NEXT_TOKEN,
    ("ssm", "GetParametersByPath"): NEXT_TOKEN,
    ("ssm", "ListDocuments"): NEXT_TOKEN,
}
"""The same as botocore's paginators-1.json says (a test compares them), without loading those files."""
