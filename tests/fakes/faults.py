"""What a fake raises when a case orders it to."""

from __future__ import annotations

from dataclasses import dataclass

from semanticworld.errors import AwsAnswer, AwsError


def aws_error(code: str, why: str, operation: str = "cloudformation:Call", *, ours: str = "LIF915") -> AwsError:
    answer = AwsAnswer(code=code, operation=operation, request_id="r-1")
    return AwsError(f"AWS refused {operation}", why=why, hint="try again", code=ours, aws=answer)


@dataclass(slots=True, kw_only=True)
class Fault:
    """Raised at a call: before it is done, or (`after`) when it has been done and only the answer is lost."""

    method: str
    error: Exception
    times: int = 1
    after: bool = False
