"""An operation that CloudFormation refuses, and how it is answered."""

from __future__ import annotations

from semanticworld.local.cloud.cloudformation.seam import Answer, helpers


class Refusal(Exception):  # noqa: N818 - AWS refuses the request; nothing went wrong here
    """AWS's error code and text; raised anywhere in a handler, answered at its edge."""

    def __init__(self, message: str, code: str = "ValidationError", status: int = 400) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.status = status

    def answer(self) -> Answer:
        """The error document of the Query protocol."""
        answer: Answer = helpers._error(self.code, self.message, self.status)
        return answer
