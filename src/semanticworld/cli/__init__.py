"""Parse, ask, call, render."""

from __future__ import annotations


def manage_compute() -> int:
    """The exit status of manage-compute."""
    from semanticworld.cli.entry import run_program  # noqa: PLC0415 - importing the package must cost nothing

    return run_program("manage-compute")


def manage_networking() -> int:
    """The exit status of manage-networking."""
    from semanticworld.cli.entry import run_program  # noqa: PLC0415

    return run_program("manage-networking")
