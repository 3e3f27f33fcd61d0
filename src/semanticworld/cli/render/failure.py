"""Failures as people and scripts read them."""

from __future__ import annotations

from semanticworld.core.text import safe, safe_line
from semanticworld.errors import SemanticWorldError


def failure_document(error: SemanticWorldError) -> dict[str, object]:
    """The contract's `error`: code, what, why, hint, aws."""
    aws = error.aws
    return {
        "code": error.code,
        "what": error.what,
        "why": error.why,
        "hint": error.hint,
        "aws": {"code": aws.code, "operation": aws.operation, "request_id": aws.request_id} if aws else None,
    }


def failure_text(error: SemanticWorldError) -> str:
    """`what: why`, an empty line, `hint: the next command`, and AWS's request when it gave the answer."""
    lines = [f"{safe_line(error.what)}: {safe(error.why)}", "", f"hint: {safe(error.hint)}"]
    if error.aws:
        request = f", request {safe_line(error.aws.request_id)}" if error.aws.request_id else ""
        lines.append(f"aws: {safe_line(error.aws.code)} from {safe_line(error.aws.operation)}{request}")
    lines.append(f"code: {safe_line(error.code)} (docs/runbooks/{safe_line(error.code)}.md)")
    return "\n".join(lines) + "\n"
