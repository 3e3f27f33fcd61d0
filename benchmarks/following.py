"""Dead time: how long after a stack is done its follower notices. Computed with a made-up clock; nothing is called.

python benchmarks/following.py

Ours is the real follow loop of `create` against a stack that ends after 35.0, 35.1 ... 50.0 s, each call taking
0.15 s, once with an event every 4 s and once with 30 s of silence before the end. The references are what botocore's
waiter and `aws cloudformation deploy` do: a look at once, then one every 30 s.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast

import botocore.session
from timing import Timing, heading, table

from semanticworld.app.follow import follow
from semanticworld.app.operation import Operation
from semanticworld.core.commands import Subject
from semanticworld.core.failure import Kind
from semanticworld.core.progress import STACK_TYPE
from semanticworld.model.environment import Environment, EnvironmentName, Layer
from semanticworld.model.stack import Stack, StackEvent

if TYPE_CHECKING:
    from semanticworld.ports import World

DURATIONS_S = tuple(each / 10 for each in range(350, 501))
CALL_S = 0.15
NEWS_EVERY_S = 4.0
EPOCH = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ENVIRONMENT = Environment(name=EnvironmentName.DEV)
SUBJECT = Subject(environment=ENVIRONMENT, layer=Layer.COMPUTE)
STACK_ID = "arn:aws:cloudformation:eu-central-1:123456789012:stack/semanticworld-dev-compute/0"


@dataclass(slots=True)
class FakeClock:
    """Time passes when somebody sleeps or calls."""

    seconds: float = 0.0

    def now(self) -> datetime:
        """The time of day."""
        return EPOCH + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        """Seconds so far."""
        return self.seconds

    def sleep(self, seconds: float) -> None:
        """Time passes."""
        self.seconds += seconds


@dataclass(slots=True)
class ScriptedStack:
    """The port Stacks as far as following needs it: one creation that ends at a given second."""

    clock: FakeClock
    duration_s: float
    news_s: tuple[float, ...]
    calls: int = 0

    def events(self, stack_id: str, *, after: str | None) -> tuple[StackEvent, ...]:
        """What has happened since; the answer is as of the call's end."""
        self._pass()
        past = [
            StackEvent(
                id=f"{second:09.3f}",
                at=EPOCH + timedelta(seconds=second),
                stack_id=stack_id,
                logical_id="semanticworld-dev-compute" if own else "Instance",
                physical_id=stack_id if own else None,
                type=STACK_TYPE if own else "AWS::EC2::Instance",
                status=status,
            )
            for second, own, status in self._script()
            if second <= self.clock.seconds
        ]
        return tuple(event for event in past if after is None or event.id > after)

    def describe(self, name_or_id: str) -> Stack:
        """The stack as it is at the call's end."""
        self._pass()
        over = self.clock.seconds >= self.duration_s
        status = "CREATE_COMPLETE" if over else "CREATE_IN_PROGRESS"
        return Stack(name="semanticworld-dev-compute", id=name_or_id, status=status)

    def _script(self) -> list[tuple[float, bool, str]]:
        middle = [(second, False, "CREATE_IN_PROGRESS") for second in self.news_s if second < self.duration_s]
        return [(0.0, True, "CREATE_IN_PROGRESS"), *middle, (self.duration_s, True, "CREATE_COMPLETE")]

    def _pass(self) -> None:
        self.calls += 1
        self.clock.sleep(CALL_S)


@dataclass(slots=True)
class ScriptedWorld:
    """The ports that following touches."""

    stacks: ScriptedStack
    clock: FakeClock
    local: bool = field(default=False)


def followed(duration_s: float, news_s: tuple[float, ...]) -> tuple[float, float]:
    """Dead seconds of our follow loop, and its calls a second."""
    clock = FakeClock()
    stack = ScriptedStack(clock, duration_s, news_s)
    operation = Operation(
        world=cast("World", ScriptedWorld(stack, clock)),
        command="create",
        environment=ENVIRONMENT,
        target=Layer.COMPUTE,
        timeout_s=None,
        id="benchmark",
        started_s=0.0,
    )
    for _ in follow(operation, SUBJECT, Kind.CREATE, stack_id=STACK_ID, since=""):
        pass
    return clock.seconds - duration_s, stack.calls / clock.seconds


def waited(duration_s: float, delay_s: float) -> float:
    """Dead seconds of a waiter that looks at once and then after each delay."""
    seconds = CALL_S
    while seconds < duration_s:
        seconds += delay_s + CALL_S
    return seconds - duration_s


def main() -> None:
    """Prints a table."""
    model = botocore.session.get_session().get_waiter_model("cloudformation")
    delay_s = float(model.get_waiter("StackCreateComplete").delay)
    every = tuple(NEWS_EVERY_S * each for each in range(1, 12))
    rates: list[float] = []

    def ours(news: Callable[[float], tuple[float, ...]]) -> Timing:
        ends = [followed(duration, news(duration)) for duration in DURATIONS_S]
        rates.extend(rate for _, rate in ends)
        return Timing([dead for dead, _ in ends], [0.0])

    timings = {
        "ours, an event every 4 s": ours(lambda _: every),
        "ours, silent for 30 s": ours(lambda duration: tuple(each for each in every if each <= duration - 30)),
        f"botocore waiter ({delay_s:g} s)": Timing([waited(each, delay_s) for each in DURATIONS_S], [0.0]),
        "aws cloudformation deploy (30 s)": Timing([waited(each, 30.0) for each in DURATIONS_S], [0.0]),
    }
    heading("Dead time after a stack of 35 to 50 s is done (computed, not measured)")
    table(timings, targets=dict.fromkeys(list(timings)[:2], "2.5 s"))
    print(f"\ncalls a second of ours: {min(rates):.2f} to {max(rates):.2f}; DescribeStacks is limited to about 5")


if __name__ == "__main__":
    main()
