"""Roles, instance profiles and policies as CloudFormation resources."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from botocore.exceptions import ClientError

from semanticworld.local.cloud.resources import failures, tags
from semanticworld.local.cloud.resources.calls import call, pages
from semanticworld.local.cloud.resources.kind import Attributes, Kind, Properties, Wanted

__all__ = ["InlinePolicyKind", "InstanceProfileKind", "ManagedPolicyKind", "RoleKind"]

# Attachment points of a policy: property, operation stem, parameter.
_PRINCIPALS = (("Roles", "Role", "RoleName"), ("Users", "User", "UserName"), ("Groups", "Group", "GroupName"))
_VERSION_LIMIT = 5  # Source: IAM User Guide, "IAM and AWS STS quotas" (2026): managed policy versions


def _documents(properties: Properties) -> dict[str, Any]:
    return {str(one["PolicyName"]): one["PolicyDocument"] for one in properties.get("Policies") or ()}


@contextlib.contextmanager
def _missing_is_fine() -> Any:  # noqa: ANN401 - a context manager's generator; the type says nothing here
    try:
        yield
    except ClientError as error:
        if not failures.is_missing(error):
            raise


class RoleKind(Kind):
    """AWS::IAM::Role."""

    resource_type: ClassVar[str] = "AWS::IAM::Role"
    service: ClassVar[str] = "iam"
    name_property: ClassVar[str | None] = "RoleName"
    name_limit: ClassVar[int] = 64

    def make(self, wanted: Wanted) -> str:
        """The role's name."""
        given = wanted.properties
        call(
            "iam",
            "CreateRole",
            RoleName=wanted.name,
            AssumeRolePolicyDocument=given["AssumeRolePolicyDocument"],
            Path=given.get("Path"),
            Description=given.get("Description"),
            MaxSessionDuration=given.get("MaxSessionDuration"),
            PermissionsBoundary=given.get("PermissionsBoundary"),
            Tags=tags.as_list(tags.of(self.resource_type, given)) or None,
        )
        return wanted.name

    def settle(self, identifier: str, old: Properties, new: Properties) -> None:
        """Trust, description, boundary, tags, inline and managed policies."""
        if old:
            self._settle_role(identifier, old, new)
        for name, document in _documents(new).items():
            if _documents(old).get(name) != document:
                call("iam", "PutRolePolicy", RoleName=identifier, PolicyName=name, PolicyDocument=document)
        for name in _documents(old).keys() - _documents(new).keys():
            with _missing_is_fine():
                call("iam", "DeleteRolePolicy", RoleName=identifier, PolicyName=name)
        before, after = set(old.get("ManagedPolicyArns") or ()), set(new.get("ManagedPolicyArns") or ())
        for arn in sorted(after - before):
            call("iam", "AttachRolePolicy", RoleName=identifier, PolicyArn=arn)
        for arn in sorted(before - after):
            with _missing_is_fine():
                call("iam", "DetachRolePolicy", RoleName=identifier, PolicyArn=arn)

    def _settle_role(self, identifier: str, old: Properties, new: Properties) -> None:
        if old["AssumeRolePolicyDocument"] != new["AssumeRolePolicyDocument"]:
            document = new["AssumeRolePolicyDocument"]
            call("iam", "UpdateAssumeRolePolicy", RoleName=identifier, PolicyDocument=document)
        call(
            "iam",
            "UpdateRole",
            RoleName=identifier,
            Description=new.get("Description", ""),
            MaxSessionDuration=new.get("MaxSessionDuration", 3600),
        )
        boundary = new.get("PermissionsBoundary")
        if boundary != old.get("PermissionsBoundary"):
            if boundary:
                call("iam", "PutRolePermissionsBoundary", RoleName=identifier, PermissionsBoundary=boundary)
            else:
                call("iam", "DeleteRolePermissionsBoundary", RoleName=identifier)
        change = tags.change(self.resource_type, old, new)
        if change.put:
            call("iam", "TagRole", RoleName=identifier, Tags=tags.as_list(change.put))
        if change.drop:
            call("iam", "UntagRole", RoleName=identifier, TagKeys=change.drop)

    def attributes(self, identifier: str, properties: Properties) -> Attributes:
        """Arn and RoleId."""
        del properties
        role = call("iam", "GetRole", RoleName=identifier)["Role"]
        return {"Arn": role["Arn"], "RoleId": role["RoleId"]}

    def remove(self, identifier: str, properties: Properties) -> None:
        """Delete the role with what the template gave it; what others attached makes IAM refuse."""
        for name in _documents(properties):
            with _missing_is_fine():
                call("iam", "DeleteRolePolicy", RoleName=identifier, PolicyName=name)
        for arn in properties.get("ManagedPolicyArns") or ():
            with _missing_is_fine():
                call("iam", "DetachRolePolicy", RoleName=identifier, PolicyArn=arn)
        call("iam", "DeleteRole", RoleName=identifier)


class InstanceProfileKind(Kind):
    """AWS::IAM::InstanceProfile."""

    resource_type: ClassVar[str] = "AWS::IAM::InstanceProfile"
    service: ClassVar[str] = "iam"
    name_property: ClassVar[str | None] = "InstanceProfileName"

    def make(self, wanted: Wanted) -> str:
        """The profile's name."""
        path = wanted.properties.get("Path")
        call("iam", "CreateInstanceProfile", InstanceProfileName=wanted.name, Path=path)
        return wanted.name

    def settle(self, identifier: str, old: Properties, new: Properties) -> None:
        """The one role of the profile; the old one leaves first, because a profile holds one."""
        before, after = list(old.get("Roles") or ()), list(new.get("Roles") or ())
        for role in before:
            if role not in after:
                with _missing_is_fine():
                    call("iam", "RemoveRoleFromInstanceProfile", InstanceProfileName=identifier, RoleName=role)
        for role in after:
            if role not in before:
                call("iam", "AddRoleToInstanceProfile", InstanceProfileName=identifier, RoleName=role)

    def attributes(self, identifier: str, properties: Properties) -> Attributes:
        """Arn."""
        del properties
        return {"Arn": call("iam", "GetInstanceProfile", InstanceProfileName=identifier)["InstanceProfile"]["Arn"]}

    def remove(self, identifier: str, properties: Properties) -> None:
        """Take the role out, then delete the profile."""
        for role in properties.get("Roles") or ():
            with _missing_is_fine():
                call("iam", "RemoveRoleFromInstanceProfile", InstanceProfileName=identifier, RoleName=role)
        call("iam", "DeleteInstanceProfile", InstanceProfileName=identifier)


def _attachments(properties: Properties) -> set[tuple[str, str, str]]:
    return {(stem, key, name) for prop, stem, key in _PRINCIPALS for name in properties.get(prop) or ()}


class ManagedPolicyKind(Kind):
    """AWS::IAM::ManagedPolicy."""

    resource_type: ClassVar[str] = "AWS::IAM::ManagedPolicy"
    service: ClassVar[str] = "iam"
    name_property: ClassVar[str | None] = "ManagedPolicyName"

    def make(self, wanted: Wanted) -> str:
        """The policy's ARN."""
        answer = call(
            "iam",
            "CreatePolicy",
            PolicyName=wanted.name,
            PolicyDocument=wanted.properties["PolicyDocument"],
            Path=wanted.properties.get("Path"),
            Description=wanted.properties.get("Description"),
        )
        return str(answer["Policy"]["Arn"])

    def settle(self, identifier: str, old: Properties, new: Properties) -> None:
        """A new default version when the document changed, and who has the policy."""
        if old and old["PolicyDocument"] != new["PolicyDocument"]:
            self._make_room(identifier)
            document = new["PolicyDocument"]
            call("iam", "CreatePolicyVersion", PolicyArn=identifier, PolicyDocument=document, SetAsDefault=True)
        before, after = _attachments(old), _attachments(new)
        for stem, key, name in sorted(after - before):
            call("iam", f"Attach{stem}Policy", **{key: name}, PolicyArn=identifier)
        self._detach(identifier, before - after)

    def _make_room(self, identifier: str) -> None:
        versions = pages("iam", "ListPolicyVersions", "Versions", PolicyArn=identifier)
        if len(versions) < _VERSION_LIMIT:
            return
        oldest = min((v for v in versions if not v["IsDefaultVersion"]), key=lambda v: int(v["VersionId"][1:]))
        call("iam", "DeletePolicyVersion", PolicyArn=identifier, VersionId=oldest["VersionId"])

    def _detach(self, identifier: str, attachments: Iterable[tuple[str, str, str]]) -> None:
        for stem, key, name in sorted(attachments):
            with _missing_is_fine():
                call("iam", f"Detach{stem}Policy", **{key: name}, PolicyArn=identifier)

    def attributes(self, identifier: str, properties: Properties) -> Attributes:
        """All that the policy says of itself."""
        del properties
        policy: Mapping[str, Any] = call("iam", "GetPolicy", PolicyArn=identifier)["Policy"]
        return {
            "PolicyArn": policy["Arn"],
            "PolicyId": policy["PolicyId"],
            "DefaultVersionId": policy["DefaultVersionId"],
            "AttachmentCount": policy.get("AttachmentCount", 0),
            "PermissionsBoundaryUsageCount": policy.get("PermissionsBoundaryUsageCount", 0),
            "IsAttachable": policy.get("IsAttachable", True),
            "CreateDate": policy["CreateDate"].isoformat(),
            "UpdateDate": policy["UpdateDate"].isoformat(),
        }

    def remove(self, identifier: str, properties: Properties) -> None:
        """Detach it where the template attached it, drop its other versions, delete it."""
        self._detach(identifier, _attachments(properties))
        for version in pages("iam", "ListPolicyVersions", "Versions", PolicyArn=identifier):
            if not version["IsDefaultVersion"]:
                call("iam", "DeletePolicyVersion", PolicyArn=identifier, VersionId=version["VersionId"])
        call("iam", "DeletePolicy", PolicyArn=identifier)


class InlinePolicyKind(Kind):
    """AWS::IAM::Policy: one document embedded in every role, user and group it names."""

    resource_type: ClassVar[str] = "AWS::IAM::Policy"
    service: ClassVar[str] = "iam"

    def make(self, wanted: Wanted) -> str:
        """An opaque id: an inline policy has no identity of its own."""
        return wanted.name

    def settle(self, identifier: str, old: Properties, new: Properties) -> None:
        """The document on everyone named, and on nobody else."""
        del identifier
        name = str(new["PolicyName"])
        for stem, key, principal in sorted(_attachments(new)):
            document = new["PolicyDocument"]
            call("iam", f"Put{stem}Policy", **{key: principal}, PolicyName=name, PolicyDocument=document)
        gone = _attachments(old) if old.get("PolicyName") != name else _attachments(old) - _attachments(new)
        self._drop(gone, str(old.get("PolicyName", name)))

    def _drop(self, attachments: Iterable[tuple[str, str, str]], name: str) -> None:
        for stem, key, principal in sorted(attachments):
            with _missing_is_fine():
                call("iam", f"Delete{stem}Policy", **{key: principal}, PolicyName=name)

    def attributes(self, identifier: str, properties: Properties) -> Attributes:
        """Id."""
        del properties
        return {"Id": identifier}

    def remove(self, identifier: str, properties: Properties) -> None:
        """Take the document off everyone."""
        del identifier
        self._drop(_attachments(properties), str(properties["PolicyName"]))
