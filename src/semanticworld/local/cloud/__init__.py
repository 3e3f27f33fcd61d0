"""The extension pack: what makes ministack tell the truth about the resources this project uses."""

from __future__ import annotations

import importlib
import importlib.util
from types import ModuleType

PARTS = ("cloudformation", "ec2", "resources")
"""Subpackages in the order in which they are installed; a later one may build on what an earlier one replaced."""


def install() -> tuple[str, ...]:
    """The names of the parts that were installed into ministack, in order."""
    from semanticworld.local.cloud import clock, faults  # noqa: PLC0415 - loads ministack, which only the server may

    parts = _present()
    for part in parts:
        part.install()
    faults.install()
    clock.install()
    return tuple(part.__name__.rpartition(".")[2] for part in parts)


def resume() -> None:
    """Take up again what was under way when the last server ended. On the event loop, after the state is restored.

    A part that keeps work across a restart has a function `resume()`, called here before the first request.
    """
    from semanticworld.local.cloud import settle  # noqa: PLC0415 - loads ministack, which only the server may

    resuming = [part for part in _present() if hasattr(part, "resume")]
    for part in resuming:
        part.resume()
    settle.settle(also_recorded=not resuming)


def _present() -> list[ModuleType]:
    return [importlib.import_module(f"{__name__}.{part}") for part in PARTS if _is_package(f"{__name__}.{part}")]


def _is_package(name: str) -> bool:
    """Whether there is such a package; a folder that holds only a cache of another branch is none."""
    spec = importlib.util.find_spec(name)
    return spec is not None and spec.origin is not None
