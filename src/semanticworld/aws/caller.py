"""STS behind the Caller port."""

from __future__ import annotations

from semanticworld.aws.calls import Calls
from semanticworld.model.node import Identity


class StsCaller:
    """Who is asking, asked once."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._identity: Identity | None = None

    def identity(self) -> Identity:
        """Account, ARN and region."""
        if self._identity is None:
            answer = self._calls.call("sts", "GetCallerIdentity")
            self._identity = Identity(account=answer["Account"], arn=answer["Arn"], region=self._calls.region)
        return self._identity
