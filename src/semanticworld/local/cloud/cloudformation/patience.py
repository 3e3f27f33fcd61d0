"""Two waits with the answer: until what was accepted is on disk, and a short one for AWS's own command line only.

`aws cloudformation deploy` looks once after it has executed a change set, and then only every 30 seconds. Operations here
take less than a second, so the answer to it is held until the operation is over, if that is soon: a person need not wait
half a minute for what is long done. Every other client gets its answer at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final
from urllib.parse import parse_qs

from semanticworld.local.cloud import durable
from semanticworld.local.cloud.cloudformation import request as asked
from semanticworld.local.cloud.cloudformation.run import live
from semanticworld.local.cloud.cloudformation.seam import Answer, Request, service

AT_MOST_SECONDS: Final = 3.0
_COMMAND_LINE: Final = "aws-cli/"
_CHANGING: Final = ("Create", "Update", "Delete", "Execute", "Continue", "Rollback", "Cancel", "Signal", "Set")
"""How the names of operations begin whose effect must outlive a killed server."""

Service = Callable[[str, str, Mapping[str, str], bytes, Request], Awaitable[Answer]]


def install() -> None:
    """Put the waiting service in the place of ministack's."""
    service.handle_request = patient(service.handle_request)


def patient(inner: Service) -> Service:
    """The service, which holds its answers to AWS's command line until what they started is over, or too long."""

    async def handle(method: str, path: str, headers: Mapping[str, str], body: bytes, query: Request) -> Answer:
        before = live.every()
        answer = await inner(method, path, headers, body, query)
        if _operation(body, query).startswith(_CHANGING):
            await durable.kept()
        if _COMMAND_LINE in headers.get("user-agent", ""):
            await asyncio.sleep(0)  # what the request started begins to run
            started = live.every() - before
            if started:
                await asyncio.wait([asyncio.ensure_future(left.wait()) for left in started], timeout=AT_MOST_SECONDS)
        return answer

    return handle


def _operation(body: bytes, query: Request) -> str:
    """The operation's name, from the query or the form; empty when there is none."""
    named = asked.text(query, "Action") if query else ""
    return named or (parse_qs(body.decode("utf-8", "replace")).get("Action") or [""])[0]
