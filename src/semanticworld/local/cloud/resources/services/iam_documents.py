"""What IAM has against a policy document, in its own words."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

__all__ = ["identity_problem", "trust_problem", "weight"]

_VERSIONS = {"2012-10-17", "2008-10-17"}
_STATEMENT_KEYS = {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"}
_PRINCIPAL_KEYS = {"Principal", "NotPrincipal"}
_PRINCIPAL_KINDS = {"AWS", "Service", "Federated", "CanonicalUser"}
_SID = re.compile(r"[0-9A-Za-z]*")
_ACTION = re.compile(r"\*|[a-zA-Z0-9-]+:[a-zA-Z0-9*?]+")
_SYNTAX = "Syntax errors in policy."


def weight(document: str) -> int:
    """The characters that count against IAM's size quotas: white space does not.

    Source: IAM User Guide, "IAM and AWS STS quotas" (2026)
    """
    return len(re.sub(r"\s", "", document))


def _texts(value: object) -> list[str] | None:
    listed = value if isinstance(value, list) else [value]
    texts = [one for one in listed if isinstance(one, str)]
    return texts if texts and len(texts) == len(listed) else None


def _statements(document: str) -> list[Mapping[str, Any]] | str:
    try:
        loaded = json.loads(document)
    except ValueError:
        return "This policy contains invalid Json"
    if not isinstance(loaded, Mapping) or loaded.keys() - {"Version", "Id", "Statement"}:
        return _SYNTAX
    if loaded.get("Version", "2008-10-17") not in _VERSIONS:
        return "Policy document must be version 2012-10-17 or greater."
    listed = loaded.get("Statement")
    statements = [listed] if isinstance(listed, Mapping) else listed
    if not isinstance(statements, list) or not statements or not all(isinstance(one, Mapping) for one in statements):
        return _SYNTAX
    sids = [one["Sid"] for one in statements if one.get("Sid")]
    if len(sids) != len(set(sids)):
        return "Statement IDs (SID) in a single policy must be unique."
    return statements


def _statement_problem(statement: Mapping[str, Any], allowed: set[str]) -> str | None:  # noqa: PLR0911 - a rule a line
    unknown = sorted(statement.keys() - allowed)
    if unknown:
        forbidden = unknown[0] in _STATEMENT_KEYS | _PRINCIPAL_KEYS
        return f"Has prohibited field {unknown[0]}" if forbidden else _SYNTAX
    if statement.get("Effect") not in {"Allow", "Deny"}:
        return f"Syntax error: invalid Effect {statement.get('Effect')!r}. {_SYNTAX}"
    if not isinstance(statement.get("Sid", ""), str) or not _SID.fullmatch(statement.get("Sid", "")):
        return "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*"
    given = [name for name in ("Action", "NotAction") if name in statement]
    if len(given) != 1:
        return "Policy statement must contain actions." if not given else _SYNTAX
    actions = _texts(statement[given[0]])
    if actions is None:
        return _SYNTAX
    wrong = [action for action in actions if not _ACTION.fullmatch(action)]
    if wrong:
        return "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
    condition = statement.get("Condition")
    if condition is not None and not (
        isinstance(condition, Mapping) and all(isinstance(one, Mapping) for one in condition.values())
    ):
        return _SYNTAX
    return None


def _resource_problem(statement: Mapping[str, Any]) -> str | None:
    given = [name for name in ("Resource", "NotResource") if name in statement]
    if len(given) != 1:
        return "Policy statement must contain resources." if not given else _SYNTAX
    resources = _texts(statement[given[0]])
    if resources is None:
        return _SYNTAX
    wrong = [one for one in resources if one != "*" and not one.startswith("arn:")]
    return f'Resource {wrong[0]} must be in ARN format or "*".' if wrong else None


def identity_problem(document: str) -> str | None:
    """What is wrong with a document for a principal or a managed policy; None when nothing is."""
    statements = _statements(document)
    if isinstance(statements, str):
        return statements
    for statement in statements:
        if statement.keys() & _PRINCIPAL_KEYS:
            return "Policy document should not specify a principal."
        problem = _statement_problem(statement, _STATEMENT_KEYS) or _resource_problem(statement)
        if problem:
            return problem
    return None


def trust_problem(document: str) -> str | None:  # noqa: PLR0911 - a rule a line
    """What is wrong with a role's trust policy; None when nothing is."""
    statements = _statements(document)
    if isinstance(statements, str):
        return statements
    allowed = (_STATEMENT_KEYS - {"Resource", "NotResource"}) | _PRINCIPAL_KEYS
    for statement in statements:
        problem = _statement_problem(statement, allowed)
        if problem:
            return problem
        if not statement.keys() & _PRINCIPAL_KEYS:
            return "Missing required field Principal"
        actions = _texts(statement.get("Action", "sts:*")) or []
        if any(not action.lower().startswith("sts:") and action != "*" for action in actions):
            return "AssumeRole policy may only specify STS AssumeRole actions."
        principal = statement.get("Principal", "*")
        if isinstance(principal, Mapping):
            if not principal or principal.keys() - _PRINCIPAL_KINDS:
                return f"Invalid principal in policy: {_SYNTAX}"
        elif principal != "*":
            return f"Invalid principal in policy: {_SYNTAX}"
    return None
