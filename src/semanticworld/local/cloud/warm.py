"""Loads after the start what the first stack will need, so that it does not wait for it: service models, schemas, hardware.

On a thread of low priority, which waits a moment first: whoever started the server asks it something at once.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator

from ministack.app import SERVICE_HANDLERS
from ministack.core.responses import request_scope
from ministack.services.cloudformation import provisioners

from semanticworld.local import environment
from semanticworld.local.cloud import hardware, schemas
from semanticworld.local.cloud.resources import calls

logger = logging.getLogger("semanticworld.local")

_PAUSE_S = 0.02
"""Between two pieces of work, so that requests get their turn."""

_SERVICES = ("s3", "iam", "logs", "sns", "ssm", "cloudwatch", "scheduler", "budgets", "dlm", "events")
_NICENESS = 10


def begin() -> threading.Thread:
    """Begin to warm up; the thread ends by itself."""
    thread = threading.Thread(target=_warm, name="warming", daemon=True)
    thread.start()
    return thread


def pieces() -> Iterator[Callable[[], object]]:
    """Every piece of work, what is needed first standing first."""
    for name in sorted(provisioners._RESOURCE_HANDLERS):
        entry = provisioners._RESOURCE_HANDLERS[name]
        if getattr(entry.get("create"), "__module__", "").startswith("semanticworld."):
            yield lambda name=name: schemas.schema(name)  # type: ignore[misc]
    for service in _SERVICES:
        yield lambda service=service: calls._client(service, environment.REGION)  # type: ignore[misc]
    yield hardware.instance_types
    yield lambda: SERVICE_HANDLERS["tagging"]


def _warm() -> None:
    if hasattr(os, "setpriority"):
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
    began = time.monotonic()
    for piece in pieces():
        time.sleep(_PAUSE_S)
        try:
            with request_scope(environment.ACCOUNT, environment.REGION):
                piece()
        except Exception:  # it will be loaded, or fail, when it is needed
            logger.exception("warming up")
    logger.info("warm after %.2f s", time.monotonic() - began)
