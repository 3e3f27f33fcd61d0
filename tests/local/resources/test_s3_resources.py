"""Buckets and bucket policies as resources."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from small_stacks import Stacks


def bucket(name: str, **more: object) -> dict[str, Any]:
    return {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": name, **more}}


@pytest.fixture
def name(stacks: Stacks) -> str:
    return f"data-{stacks.account}"


FULL: dict[str, Any] = {
    "BucketEncryption": {
        "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
    },
    "VersioningConfiguration": {"Status": "Enabled"},
    "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
    "PublicAccessBlockConfiguration": {
        "BlockPublicAcls": True,
        "BlockPublicPolicy": "true",
        "IgnorePublicAcls": True,
        "RestrictPublicBuckets": True,
    },
    "LifecycleConfiguration": {
        "Rules": [
            {"Id": "uploads", "Status": "Enabled", "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}},
            {
                "Id": "old",
                "Status": "Enabled",
                "NoncurrentVersionExpiration": {"NoncurrentDays": "30"},
                "ExpiredObjectDeleteMarker": True,
            },
            {"Id": "transit", "Status": "Enabled", "Prefix": "transit/", "ExpirationInDays": 1},
        ]
    },
    "Tags": [{"Key": "Name", "Value": "data"}],
}


def test_a_bucket_has_every_configuration_of_its_template(stacks: Stacks, name: str) -> None:
    assert stacks.put(
        {"Bucket": bucket(name, **FULL)}, outputs={"Arn": {"Value": {"Fn::GetAtt": ["Bucket", "Arn"]}}}
    ) == ("CREATE_COMPLETE")
    s3 = stacks.client("s3")
    assert stacks.outputs() == {"Arn": f"arn:aws:s3:::{name}"}
    encryption = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert encryption["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Enabled"
    assert s3.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"]["Rules"] == [
        {"ObjectOwnership": "BucketOwnerEnforced"}
    ]
    assert set(s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"].values()) == {True}
    rules = {rule["ID"]: rule for rule in s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"]}
    assert rules["uploads"]["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 7}
    assert rules["old"]["NoncurrentVersionExpiration"] == {"NoncurrentDays": 30}
    assert rules["old"]["Expiration"] == {"ExpiredObjectDeleteMarker": True}
    assert rules["transit"]["Expiration"] == {"Days": 1}
    assert rules["transit"]["Filter"] == {"Prefix": "transit/"}
    tags = {tag["Key"]: tag["Value"] for tag in s3.get_bucket_tagging(Bucket=name)["TagSet"]}
    assert tags.items() >= {"Name": "data", "Project": "semanticworld"}.items()
    assert tags["aws:cloudformation:logical-id"] == "Bucket"
    assert s3.get_bucket_location(Bucket=name)["LocationConstraint"] == "eu-central-1"


def test_a_bucket_changes_in_place_and_keeps_its_objects(stacks: Stacks, name: str) -> None:
    stacks.put({"Bucket": bucket(name, **FULL)})
    s3 = stacks.client("s3")
    s3.put_object(Bucket=name, Key="kept", Body=b"x")
    plain = {"Tags": [{"Key": "Name", "Value": "other"}]}
    assert stacks.put({"Bucket": bucket(name, **plain)}) == "UPDATE_COMPLETE"
    assert s3.get_object(Bucket=name, Key="kept")["Body"].read() == b"x"
    assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Suspended"
    with pytest.raises(ClientError, match="NoSuchLifecycleConfiguration"):
        s3.get_bucket_lifecycle_configuration(Bucket=name)
    assert {"Key": "Name", "Value": "other"} in s3.get_bucket_tagging(Bucket=name)["TagSet"]


def test_a_bucket_with_only_old_versions_in_it_is_not_deleted(stacks: Stacks, name: str) -> None:
    stacks.put({"Bucket": bucket(name, VersioningConfiguration={"Status": "Enabled"})})
    s3 = stacks.client("s3")
    s3.put_object(Bucket=name, Key="a", Body=b"1")
    s3.delete_object(Bucket=name, Key="a")
    assert "Contents" not in s3.list_objects_v2(Bucket=name)
    assert stacks.delete() == "DELETE_FAILED"
    reason = stacks.reason("Bucket")
    assert "The bucket you tried to delete is not empty" in reason
    assert "Status Code: 409" in reason
    assert "HandlerErrorCode: GeneralServiceException" in reason
    listed = s3.list_object_versions(Bucket=name)
    every = [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in listed["Versions"] + listed["DeleteMarkers"]]
    assert len(every) == 2
    assert len(s3.delete_objects(Bucket=name, Delete={"Objects": every})["Deleted"]) == 2
    assert stacks.delete() == "DELETE_COMPLETE"
    with pytest.raises(ClientError, match="404"):
        s3.head_bucket(Bucket=name)


def test_versions_are_listed_in_pages(stacks: Stacks, name: str) -> None:
    stacks.put({"Bucket": bucket(name, VersioningConfiguration={"Status": "Enabled"})})
    s3 = stacks.client("s3")
    for number in range(5):
        s3.put_object(Bucket=name, Key="same", Body=str(number).encode())
    pages = list(s3.get_paginator("list_object_versions").paginate(Bucket=name, PaginationConfig={"PageSize": 2}))
    assert [len(page["Versions"]) for page in pages] == [2, 2, 1]
    assert sum(one["IsLatest"] for page in pages for one in page["Versions"]) == 1


def test_a_renamed_bucket_is_a_new_one_and_the_old_one_goes(stacks: Stacks, name: str) -> None:
    stacks.put({"Bucket": bucket(name)})
    assert stacks.put({"Bucket": bucket(f"{name}-b")}) == "UPDATE_COMPLETE"
    assert [one["Name"] for one in stacks.client("s3").list_buckets()["Buckets"]] == [f"{name}-b"]


def test_a_bucket_name_that_is_taken_or_impossible_fails(stacks: Stacks, name: str) -> None:
    stacks.put({"Bucket": bucket(name)}, name="first")
    assert stacks.put({"Bucket": bucket(name)}, name="second") == "ROLLBACK_COMPLETE"
    assert stacks.put({"Bucket": bucket("No_Good")}, name="third") == "ROLLBACK_COMPLETE"
    assert stacks.reason("Bucket", "third")
    assert [one["Name"] for one in stacks.client("s3").list_buckets()["Buckets"]] == [name]


def test_a_bucket_property_that_is_not_modelled_is_refused_by_name(stacks: Stacks, name: str) -> None:
    assert stacks.put({"Bucket": bucket(name, WebsiteConfiguration={"IndexDocument": "i.html"})}) == "ROLLBACK_COMPLETE"
    assert "does not model bucket property WebsiteConfiguration" in stacks.reason("Bucket")


def test_a_bucket_policy_is_on_the_bucket_and_goes_with_the_stack(stacks: Stacks, name: str) -> None:
    def policy(version: str) -> dict[str, Any]:
        statement = {
            "Sid": "Tls",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [{"Fn::GetAtt": ["Bucket", "Arn"]}],
            "Condition": {"NumericLessThan": {"s3:TlsVersion": version}},
        }
        document = {"Version": "2012-10-17", "Statement": [statement]}
        return {
            "Type": "AWS::S3::BucketPolicy",
            "Properties": {"Bucket": {"Ref": "Bucket"}, "PolicyDocument": document},
        }

    s3 = stacks.client("s3")
    assert stacks.put({"Bucket": bucket(name), "Policy": policy("1.2")}) == "CREATE_COMPLETE"
    assert stacks.physical_id("Policy") == name
    assert '"1.2"' in s3.get_bucket_policy(Bucket=name)["Policy"]
    assert stacks.put({"Bucket": bucket(name), "Policy": policy("1.3")}) == "UPDATE_COMPLETE"
    assert '"1.3"' in s3.get_bucket_policy(Bucket=name)["Policy"]
    assert stacks.put({"Bucket": bucket(name)}) == "UPDATE_COMPLETE"
    with pytest.raises(ClientError, match="NoSuchBucketPolicy"):
        s3.get_bucket_policy(Bucket=name)
