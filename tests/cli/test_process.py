"""The real process: signals, pipes, encodings."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

COMMAND = [sys.executable, "-m", "semanticworld.cli.compute"]
FOLLOWS = """
import io, os, sys, time
sys.path.insert(0, "tests")
from pathlib import Path
import semanticworld.cli.entry as entry
from stage import FakeCases, FakeComposition, EVENTS
class Slow(FakeCases):
    def create(self, world, request):
        yield EVENTS[0]
        if os.environ.get("BEGUN"):
            yield EVENTS[3]
        if os.environ.get("STUBBORN"):
            try:
                print("ready", file=sys.stderr, flush=True)
                time.sleep(30)
            except KeyboardInterrupt:
                print("cleaning up", file=sys.stderr, flush=True)
        time.sleep(30)
sys.exit(entry.run_program("manage-compute", FakeComposition(state=Path("/nonexistent"), cases=Slow())))
"""


def follow(stubborn: str = "", begun: str = "") -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", FOLLOWS, "create", "dev"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "STUBBORN": stubborn, "BEGUN": begun},
    )
    assert process.stderr.readline() == "compute layer ...\n"
    return process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_is_one_clear_message(number: int) -> None:
    process = follow(begun="1")
    assert "waiting for Node" in process.stderr.readline()
    process.send_signal(number)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert err.startswith("create was interrupted: what was started goes on by itself")
    assert "Traceback" not in err


def test_an_interruption_before_anything_was_sent_does_not_claim_that_something_goes_on() -> None:
    process = follow()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert err.startswith("create was interrupted: nothing was started or changed")


def test_the_second_signal_ends_it_at_once() -> None:
    process = follow("stubborn")
    assert process.stderr.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    assert "cleaning up" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == -signal.SIGINT
    assert "Traceback" not in err


def test_a_reader_that_leaves_is_no_error() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    run = subprocess.run([*COMMAND, "help"], stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert (run.returncode, run.stderr) == (0, "")


def test_a_poor_encoding_is_no_error() -> None:
    run = subprocess.run(
        [*COMMAND, "créate"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert run.returncode == 2
    assert r"cr\xe9ate" in run.stderr


def test_no_terminal_is_ever_waited_for() -> None:
    run = subprocess.run(
        [*COMMAND, "create"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=20
    )
    assert run.returncode == 2
