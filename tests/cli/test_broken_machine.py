"""A machine that refuses a file, a folder or our own output: a clear answer and a status, never a trace."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from stage import FakeCases, FakeComposition, Stage

PYTHON = sys.executable
COMMAND = f"{PYTHON} -m semanticworld.cli.compute"


def shell(line: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S602 - the shell's own redirections are what is tested
        line, shell=True, capture_output=True, text=True, check=False, timeout=60, env={**os.environ, **variables}
    )


def unusable(folder: Path) -> dict[str, str]:
    a_file = folder / "file"
    a_file.write_text("")
    return {
        "a file": str(a_file),
        "under a file": str(a_file / "below"),
        "nobody's home": "~nosuchuser/x",
        "too long": "/tmp/" + "x" * 300,  # noqa: S108 - never made
        "not ours": "/proc/nowhere",
    }


@pytest.mark.parametrize("which", ["a file", "under a file", "nobody's home", "too long", "not ours"])
@pytest.mark.parametrize("command", ["history dev", "local status", "local start", "status dev --local"])
def test_an_unusable_state_folder_is_refused(tmp_path: Path, which: str, command: str) -> None:
    run = shell(f"{COMMAND} {command}", MANAGE_COMPUTE_STATE=unusable(tmp_path)[which])
    if (which, command) == ("not ours", "history dev") or (command == "local status" and run.returncode == 0):
        assert "bug" not in run.stderr
        return
    assert run.returncode == 3, run.stderr
    assert "bug" not in run.stderr
    assert "Traceback" not in run.stderr
    assert "MANAGE_COMPUTE_STATE" in run.stderr


class BrokenComposition(FakeComposition):
    def state_folder(self) -> Path:
        raise RuntimeError("no home")

    def use_cases(self) -> FakeCases:
        raise LookupError("a bug")


def test_the_last_resort_cannot_fail(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.composition = BrokenComposition(state=tmp_path)
    run = stage.run("status", "dev")
    assert run.status == 1
    assert "semanticworld has a bug" in run.err
    assert "LookupError" in run.err


@pytest.mark.parametrize("command", ["help", "--version", "history dev --output json", "history dev"])
@pytest.mark.parametrize("where", [">&-", ">/dev/full"])
def test_an_answer_that_cannot_be_written_is_one_line_and_its_own_status(
    tmp_path: Path, command: str, where: str
) -> None:
    run = shell(f"{COMMAND} {command} {where}", MANAGE_COMPUTE_STATE=str(tmp_path))
    assert (run.returncode, "Traceback" in run.stderr, "bug" in run.stderr) == (5, False, False), run.stderr
    assert run.stderr.startswith("the answer could not be written: ")
    assert "CFG096" in run.stderr


@pytest.mark.parametrize("where", [">&- 2>&-", "2>&-", "2>/dev/full", "<&-", ">&- 2>&- <&-"])
def test_other_closed_streams_show_nothing_and_hurt_nobody(tmp_path: Path, where: str) -> None:
    run = shell(f"{COMMAND} history dev {where}", MANAGE_COMPUTE_STATE=str(tmp_path))
    assert run.returncode == (5 if ">&- " in where else 0)
    assert "Traceback" not in run.stderr + run.stdout


def test_a_failure_keeps_its_own_status_without_an_output() -> None:
    run = shell(f"{COMMAND} create >&-")
    assert run.returncode == 2
    assert "CFG002" in run.stderr


def test_what_was_hostile_in_the_journal_is_skipped(tmp_path: Path) -> None:
    folder = tmp_path / "journal"
    folder.mkdir()
    (folder / "dev.jsonl").write_text("[" * 200_000 + "\n" + json.dumps({"at": "0001-01-01T00:00:00+14:00"}) + "\n")
    run = shell(f"{COMMAND} history dev", MANAGE_COMPUTE_STATE=str(tmp_path))
    assert (run.returncode, run.stderr) == (0, "")


def test_a_pipe_as_journal_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "journal").mkdir()
    os.mkfifo(tmp_path / "journal" / "dev.jsonl")
    run = shell(f"{COMMAND} history dev", MANAGE_COMPUTE_STATE=str(tmp_path))
    assert run.returncode == 3
    assert "LIF931" in run.stderr


def test_a_hostile_record_of_the_server_is_no_record(tmp_path: Path) -> None:
    (tmp_path / "local").mkdir()
    (tmp_path / "local" / "server.json").write_text("[" * 200_000)
    run = shell(f"{COMMAND} local status", MANAGE_COMPUTE_STATE=str(tmp_path))
    assert run.returncode == 0, run.stderr
