"""Reasons in stack events and change sets, turned into what happened, why, and the next step."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from semanticworld.core.commands import Subject

GENERAL = "LIF030"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A known reason: `why` in our words with AWS's own beside, `hint` the next step, `code` its page."""

    code: str
    why: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One known reason: recognised by AWS's error codes first, by words only where no code is specific."""

    code: str
    codes: tuple[str, ...]
    words: tuple[str, ...]
    why: str
    hint: Callable[[Subject, str], str]


def cause(reason: str | None, subject: Subject) -> Cause:
    """The cause behind a reason; an unknown one comes back in AWS's own words with the command that looks."""
    text = plain(reason)
    if not text:
        return Cause(code=GENERAL, why="AWS gave no reason", hint=subject.command("status"))
    lowered = text.lower()
    for row in _ROWS:
        if any(re.search(rf"(?<![\w.]){re.escape(code)}(?![\w.])", text) for code in row.codes) or any(
            words in lowered for words in row.words
        ):
            return Cause(code=row.code, why=f"{row.why}: {text}" if row.why else text, hint=row.hint(subject, text))
    return Cause(code=GENERAL, why=text, hint=subject.command("status"))


def plain(reason: str | None) -> str:
    """AWS's message without the wrapping that resource handlers put around it; request ids stay out of the sentence."""
    text = " ".join((reason or "").split())
    quoted = re.search(r'Resource handler returned message: "(.*?)"(?: \([^"]*\))?$', text)
    handler_code = re.search(r"HandlerErrorCode: (\w+)", text)
    if quoted:
        text = quoted.group(1)
    code = re.search(r"Error Code: ([\w.]+)", text)
    text = re.sub(r" ?\((?:Service: |RequestToken: )[^()]*\)", "", text).strip()
    found = code.group(1) if code else None
    if found and found not in text:
        text = f"{found}: {text}"
    elif handler_code and handler_code.group(1) in _SPECIFIC_HANDLER_CODES and handler_code.group(1) not in text:
        text = f"{text} ({handler_code.group(1)})"
    return text


_SPECIFIC_HANDLER_CODES = ("AlreadyExists", "AccessDenied")


def zones_named(text: str) -> tuple[str, ...]:
    """The availability zones that AWS recommends in a message about capacity or an unsupported type."""
    match = re.search(r"choosing ((?:[a-z]{2}(?:-[a-z]+)+-\d[a-z](?:, (?:or )?| or )?)+)", text)
    return tuple(re.findall(r"[a-z]{2}(?:-[a-z]+)+-\d[a-z]", match.group(1))) if match else ()


def _status(subject: Subject, _: str) -> str:
    return subject.command("status")


def _quota(code: str) -> Callable[[Subject, str], str]:
    def hint(_: Subject, __: str) -> str:
        return f"aws service-quotas list-service-quotas --service-code {code}; ask there for a higher value"

    return hint


def _vcpu_hint(_: Subject, __: str) -> str:
    return (
        "ask for more: `aws service-quotas request-service-quota-increase --service-code ec2 --quota-code L-DB2E81BA "
        "--desired-value N` (G and VT types; P types: L-417A185B, others: L-1216C47A), or take a smaller type"
    )


def _capacity_hint(subject: Subject, text: str) -> str:
    zones = zones_named(text)
    named = f" (AWS has it now in {', '.join(zones)})" if zones else ""
    other = subject.command("create", "--subnet", "private-2")
    return f"try the other zone{named}: `{other}`, or another --instance-type, or later"


def _create_again(prefix: str) -> Callable[[Subject, str], str]:
    def hint(subject: Subject, _: str) -> str:
        return f"{prefix}, then {subject.shell('create')}"

    return hint


def _importing(subject: Subject, _: str) -> str:
    return f"./manage-networking.sh status {subject.environment.name}{' --local' if subject.local else ''}"


def _force(subject: Subject, _: str) -> str:
    return subject.command("delete", "--force-delete")


_ROWS = (
    _Row(
        code="LIF031",
        codes=("VcpuLimitExceeded",),
        words=("more vcpu capacity than your current vcpu limit",),
        why="the account's vCPU quota is too small",
        hint=_vcpu_hint,
    ),
    _Row(
        code="LIF032",
        codes=("InsufficientInstanceCapacity", "UnfulfillableCapacity", "InsufficientHostCapacity"),
        words=("insufficient capacity", "do not have sufficient"),
        why="AWS has no such instance free at the moment",
        hint=_capacity_hint,
    ),
    _Row(
        code="LIF033",
        codes=(),
        words=("is not supported in your requested availability zone",),
        why="the zone does not offer this instance type",
        hint=_capacity_hint,
    ),
    _Row(
        code="LIF034",
        codes=("MaxSpotInstanceCountExceeded",),
        words=("max spot instance count exceeded",),
        why="the account's spot quota is used up",
        hint=lambda *_: (
            "look for forgotten spot nodes, or ask for more of the quota L-3819A6DF (G, VT) or L-7212CCBC (P)"
        ),
    ),
    _Row(
        code="LIF035",
        codes=(
            "InstanceLimitExceeded",
            "VolumeLimitExceeded",
            "MaxIOPSLimitExceeded",
            "AddressLimitExceeded",
            "SnapshotLimitExceeded",
            "VpcLimitExceeded",
            "NatGatewayLimitExceeded",
            "LimitExceeded",
            "LimitExceededException",
        ),
        words=("maximum number of", "servicelimitexceeded"),
        why="a quota of the account is used up",
        hint=_quota("ec2"),
    ),
    _Row(
        code="LIF036",
        codes=(
            "InvalidAMIID.NotFound",
            "InvalidAMIID.Malformed",
            "InvalidAMIID.Unavailable",
        ),
        words=("the image id '", "does not match the architecture"),
        why="the image does not fit: images belong to one region and one architecture",
        hint=_create_again("set Image to pytorch, base or an image id of this region in the parameter file"),
    ),
    _Row(
        code="LIF045",
        codes=("OperationNotPermitted",),
        words=("disableapitermination", "terminationprotection is enabled"),
        why="termination protection is on",
        hint=_force,
    ),
    _Row(
        code="LIF037",
        codes=("AccessDenied", "AccessDeniedException", "UnauthorizedOperation"),
        words=("is not authorized to perform", "not authorized to perform this operation"),
        why="a permission is missing",
        hint=_create_again("ask for the action that is named"),
    ),
    _Row(
        code="LIF048",
        codes=("AuthFailure.ServiceLinkedRoleCreationNotPermitted",),
        words=(),
        why="EC2 Spot has no service-linked role in this account yet",
        hint=lambda *_: "aws iam create-service-linked-role --aws-service-name spot.amazonaws.com",
    ),
    _Row(
        code="LIF047",
        codes=("OptInRequired", "PendingVerification"),
        words=("aws marketplace product you need to accept",),
        why="the account has not accepted the terms, or the region is not enabled",
        hint=_create_again("accept the terms on the page that is named, or enable the region"),
    ),
    _Row(
        code="LIF046",
        codes=("InsufficientFreeAddressesInSubnet",),
        words=(),
        why="the subnet has no free address",
        hint=_capacity_hint,
    ),
    _Row(
        code="LIF040",
        codes=(),
        words=(
            "resource signal(s) within the specified duration",
            "success signal(s) out of",
            "waitcondition timed out",
        ),
        why="the node did not report that it is ready in time",
        hint=lambda subject, _: (
            f"read /var/log/cloud-init-output.log on the node or the console output, then {subject.shell('create')}"
        ),
    ),
    _Row(
        code="LIF041",
        codes=("Client.InternalError", "Client.InvalidKMSKey.InvalidState"),
        words=("client error on launch", "the kms key provided is in an incorrect state"),
        why="the instance could not use its encryption key and fell back to stopped",
        hint=_create_again("allow kms:CreateGrant on the EBS key to the caller, or enable the key"),
    ),
    _Row(
        code="LIF044",
        codes=(),
        words=("as it is in use by",),
        why="another stack imports it",
        hint=lambda subject, _: (
            f"./manage-compute.sh delete {subject.environment.name} --everything{' --local' if subject.local else ''}"
        ),
    ),
    _Row(
        code="LIF039",
        codes=(),
        words=("no export named",),
        why="the layer below does not export what this one imports",
        hint=_importing,
    ),
    _Row(
        code="LIF043",
        codes=("BucketNotEmpty",),
        words=("bucket you tried to delete is not empty",),
        why="a bucket still holds objects",
        hint=_force,
    ),
    _Row(
        code="LIF042",
        codes=("DependencyViolation", "DeleteConflict", "ResourceInUse"),
        words=("has a dependent object", "has dependencies and cannot be deleted", "must detach all policies"),
        why="something else still uses it",
        hint=_force,
    ),
    _Row(
        code="LIF052",
        codes=(),
        words=("call describeevents to retrieve",),
        why="CloudFormation's own checks before the deployment found something, and nothing was made",
        hint=lambda subject, _: (
            f"`aws cloudformation describe-events --stack-name {subject.stack_name}` names it; a bucket of that name which "
            f"stands already is the usual one: move its objects and remove it, then {subject.shell('create')}"
        ),
    ),
    _Row(
        code="LIF038",
        codes=("AlreadyExists", "AlreadyExistsException", "EntityAlreadyExists", "BucketAlreadyExists"),
        words=("already exists", "resourceexistencecheck"),
        why="something of that name stands already, often kept from an earlier stack",
        hint=lambda subject, _: (
            f"remove or rename what is named; {subject.shell('delete', '--everything')} lists what is left"
        ),
    ),
    _Row(
        code="LIF049",
        codes=("InvalidParameterValue", "InvalidParameterCombination", "InvalidRequest"),
        words=(
            "propertyvalidation",
            "failed to satisfy constraint",
            "must match pattern",
            "properties validation failed",
        ),
        why="AWS does not accept a value",
        hint=_create_again("correct the value in the parameter file"),
    ),
)
