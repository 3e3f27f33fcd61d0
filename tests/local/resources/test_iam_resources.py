"""Roles, profiles and policies as resources."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from small_stacks import Stacks

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


def document(*actions: str) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}]}


def role(**more: object) -> dict[str, Any]:
    return {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST, **more}}


def boundary() -> dict[str, Any]:
    return {
        "Type": "AWS::IAM::ManagedPolicy",
        "Properties": {"ManagedPolicyName": "edge", "Path": "/team/", "PolicyDocument": document("s3:*")},
    }


def test_a_role_has_what_its_template_says(stacks: Stacks) -> None:
    status = stacks.put(
        {
            "Edge": boundary(),
            "Role": role(
                RoleName="worker",
                Path="/team/",
                Description="works <hard> & long",
                MaxSessionDuration="7200",
                PermissionsBoundary={"Ref": "Edge"},
                Policies=[{"PolicyName": "inside", "PolicyDocument": document("s3:GetObject")}],
                ManagedPolicyArns=["arn:aws:iam::aws:policy/ReadOnlyAccess"],
                Tags=[{"Key": "Owner", "Value": "a & b"}],
            ),
        },
        outputs={"Ref": {"Value": {"Ref": "Role"}}, "Arn": {"Value": {"Fn::GetAtt": ["Role", "Arn"]}}},
    )
    assert status == "CREATE_COMPLETE"
    iam = stacks.client("iam")
    made = iam.get_role(RoleName="worker")["Role"]
    assert stacks.outputs() == {"Ref": "worker", "Arn": made["Arn"]}
    assert made["Arn"] == f"arn:aws:iam::{stacks.account}:role/team/worker"
    assert made["PermissionsBoundary"]["PermissionsBoundaryArn"] == f"arn:aws:iam::{stacks.account}:policy/team/edge"
    assert made["MaxSessionDuration"] == 7200
    assert made["Description"] == "works <hard> & long"
    assert {tag["Key"]: tag["Value"] for tag in made["Tags"]} == {
        "Owner": "a & b",
        "Project": "semanticworld",
        "Environment": "dev",
    }
    assert iam.get_role_policy(RoleName="worker", PolicyName="inside")["PolicyDocument"] == document("s3:GetObject")
    attached = iam.list_attached_role_policies(RoleName="worker")["AttachedPolicies"]
    assert [one["PolicyName"] for one in attached] == ["ReadOnlyAccess"]
    assert stacks.delete() == "DELETE_COMPLETE"
    with pytest.raises(ClientError, match=r"NoSuchEntity.*The role with name worker cannot be found"):
        iam.get_role(RoleName="worker")


def test_a_role_changes_in_place_and_keeps_its_identity(stacks: Stacks) -> None:
    stacks.put(
        {
            "Edge": boundary(),
            "Role": role(RoleName="worker", Policies=[{"PolicyName": "old", "PolicyDocument": document("s3:*")}]),
        }
    )
    iam = stacks.client("iam")
    before = iam.get_role(RoleName="worker")["Role"]["RoleId"]
    changed = role(
        RoleName="worker",
        Description="new",
        PermissionsBoundary={"Ref": "Edge"},
        Policies=[{"PolicyName": "new", "PolicyDocument": document("s3:*")}],
        Tags=[{"Key": "Owner", "Value": "me"}],
    )
    assert stacks.put({"Edge": boundary(), "Role": changed}) == "UPDATE_COMPLETE"
    made = iam.get_role(RoleName="worker")["Role"]
    assert (made["RoleId"], made["Description"]) == (before, "new")
    assert "PermissionsBoundary" in made
    assert iam.list_role_policies(RoleName="worker")["PolicyNames"] == ["new"]


def test_a_role_that_somebody_else_gave_a_policy_is_not_deleted(stacks: Stacks) -> None:
    stacks.put({"Role": role(RoleName="worker")})
    iam = stacks.client("iam")
    iam.put_role_policy(
        RoleName="worker",
        PolicyName="foreign",
        PolicyDocument='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}',
    )
    assert stacks.delete() == "DELETE_FAILED"
    reason = stacks.reason("Role")
    assert "Cannot delete entity, must delete" in reason
    assert "HandlerErrorCode: ResourceConflict" in reason
    iam.delete_role_policy(RoleName="worker", PolicyName="foreign")
    assert stacks.delete() == "DELETE_COMPLETE"


def test_a_role_of_a_taken_name_fails_and_leaves_the_other_alone(stacks: Stacks) -> None:
    stacks.put({"Role": role(RoleName="worker")}, name="first")
    assert stacks.put({"Role": role(RoleName="worker")}, name="second") == "ROLLBACK_COMPLETE"
    assert stacks.reason("Role", "second").startswith("worker already exists in stack arn:aws:cloudformation:")
    assert stacks.client("iam").get_role(RoleName="worker")
    stacks.client("iam").create_role(
        RoleName="byhand",
        AssumeRolePolicyDocument='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}',
    )
    assert stacks.put({"Role": role(RoleName="byhand")}, name="third") == "ROLLBACK_COMPLETE"
    assert "Resource of type 'AWS::IAM::Role' with identifier 'byhand' already exists." in stacks.reason(
        "Role", "third"
    )


def test_a_named_role_is_not_replaced_and_an_unnamed_one_is(stacks: Stacks) -> None:
    stacks.put({"Named": role(RoleName="worker"), "Unnamed": role()})
    before = stacks.physical_id("Unnamed")
    assert before.startswith("small-Unnamed-")
    assert stacks.put({"Named": role(RoleName="worker"), "Unnamed": role(Path="/team/")}) == "UPDATE_COMPLETE"
    assert stacks.physical_id("Unnamed") != before
    assert (
        stacks.put({"Named": role(RoleName="worker", Path="/team/"), "Unnamed": role(Path="/team/")})
        == "UPDATE_ROLLBACK_COMPLETE"
    )
    assert "cannot update a stack when a custom-named resource requires replacing" in stacks.reason("Named")


@pytest.mark.parametrize(
    ("properties", "reason"),
    [
        ({"RoleNam": "worker"}, "Encountered unsupported property RoleNam"),
        ({"PermissionsBoundary": "arn:aws:iam::123456789012:policy/none"}, "does not exist or is not attachable"),
        ({"ManagedPolicyArns": ["arn:aws:iam::123456789012:policy/none"]}, "does not exist or is not attachable"),
        ({"AssumeRolePolicyDocument": document("s3:*")}, "Has prohibited field Resource"),
        ({"Policies": [{"PolicyName": "x", "PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*"}]}}]}, "Policy statement must contain resources."),
        ({"Policies": [{"PolicyName": "x", "PolicyDocument": document("bucket")}]}, "Actions/Conditions must be prefaced by a vendor"),
        ({"MaxSessionDuration": 60}, "[#/MaxSessionDuration: 60 is not greater or equal to 3600]"),
        ({"Policies": [{"PolicyName": "x", "PolicyDocument": document(*(f"s3:Get{n:0>40}" for n in range(300)))}]}, "Maximum policy size of 10240 bytes exceeded"),
    ],
)  # fmt: skip
def test_a_role_that_iam_refuses_fails_with_its_words_and_leaves_nothing(
    stacks: Stacks, properties: dict[str, Any], reason: str
) -> None:
    assert stacks.put({"Role": role(**{"RoleName": "worker", **properties})}) == "ROLLBACK_COMPLETE"
    assert reason in stacks.reason("Role")
    assert stacks.client("iam").list_roles()["Roles"] == []


def test_a_profile_holds_its_role_by_name_and_lets_it_go(stacks: Stacks) -> None:
    profile = {"Type": "AWS::IAM::InstanceProfile", "Properties": {"InstanceProfileName": "p", "Roles": [{"Ref": "A"}]}}
    outputs = {"Ref": {"Value": {"Ref": "Profile"}}, "Arn": {"Value": {"Fn::GetAtt": ["Profile", "Arn"]}}}
    stacks.put({"A": role(RoleName="a"), "B": role(RoleName="b"), "Profile": profile}, outputs=outputs)
    assert stacks.outputs() == {"Ref": "p", "Arn": f"arn:aws:iam::{stacks.account}:instance-profile/p"}
    other = {**profile, "Properties": {**profile["Properties"], "Roles": [{"Ref": "B"}]}}
    assert stacks.put({"A": role(RoleName="a"), "B": role(RoleName="b"), "Profile": other}) == "UPDATE_COMPLETE"
    made = stacks.client("iam").get_instance_profile(InstanceProfileName="p")["InstanceProfile"]
    assert [one["RoleName"] for one in made["Roles"]] == ["b"]
    assert stacks.delete() == "DELETE_COMPLETE"
    assert stacks.client("iam").list_instance_profiles()["InstanceProfiles"] == []


def test_a_managed_policy_gets_a_new_default_version_and_never_more_than_five(stacks: Stacks) -> None:
    def policy(action: str) -> dict[str, Any]:
        return {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {"ManagedPolicyName": "p", "PolicyDocument": document(action), "Roles": [{"Ref": "Role"}]},
        }

    stacks.put({"Role": role(RoleName="worker"), "Policy": policy("s3:Get0")})
    arn = stacks.physical_id("Policy")
    assert arn == f"arn:aws:iam::{stacks.account}:policy/p"
    for number in range(1, 7):
        assert stacks.put({"Role": role(RoleName="worker"), "Policy": policy(f"s3:Get{number}")}) == "UPDATE_COMPLETE"
    iam = stacks.client("iam")
    versions = iam.list_policy_versions(PolicyArn=arn)["Versions"]
    assert len(versions) == 5
    default = next(one["VersionId"] for one in versions if one["IsDefaultVersion"])
    shown = iam.get_policy_version(PolicyArn=arn, VersionId=default)["PolicyVersion"]["Document"]
    assert shown == document("s3:Get6")
    assert stacks.delete() == "DELETE_COMPLETE"
    assert iam.list_policies(Scope="Local")["Policies"] == []


def test_a_policy_that_is_a_boundary_is_not_deleted(stacks: Stacks) -> None:
    stacks.put({"Edge": boundary()})
    iam = stacks.client("iam")
    trust = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}'
    iam.create_role(RoleName="foreign", AssumeRolePolicyDocument=trust, PermissionsBoundary=stacks.physical_id("Edge"))
    assert stacks.delete() == "DELETE_FAILED"
    assert "Cannot delete a policy attached to entities." in stacks.reason("Edge")


def test_an_inline_policy_follows_its_principals(stacks: Stacks) -> None:
    def policy(*names: str) -> dict[str, Any]:
        return {
            "Type": "AWS::IAM::Policy",
            "Properties": {
                "PolicyName": "p",
                "PolicyDocument": document("s3:*"),
                "Roles": [{"Ref": name} for name in names],
            },
        }

    roles = {"A": role(RoleName="a"), "B": role(RoleName="b")}
    stacks.put({**roles, "Policy": policy("A")})
    iam = stacks.client("iam")
    assert iam.list_role_policies(RoleName="a")["PolicyNames"] == ["p"]
    stacks.put({**roles, "Policy": policy("B")})
    assert iam.list_role_policies(RoleName="a")["PolicyNames"] == []
    assert iam.list_role_policies(RoleName="b")["PolicyNames"] == ["p"]
    assert stacks.delete() == "DELETE_COMPLETE"


def test_roles_are_listed_in_pages(stacks: Stacks) -> None:
    iam = stacks.client("iam")
    trust = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}'
    for number in range(7):
        iam.create_role(RoleName=f"r{number}", AssumeRolePolicyDocument=trust)
    first = iam.list_roles(MaxItems=3)
    assert (len(first["Roles"]), first["IsTruncated"]) == (3, True)
    pages = list(iam.get_paginator("list_roles").paginate(PaginationConfig={"PageSize": 3}))
    assert [len(page["Roles"]) for page in pages] == [3, 3, 1]
    assert {one["RoleName"] for page in pages for one in page["Roles"]} == {f"r{number}" for number in range(7)}
    with pytest.raises(ClientError, match="Invalid Marker"):
        iam.list_roles(Marker="made up")
