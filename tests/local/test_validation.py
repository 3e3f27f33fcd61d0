"""What CloudFormation has against properties before it asks the service."""

from __future__ import annotations

from typing import Any

import pytest

from semanticworld.local.cloud import validation


@pytest.mark.parametrize(
    ("resource_type", "given", "expected"),
    [
        ("AWS::SNS::Topic", {"TopicName": "a"}, None),
        ("AWS::SNS::Topic", {"TopicNam": "a"}, "Encountered unsupported property TopicNam"),
        ("AWS::SNS::Topic", {"TopicArn": "a"}, "Encountered unsupported property TopicArn"),
        ("AWS::IAM::InstanceProfile", {}, "[#: required key [Roles] not found]"),
        ("AWS::IAM::InstanceProfile", {"Roles": "r"}, "[#/Roles: expected type: JSONArray, found: String]"),
        ("AWS::Logs::LogGroup", {"RetentionInDays": "14"}, None),
        (
            "AWS::Logs::LogGroup",
            {"RetentionInDays": "many"},
            "[#/RetentionInDays: expected type: Integer, found: String]",
        ),
        (
            "AWS::S3::Bucket",
            {"VersioningConfiguration": {"Status": "On"}},
            "[#/VersioningConfiguration/Status: On is not a valid enum value]",
        ),
        (
            "AWS::S3::Bucket",
            {"VersioningConfiguration": {"Status": "Enabled", "Mfa": True}},
            "[#/VersioningConfiguration: extraneous key [Mfa] is not permitted]",
        ),
        ("AWS::S3::Bucket", {"Tags": [{"Key": "a"}]}, "[#/Tags/0: required key [Value] not found]"),
    ],
)
def test_properties_are_refused_in_awss_words(resource_type: str, given: dict[str, Any], expected: str | None) -> None:
    refusal = validation.refusal(resource_type, "Thing", given)
    if expected is None:
        assert refusal is None
    elif expected.startswith("["):
        assert refusal == f"Properties validation failed for resource Thing with message:\n{expected}"
    else:
        assert refusal == expected
