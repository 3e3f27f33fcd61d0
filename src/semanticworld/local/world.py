"""The world inside the server: ministack with the pack installed, its state restored, and the ASGI app around it."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import json
import logging
from collections.abc import Callable
from typing import Any

import ministack.app
import ministack.services.cloudformation
from ministack.services import account, budgets, eventbridge, imds, scheduler, sts, tagging  # noqa: F401 - the same

from semanticworld.local import cloud, gate
from semanticworld.local.asgi import Receive, Scope, Send, answer, headers_of
from semanticworld.local.cloud import durable, warm
from semanticworld.local.cloud.stores import Stores
from semanticworld.local.controls import CONTROL_PATH, Controls
from semanticworld.local.faulty import faulty, know_connections
from semanticworld.local.folder import Folder
from semanticworld.local.health import HEALTH_PATH
from semanticworld.local.keeper import Keeper
from semanticworld.local.record import Record
from semanticworld.local.snapshots import Snapshots

logger = logging.getLogger("semanticworld.local")

_WORKERS = 32

_TICK_S = 1.0
"""How often schedules are looked at (ministack: 10 s), so that what is due after `local advance` happens at once."""


class World:
    """One server's whole world: made, restored, then served."""

    def __init__(self, *, folder: Folder, record: Record) -> None:
        self.record = record
        self.problems: tuple[str, ...] = ()
        self._announce: Callable[[], None] = lambda: None
        parts = cloud.install()
        logger.info("the pack's parts: %s", ", ".join(parts) or "none")
        self.keeper = Keeper(snapshots=Snapshots(folder.cloud), stores=Stores())
        durable.save_by(self.keeper.save)
        self.controls = Controls(token=record.token, keeper=self.keeper, problems=self._all_problems)
        know_connections()
        self._aws = faulty(ministack.app.app)

    def restore(self) -> None:
        """Bring back what the last server held; what is wrong with it is told by `local status`."""
        restored = self.keeper.restore()
        self.problems = restored.problems
        for problem in restored.problems:
            logger.warning("restoring: %s", problem)
        logger.info("restored snapshot %s", restored.number)

    def on_ready(self, announce: Callable[[], None]) -> None:
        """Call `announce` once the server answers."""
        self._announce = announce

    def _all_problems(self) -> tuple[str, ...]:
        return (*self.problems, *([self.keeper.trouble] if self.keeper.trouble else []))

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The whole cloud as one ASGI app."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)
        elif gate.refusal(scope["path"], headers_of(scope)) is None:
            await ministack.app.app(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if path == HEALTH_PATH:
            await answer(send, 200, {"content-type": "application/json"}, self._health())
        elif path == CONTROL_PATH:
            await self.controls.app(scope, receive, send)
        elif (why := gate.refusal(path, headers_of(scope))) is not None:
            await answer(send, 403, {"content-type": "text/plain"}, why.encode())
        else:
            self.keeper.request_seen()
            await self._aws(scope, receive, send)

    def _health(self) -> bytes:
        values: dict[str, Any] = {
            "identity": self.record.identity,
            "pid": self.record.pid,
            "version": self.record.version,
        }
        return json.dumps(values).encode()

    async def _live(self, receive: Receive, send: Send) -> None:
        """Our own lifespan in place of ministack's, which looks for Docker and runs start-up scripts of containers."""
        await receive()
        loop = asyncio.get_running_loop()
        loop.set_default_executor(concurrent.futures.ThreadPoolExecutor(_WORKERS, "ministack-worker"))
        ministack.app._MAIN_LOOP = loop  # noqa: SLF001 - what ministack's lifespan does
        cloud.resume()
        eventbridge._SCHEDULER_TICK_INTERVAL = scheduler._SCHEDULE_TICK_INTERVAL = _TICK_S  # noqa: SLF001 - no other way
        eventbridge.start_scheduler()
        scheduler.start_scheduler()
        keeping = asyncio.create_task(self.keeper.keep())
        await send({"type": "lifespan.startup.complete"})
        loop.call_soon(self._announce)
        warm.begin()
        await receive()
        keeping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeping
        try:
            await self.keeper.save()
        except Exception:
            logger.exception("the state could not be saved at the end")
        await send({"type": "lifespan.shutdown.complete"})
