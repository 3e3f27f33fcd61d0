"""CloudFormation as AWS has it: ministack's engine, with the functions that told something else replaced.

What is true here and what is not stands in local/COVERAGE.md.
"""

from __future__ import annotations

__all__ = ["install", "resume"]


def install() -> None:
    """Put this package's functions in the place of ministack's."""
    from semanticworld.local.cloud.cloudformation import wiring  # noqa: PLC0415 - loads ministack, only for the server

    wiring.install()


def resume() -> None:
    """Take up the operations that a killed server left. On the event loop, after the state was restored."""
    from semanticworld.local.cloud.cloudformation.run import settle  # noqa: PLC0415 - loads ministack

    settle.settle_after_restart()
