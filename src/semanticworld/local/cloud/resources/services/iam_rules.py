"""IAM's refusals and pages in front of ministack's operations: documents, names, sizes, boundaries, listings."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from ministack.services import iam

from semanticworld.local.cloud.resources.services.iam_documents import identity_problem, trust_problem, weight
from semanticworld.local.cloud.resources.services.iam_pages import paged

__all__ = ["install"]

# Source: IAM User Guide, "IAM and AWS STS quotas" (2026), in characters without white space, and counts.
_TRUST_SIZE = 2048
_ROLE_INLINE_SIZE = 10_240
_MANAGED_SIZE = 6144
_POLICIES_PER_ROLE = 10
_SESSION_SECONDS = range(3600, 43_201)

_NAME_LENGTHS = {"RoleName": 64, "InstanceProfileName": 128, "PolicyName": 128}
_NAME = re.compile(r"[\w+=,.@-]+", re.ASCII)
_PATH = re.compile(r"/|/[\x21-\x7E]+/")
_LISTINGS = {
    "ListRoles": "Roles",
    "ListPolicies": "Policies",
    "ListInstanceProfiles": "InstanceProfiles",
    "ListInstanceProfilesForRole": "InstanceProfiles",
    "ListAttachedRolePolicies": "AttachedPolicies",
    "ListRolePolicies": "PolicyNames",
    "ListRoleTags": "Tags",
    "ListPolicyVersions": "Versions",
}
_WORDS = (
    (
        re.compile(r"<Message>Role (\S+) not found\.</Message>"),
        r"<Message>The role with name \1 cannot be found.</Message>",
    ),
    (
        re.compile(r"<Message>Instance profile (\S+) not found\.</Message>"),
        r"<Message>Instance Profile \1 cannot be found.</Message>",
    ),
    (re.compile(r"<Message>Policy (\S+) not found\.</Message>"), r"<Message>Policy \1 was not found.</Message>"),
)

_Parameters = Any  # ministack's parsed query
_Check = Callable[[_Parameters], Any]


def _given(parameters: _Parameters, name: str) -> str:
    return str(iam._p(parameters, name) or "")


def _error(status: int, code: str, message: str) -> Any:  # noqa: ANN401 - ministack's reply
    return iam._error(status, code, escape(message), ns="iam")


def _malformed(problem: str | None) -> Any:  # noqa: ANN401 - ministack's reply or None
    return _error(400, "MalformedPolicyDocument", problem) if problem else None


def _names(parameters: _Parameters) -> Any:  # noqa: ANN401 - ministack's reply or None
    for name, longest in _NAME_LENGTHS.items():
        value = _given(parameters, name)
        if not value:
            continue
        member = name[0].lower() + name[1:]
        if not _NAME.fullmatch(value):
            message = f"The specified value for {member} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-"
            return _error(400, "ValidationError", message)
        if len(value) > longest:
            message = (
                f"1 validation error detected: Value at '{member}' failed to satisfy constraint: "
                f"Member must have length less than or equal to {longest}"
            )
            return _error(400, "ValidationError", message)
    path = _given(parameters, "Path")
    if path and not _PATH.fullmatch(path):
        message = "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters."
        return _error(400, "ValidationError", message)
    return None


def _trust(parameters: _Parameters) -> Any:  # noqa: ANN401 - ministack's reply or None
    document = _given(parameters, "AssumeRolePolicyDocument") or _given(parameters, "PolicyDocument")
    if weight(document) > _TRUST_SIZE:
        return _error(409, "LimitExceeded", f"Cannot exceed quota for ACLSizePerRole: {_TRUST_SIZE}")
    return _malformed(trust_problem(document))


def _session(parameters: _Parameters) -> Any:  # noqa: ANN401 - ministack's reply or None
    value = _given(parameters, "MaxSessionDuration")
    if not value or int(value) in _SESSION_SECONDS:
        return None
    bound = "greater than or equal to 3600" if int(value) < _SESSION_SECONDS.start else "less than or equal to 43200"
    message = f"1 validation error detected: Value '{value}' at 'maxSessionDuration' failed to satisfy constraint: Member must have value {bound}"
    return _error(400, "ValidationError", message)


def _boundary(parameters: _Parameters) -> Any:  # noqa: ANN401 - ministack's reply or None
    arn = _given(parameters, "PermissionsBoundary")
    if not arn or iam._policy_exists(arn):
        return None
    return _error(404, "NoSuchEntity", f"Scope ARN: {arn} does not exist or is not attachable.")


def _attachable(parameters: _Parameters) -> Any:  # noqa: ANN401 - ministack's reply or None
    arn = _given(parameters, "PolicyArn")
    if not iam._policy_exists(arn):
        return _error(404, "NoSuchEntity", f"Policy {arn} does not exist or is not attachable.")
    role = iam._roles.get(_given(parameters, "RoleName"))
    attached = role.get("AttachedPolicies", []) if role else []
    if arn not in attached and len(attached) >= _POLICIES_PER_ROLE:
        return _error(409, "LimitExceeded", f"Cannot exceed quota for PoliciesPerRole: {_POLICIES_PER_ROLE}")
    return None


def _managed(parameters: _Parameters) -> Any:  # noqa: ANN401 - ministack's reply or None
    document = _given(parameters, "PolicyDocument")
    if weight(document) > _MANAGED_SIZE:
        return _error(409, "LimitExceeded", f"Cannot exceed quota for PolicySize: {_MANAGED_SIZE}")
    return _malformed(identity_problem(document))


def _inline(parameters: _Parameters) -> Any:  # noqa: ANN401 - ministack's reply or None
    role = iam._roles.get(_given(parameters, "RoleName"))
    if role is None:
        return None
    document, name = _given(parameters, "PolicyDocument"), _given(parameters, "PolicyName")
    others = sum(weight(str(text)) for key, text in role["InlinePolicies"].items() if key != name)
    if others + weight(document) > _ROLE_INLINE_SIZE:
        message = f"Maximum policy size of {_ROLE_INLINE_SIZE} bytes exceeded for role {role['RoleName']}"
        return _error(409, "LimitExceeded", message)
    return _malformed(identity_problem(document))


def _unused(parameters: _Parameters) -> Any:  # noqa: ANN401 - ministack's reply or None
    if iam._boundary_usage_counts().get(_given(parameters, "PolicyArn")):
        return _error(409, "DeleteConflict", "Cannot delete a policy attached to entities.")
    return None


_CHECKS: Mapping[str, tuple[_Check, ...]] = {
    "CreateRole": (_names, _trust, _session, _boundary),
    "UpdateRole": (_session,),
    "UpdateAssumeRolePolicy": (_trust,),
    "PutRolePermissionsBoundary": (_boundary,),
    "CreateInstanceProfile": (_names,),
    "CreatePolicy": (_names, _managed),
    "CreatePolicyVersion": (_managed,),
    "DeletePolicy": (_unused,),
    "AttachRolePolicy": (_attachable,),
    "PutRolePolicy": (_names, _inline),
}


def _guarded(operation: Callable[[_Parameters], Any], checks: tuple[_Check, ...]) -> Callable[[_Parameters], Any]:
    def answered(parameters: _Parameters) -> Any:  # noqa: ANN401 - ministack's reply
        for check in checks:
            refused = check(parameters)
            if refused is not None:
                return refused
        return operation(parameters)

    return answered


def _worded(operation: Callable[[_Parameters], Any]) -> Callable[[_Parameters], Any]:
    def answered(parameters: _Parameters) -> Any:  # noqa: ANN401 - ministack's reply
        status, headers, body = operation(parameters)
        if status != 404:  # noqa: PLR2004 - HTTP
            return status, headers, body
        text = body.decode()
        for pattern, words in _WORDS:
            text = pattern.sub(words, text)
        return status, headers, text.encode()

    return answered


def _escaped(record: Mapping[str, Any]) -> dict[str, Any]:
    tags = [{"Key": escape(tag["Key"]), "Value": escape(tag["Value"])} for tag in record.get("Tags") or ()]
    return {**record, "Tags": tags, "Description": escape(record.get("Description") or "")}


def _escaping(write: Callable[..., str], read: Callable[[str], Any], store: Any) -> Callable[..., str]:  # noqa: ANN401 - a scoped store
    def written(name: str, *more: Any, **named: Any) -> str:  # noqa: ANN401 - ministack's own signature
        record = read(name)
        if record is None or name not in store:
            return write(name, *more, **named)
        # ministack writes texts into XML as they are; & and < in a description or a tag would break the answer.
        store[name] = _escaped(record)
        try:
            return write(name, *more, **named)
        finally:
            store[name] = record

    return written


def install() -> None:
    """Put the checks in front of, and the pages and words behind, ministack's operations."""
    for name, operation in list(iam._IAM_HANDLERS.items()):
        checked = _guarded(operation, _CHECKS[name]) if name in _CHECKS else operation
        listed = paged(checked, _LISTINGS[name]) if name in _LISTINGS else checked
        iam._IAM_HANDLERS[name] = _worded(listed)
    iam._role_xml = _escaping(iam._role_xml, iam._roles.get, iam._roles)
    iam._managed_policy_xml = _escaping(iam._managed_policy_xml, iam._policies.get, iam._policies)
