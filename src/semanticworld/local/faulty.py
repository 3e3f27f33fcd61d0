"""The faults of calls, between the web server and ministack: late, throttled, refused, executed but never answered."""

from __future__ import annotations

import asyncio
import logging
import uuid
from typing import Any

from hypercorn.asyncio.tcp_server import TCPServer

from semanticworld.local import calls
from semanticworld.local.asgi import App, Message, Receive, Scope, Send, answer, headers_of
from semanticworld.local.cloud import faults
from semanticworld.local.fault import ExpiredToken, Latency, LostAnswer, ServiceError, Throttle

logger = logging.getLogger("semanticworld.local")

_OF_CALLS = (Latency, Throttle, ServiceError, ExpiredToken, LostAnswer)

_writers: dict[tuple[str, int], asyncio.StreamWriter] = {}


def know_connections() -> None:
    """Have the web server tell of its connections, so that one can be cut. Once a process."""
    run = TCPServer.run

    async def run_and_tell(self: Any) -> None:  # noqa: ANN401 - hypercorn is untyped here
        peer = self.writer.get_extra_info("peername")
        _writers[peer] = self.writer
        try:
            await run(self)
        finally:
            _writers.pop(peer, None)

    TCPServer.run = run_and_tell


def faulty(inner: App) -> App:
    """The app with the faults in force."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not faults.any_of(*_OF_CALLS):
            await inner(scope, receive, send)
            return
        messages, body = await _whole(receive)
        call = calls.read(
            method=scope["method"],
            path=scope["path"],
            query=scope.get("query_string", b"").decode("latin-1"),
            headers=headers_of(scope),
            body=body,
        )
        for fault in faults.strike(Latency, service=call.service, operation=call.operation):
            if isinstance(fault, Latency):
                await asyncio.sleep(faults.between(fault.min_s, fault.max_s))
        if (refusal := _refusal(call)) is not None:
            code, message, status = refusal
            await answer(
                send, *calls.error(call, code=code, message=message, status=status, request_id=str(uuid.uuid4()))
            )
            return
        if faults.strike(LostAnswer, service=call.service, operation=call.operation):
            await inner(scope, _replay(messages, receive), _swallow)
            logger.info("%s %s was executed, its answer lost as ordered", call.service, call.operation)
            if (writer := _writers.get(scope["client"])) is not None:
                writer.transport.abort()
            return
        await inner(scope, _replay(messages, receive), send)

    return app


def _refusal(call: calls.Call) -> tuple[str, str, int] | None:
    for fault in faults.strike(ExpiredToken, ServiceError, Throttle, service=call.service, operation=call.operation):
        match fault:
            case ExpiredToken():
                return calls.expired(call)
            case ServiceError(code=code, message=message, status=status):
                return code, message, status
            case _:
                return calls.throttled(call)
    return None


async def _whole(receive: Receive) -> tuple[list[Message], bytes]:
    messages = []
    while True:
        message = await receive()
        messages.append(message)
        if message["type"] != "http.request" or not message.get("more_body"):
            return messages, b"".join(message.get("body", b"") for message in messages)


def _replay(messages: list[Message], receive: Receive) -> Receive:
    waiting = list(messages)

    async def again() -> Message:
        return waiting.pop(0) if waiting else await receive()

    return again


async def _swallow(message: Message) -> None:
    """Let an answer go nowhere."""
