"""The embedded cloud's process: `python -m semanticworld.local.server --state FOLDER [--ready-fd N] [--revive]`.

It listens on 127.0.0.1 only, writes its record when it answers, and ends in good order on SIGTERM.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import secrets
import signal
import socket
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from semanticworld import __version__
from semanticworld.local import environment, locks, record, supervisor
from semanticworld.local.folder import Folder, write_atomically
from semanticworld.local.logs import log_to
from semanticworld.local.outside import forbid_outside_connections

if TYPE_CHECKING:
    from semanticworld.local.asgi import App

logger = logging.getLogger("semanticworld.local")

_LOCK_TIMEOUT_S = 2.0
_GRACE_S = 3.0
"""How long requests under way may take to finish after SIGTERM."""


def listen(remembered: int | None) -> socket.socket:
    """A listening loopback socket, on the remembered port when that is free, else on any free one."""
    for port in (remembered, 0) if remembered else (0,):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            listener.close()
            continue
        listener.listen(512)
        listener.setblocking(False)  # noqa: FBT003 - the socket API's own signature
        return listener
    raise OSError("no free port on 127.0.0.1")


def remembered_port(folder: Folder) -> int | None:
    """The port of the last server; None when there was none."""
    try:
        port = int(folder.port.read_text())
    except (OSError, ValueError):
        return None
    return port if 1024 <= port <= 65535 else None  # noqa: PLR2004 - the unprivileged ports


async def serve(app: App, listener: socket.socket) -> None:
    """Answer until SIGTERM or SIGINT."""
    from hypercorn.asyncio import serve as hypercorn_serve  # noqa: PLC0415 - after the environment is set
    from hypercorn.config import Config  # noqa: PLC0415

    config = Config()
    config.bind = [f"fd://{listener.detach()}"]  # hypercorn owns and closes it from here
    config.keep_alive_timeout = 75
    config.graceful_timeout = _GRACE_S
    config.shutdown_timeout = _GRACE_S
    config.accesslog = None
    config.errorlog = logging.getLogger("hypercorn.error")
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    await hypercorn_serve(app, config, shutdown_trigger=ended.wait)


def run(folder: Folder, ready: tuple[int, ...]) -> int:
    """The process's exit status after a life of serving; `ready` are descriptors to write a line to when it answers."""
    folder.make()
    with locks.locked(folder.alive, timeout_s=_LOCK_TIMEOUT_S) as ours:
        if not ours:
            logger.error("another server lives in %s", folder.root)
            return 3
        log_to(folder.log)
        began = time.monotonic()
        forbid_outside_connections()
        os.environ.update(environment.ministack_settings())
        listener = listen(remembered_port(folder))
        port = listener.getsockname()[1]
        os.environ["GATEWAY_PORT"] = str(port)
        from semanticworld.local.world import World  # noqa: PLC0415 - ministack reads the environment on import

        life = record.Record(
            pid=os.getpid(),
            port=port,
            identity=secrets.token_hex(16),
            token=secrets.token_urlsafe(32),
            started_at=datetime.now(UTC),
            version=__version__,
        )
        world = World(folder=folder, record=life)
        world.restore()
        write_atomically(folder.port, str(port).encode())

        def announce() -> None:
            record.write(folder, life)
            logger.info("answers on %s after %.2f s", life.endpoint_url, time.monotonic() - began)
            for descriptor in ready:
                os.write(descriptor, b"ready\n")
                os.close(descriptor)

        world.on_ready(announce)
        try:
            asyncio.run(serve(world.app, listener))
        finally:
            folder.record.unlink(missing_ok=True)
        logger.info("ended in good order")
        # Threads of ministack (pollers, tickers) are daemons, but an executor's are not: leave without waiting for them.
        logging.shutdown()
        os._exit(0)


def main(arguments: list[str]) -> int:
    """The exit status: 0 after an orderly end, 3 when another server lives in the same folder."""
    parser = argparse.ArgumentParser(prog="semanticworld.local.server", description="The embedded cloud.")
    parser.add_argument("--state", type=Path, help="the state folder (default: as the command line tool finds it)")
    parser.add_argument("--ready-fd", type=int, help="a descriptor to write a line to when the server answers")
    parser.add_argument("--revive", action="store_true", help="start again by itself when it was killed or crashed")
    options = parser.parse_args(arguments)
    folder = Folder(root=options.state / "local") if options.state else Folder.of(os.environ)
    if options.revive:
        return supervisor.supervise(folder, options.ready_fd, lambda ready: run(folder, ready))
    return run(folder, () if options.ready_fd is None else (options.ready_fd,))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
