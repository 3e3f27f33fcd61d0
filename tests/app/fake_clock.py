"""Time that passes only when somebody sleeps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

EPOCH = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class FakeClock:
    """The port Clock; `at` runs something when time reaches a second, such as a fault or Ctrl-C."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []
        self._due: list[tuple[float, Callable[[], None]]] = []

    def now(self) -> datetime:
        return EPOCH + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += max(seconds, 1e-6)
        while self._due and self._due[0][0] <= self.seconds:
            self._due.pop(0)[1]()

    def at(self, second: float, act: Callable[[], None]) -> None:
        self._due.append((second, act))
        self._due.sort(key=lambda due: due[0])
