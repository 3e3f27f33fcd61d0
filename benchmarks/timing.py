"""Rounds of timed work in turn, and the table they end in. Every figure stands beside a reference of the same run."""

from __future__ import annotations

import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("boto3", "botocore", "awscli", "ministack")
WARM_UP = 1
COMPUTE = (sys.executable, "-m", "semanticworld.cli.compute")
NETWORKING = (sys.executable, "-m", "semanticworld.cli.networking")
Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Timing:
    """What one kind of work took: wall seconds, and CPU seconds (user and system, ours and of children that ended)."""

    wall_s: list[float] = field(default_factory=list)
    cpu_s: list[float] = field(default_factory=list)

    def take(self, work: Work) -> None:
        """Adds one run."""
        cpu, started = _cpu_s(), time.perf_counter()
        work()
        self.wall_s.append(time.perf_counter() - started)
        self.cpu_s.append(_cpu_s() - cpu)

    def dropped(self, count: int) -> Timing:
        """The same without its first runs."""
        return Timing(self.wall_s[count:], self.cpu_s[count:])

    def less(self, other: Timing) -> Timing:
        """Run by run, what this took beyond the other."""
        return Timing(
            [mine - theirs for mine, theirs in zip(self.wall_s, other.wall_s, strict=True)],
            [mine - theirs for mine, theirs in zip(self.cpu_s, other.cpu_s, strict=True)],
        )

    @property
    def median_s(self) -> float:
        """The median of the wall seconds."""
        return statistics.median(self.wall_s)


def in_turn(works: Mapping[str, Work], rounds: int, *, warm_up: int = WARM_UP) -> dict[str, Timing]:
    """Every work once a round, so that a busy moment of the machine meets them all; the warm-up rounds do not count."""
    timings = {name: Timing() for name in works}
    for _ in range(rounds + warm_up):
        for name, work in works.items():
            timings[name].take(work)
    return {name: timing.dropped(warm_up) for name, timing in timings.items()}


def ran(
    command: Sequence[str], environ: Mapping[str, str] | None = None, *, statuses: Sequence[int] = (0,), text: str = ""
) -> str:
    """What the command printed. Ends the benchmark when it fails: the time of a failure is no figure."""
    done = subprocess.run(command, env=environ, input=text, capture_output=True, text=True, check=False)
    if done.returncode not in statuses:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def running(
    command: Sequence[str], environ: Mapping[str, str] | None = None, *, statuses: Sequence[int] = (0,)
) -> Work:
    """The command as work."""
    return lambda: ran(command, environ, statuses=statuses)


def aws() -> str | None:
    """The aws CLI: the one of this environment, else the one on the PATH, else None."""
    beside = Path(sys.executable).with_name("aws")
    return str(beside) if beside.exists() else shutil.which("aws")


def rounds(default: int) -> int:
    """The rounds asked for on the command line."""
    return int(sys.argv[1]) if len(sys.argv) > 1 else default


def heading(what: str) -> None:
    """Prints what is measured and on what."""
    load = os.getloadavg()[0]
    print(what)
    print(
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC; {os.cpu_count()} cores, load {load:.1f}; "
        f"{platform.system()} {platform.release()} {platform.machine()}; Python {platform.python_version()}"
    )
    print(", ".join(f"{name} {_version(name)}" for name in PACKAGES))


def table(timings: Mapping[str, Timing], *, base: str | None = None, targets: Mapping[str, str] | None = None) -> None:
    """Prints the figures; `base` names the row that the multiples refer to."""
    targets = targets or {}
    width = max(len(name) for name in timings) + 2
    unit = "ms" if max(timing.median_s for timing in timings.values()) < 10 else "s"  # noqa: PLR2004 - readable digits
    scale, digits = (1000, 0) if unit == "ms" else (1, 2)
    times = f"{'x ' + base:>{len(base) + 4}}" if base else ""
    print(f"\n{unit:{width}}{'median':>9}{'min':>9}{'max':>9}{'CPU':>10}{'runs':>6}{times}  target")
    for name, timing in timings.items():
        figures = (timing.median_s, min(timing.wall_s), max(timing.wall_s))
        line = f"{name:{width}}" + "".join(f"{each * scale:9.{digits}f}" for each in figures)
        line += f"{statistics.median(timing.cpu_s) * scale:10.{digits}f}{len(timing.wall_s):6}"
        if base:
            line += f"{timing.median_s / timings[base].median_s:{len(base) + 4}.1f}"
        print(f"{line}  {targets.get(name, '')}".rstrip())


def _cpu_s() -> float:
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in usage)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"
