"""The world inside the server: ministack with the pack installed, its state restored, and the ASGI app around it."""

from __future__ import annotations

import asyncio
import concurrent.futures
import json
import logging
from collections.abc import Callable
from typing import Any

import ministack.app
import ministack.services.cloudformation
from ministack.services import eventbridge, scheduler

from semanticworld.local import cloud
from semanticworld.local.asgi import Receive, Scope, Send, answer
from semanticworld.local.folder import Folder
from semanticworld.local.health import HEALTH_PATH
from semanticworld.local.record import Record

logger = logging.getLogger("semanticworld.local")

_WORKERS = 32


class World:
    """One server's whole world."""

    def __init__(self, *, folder: Folder, record: Record) -> None:
        self.folder = folder
        self.record = record
        self._announce: Callable[[], None] = lambda: None
        parts = cloud.install()
        logger.info("the pack's parts: %s", ", ".join(parts) or "none")

    def restore(self) -> None:
        """Bring back what the last server held."""

    def on_ready(self, announce: Callable[[], None]) -> None:
        """Call `announce` once the server answers."""
        self._announce = announce

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The whole cloud as one ASGI app."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http" and scope["path"] == HEALTH_PATH:
            await answer(send, 200, {"content-type": "application/json"}, self._health())
        else:
            await ministack.app.app(scope, receive, send)

    def _health(self) -> bytes:
        values: dict[str, Any] = {
            "identity": self.record.identity,
            "pid": self.record.pid,
            "version": self.record.version,
        }
        return json.dumps(values).encode()

    async def _live(self, receive: Receive, send: Send) -> None:
        """Our own lifespan in place of ministack's, which looks for Docker and runs start-up scripts of containers."""
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                loop = asyncio.get_running_loop()
                loop.set_default_executor(concurrent.futures.ThreadPoolExecutor(_WORKERS, "ministack-worker"))
                ministack.app._MAIN_LOOP = loop  # noqa: SLF001 - what ministack's lifespan does
                eventbridge.start_scheduler()
                scheduler.start_scheduler()
                await send({"type": "lifespan.startup.complete"})
                loop.call_soon(self._announce)
            elif message["type"] == "lifespan.shutdown":
                await send({"type": "lifespan.shutdown.complete"})
                return
