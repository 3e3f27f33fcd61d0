"""The server's side of the control API: one POST with the token from the server's record.

It is no part of AWS. What it can do: move the clock, order and clear faults, save now, count what is there.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from semanticworld.local import fault as model
from semanticworld.local import gate
from semanticworld.local.asgi import Receive, Scope, Send, answer, headers_of
from semanticworld.local.cloud import clock, counts, durable, faults
from semanticworld.local.keeper import Keeper

CONTROL_PATH = "/_semanticworld/control"
TOKEN_HEADER = "x-semanticworld-token"  # noqa: S105 - the header's name, not a token
_LARGEST_BYTES = 65_536

Values = dict[str, Any]


class Controls:
    """Answers the control API."""

    def __init__(self, *, token: str, keeper: Keeper, problems: Callable[[], tuple[str, ...]]) -> None:
        self._token = token
        self._keeper = keeper
        self._problems = problems
        self._does: dict[str, Callable[[Values], Awaitable[Values]]] = {
            "advance": self._advance,
            "fault_add": self._fault_add,
            "fault_list": self._fault_list,
            "fault_clear": self._fault_clear,
            "save": self._save,
            "state": self._state,
        }

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One answer: 403 without the token or from a web page, 400 for what is not understood."""
        headers = headers_of(scope)
        allowed = (
            gate.is_loopback_host(headers.get("host", ""))
            and "origin" not in headers
            and scope["method"] == "POST"
            and hmac.compare_digest(headers.get(TOKEN_HEADER, "").encode(), self._token.encode())
        )
        if not allowed:
            await _say(send, 403, {"error": "the control API is for the local commands only"})
            return
        body = b""
        while len(body) <= _LARGEST_BYTES:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        try:
            values = json.loads(body)
            answered = await self._does[values["do"]](values)
        except (KeyError, TypeError, ValueError) as wrong:
            await _say(send, 400, {"error": str(wrong)})
            return
        await _say(send, 200, answered)

    async def _advance(self, values: Values) -> Values:
        now = clock.advance(timedelta(seconds=float(values["seconds"])))
        await asyncio.sleep(0)
        await durable.kept()
        return {"now": now.isoformat(), "offset_s": clock.offset().total_seconds()}

    async def _fault_add(self, values: Values) -> Values:
        entry = faults.add(model.from_json(values["fault"]))
        await durable.kept()
        return _row(entry)

    async def _fault_list(self, _: Values) -> Values:
        return {"faults": [_row(entry) for entry in faults.listed()]}

    async def _fault_clear(self, values: Values) -> Values:
        number = values.get("number")
        cleared = faults.clear(None if number is None else int(number))
        await durable.kept()
        return {"cleared": cleared}

    async def _save(self, _: Values) -> Values:
        before = self._keeper.saved_number
        await durable.kept()
        now = self._keeper.saved_number
        return {"saved": now != before, "snapshot": now, "trouble": self._keeper.trouble}

    async def _state(self, _: Values) -> Values:
        return {
            "now": clock.now().isoformat(),
            "offset_s": clock.offset().total_seconds(),
            "counts": counts.counts(),
            "faults": len(faults.listed()),
            "problems": list(self._problems()),
            "snapshot": self._keeper.saved_number,
        }


def _row(entry: faults.InForce) -> Values:
    return {
        "number": entry.number,
        "left": entry.left,
        "struck": entry.struck,
        "fault": model.to_json(entry.fault),
    }


async def _say(send: Send, status: int, values: Values) -> None:
    await answer(send, status, {"content-type": "application/json"}, json.dumps(values).encode())
