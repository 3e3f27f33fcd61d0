"""What the cloud has accepted must not be forgotten: the state is on disk before the caller is told.

AWS never forgets a stack operation that it accepted. Other calls are on disk within a second (keeper.py).
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

logger = logging.getLogger(__name__)

_savers: list[Callable[[], Awaitable[object]]] = []


def save_by(save: Callable[[], Awaitable[object]]) -> None:
    """Have the state saved by this from now on; the server says so once."""
    _savers[:] = [save]


async def kept() -> None:
    """Return when the state as it is now is on disk; at once where nothing keeps it."""
    for save in _savers:
        try:
            await save()
        except Exception:  # the keeper tries again, and `local status` tells of it
            logger.exception("the state could not be saved")
