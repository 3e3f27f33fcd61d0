"""The extension pack: what makes ministack tell the truth about the resources this project uses."""

from __future__ import annotations

import importlib
import importlib.util

PARTS = ("cloudformation", "ec2", "resources")
"""Subpackages in the order in which they are installed; a later one may build on what an earlier one replaced."""


def install() -> tuple[str, ...]:
    """The names of the parts that were installed into ministack, in order."""
    present = tuple(part for part in PARTS if importlib.util.find_spec(f"{__name__}.{part}") is not None)
    for part in present:
        importlib.import_module(f"{__name__}.{part}").install()
    return present
