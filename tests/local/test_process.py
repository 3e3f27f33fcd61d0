from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from semanticworld.errors import Refused
from semanticworld.local import health, locks, process
from semanticworld.local.folder import Folder


def test_a_started_server_answers_and_a_stopped_one_does_not(folder: Folder) -> None:
    record = process.start(folder, os.environ)
    assert process.running(folder) == record
    assert process.stop(folder)
    assert process.running(folder) is None
    assert not locks.is_locked(folder.alive)
    assert health.ask(record.port) is None
    assert not process.stop(folder)


def test_starting_twice_is_starting_once(folder: Folder) -> None:
    assert process.start(folder, os.environ) == process.start(folder, os.environ)


def test_six_who_start_at_once_get_the_same_server(folder: Folder) -> None:
    with ThreadPoolExecutor(6) as pool:
        records = list(pool.map(lambda _: process.start(folder, os.environ), range(6)))
    assert len({record.identity for record in records}) == 1


def test_the_next_server_takes_the_same_port(folder: Folder) -> None:
    first = process.start(folder, os.environ)
    process.stop(folder)
    assert process.start(folder, os.environ).port == first.port


def test_a_port_that_another_process_took_is_left_alone(folder: Folder) -> None:
    first = process.start(folder, os.environ)
    process.stop(folder)
    with socket.create_server(("127.0.0.1", first.port)):
        second = process.start(folder, os.environ)
        assert second.port != first.port


def test_a_killed_server_is_replaced_by_the_next_command(folder: Folder) -> None:
    first = process.start(folder, os.environ)
    os.kill(first.pid, signal.SIGKILL)
    second = process.start(folder, os.environ)
    assert second.identity != first.identity


def test_a_killed_server_comes_back_by_itself_on_the_same_port(folder: Folder) -> None:
    first = process.start(folder, os.environ)
    os.kill(first.pid, signal.SIGKILL)
    deadline = time.monotonic() + 15
    while ((second := process.running(folder)) is None or second == first) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert second is not None
    assert (second.port, second.identity != first.identity) == (first.port, True)
    assert "it is started again" in folder.log.read_text()
    assert process.stop(folder)
    time.sleep(0.5)
    assert not locks.is_locked(folder.alive)  # a server that was told to end stays away


SHORT_LIVES = """
import os, signal, sys
from pathlib import Path
from semanticworld.local import supervisor
from semanticworld.local.folder import Folder

def live(ready):
    print("x", end="", flush=True)
    if sys.argv[2] == "silent":
        return 7
    for descriptor in ready:
        os.write(descriptor, b"ready")
    os.kill(os.getpid(), signal.SIGKILL)

sys.exit(supervisor.supervise(Folder(root=Path(sys.argv[1])), None, live))
"""


@pytest.mark.parametrize(
    ("kind", "status", "lives"),
    [("dying", 1, "xxxxxx"), ("silent", 7, "x")],
    ids=["one that keeps dying is given up", "one that never answered is not started again"],
)
def test_starting_again_has_an_end(folder: Folder, kind: str, status: int, lives: str) -> None:
    folder.make()
    command = [sys.executable, "-c", SHORT_LIVES, str(folder.root), kind]
    ended = subprocess.run(command, capture_output=True, check=False, text=True, timeout=30)  # noqa: S603 - our own words
    assert (ended.returncode, ended.stdout) == (status, lives), ended.stderr


def test_a_foreign_process_on_the_port_is_not_taken_for_ours(folder: Folder, tmp_path: Path) -> None:
    ours = process.start(folder, os.environ)
    other = Folder(root=tmp_path / "other" / "local")
    theirs = process.start(other, os.environ)
    try:
        folder.record.write_bytes(
            folder.record.read_bytes().replace(str(ours.port).encode(), str(theirs.port).encode())
        )
        assert process.running(folder) is None
    finally:
        process.stop(other)


def test_the_server_warms_up_after_it_answers(folder: Folder) -> None:
    process.start(folder, os.environ)
    deadline = time.monotonic() + 30
    while "warm after" not in folder.log.read_text() and time.monotonic() < deadline:
        time.sleep(0.1)
    log = folder.log.read_text()
    assert log.index("answers on") < log.index("warm after")
    assert "Traceback" not in log


def test_the_server_listens_on_loopback_only(folder: Folder) -> None:
    record = process.start(folder, os.environ)
    inodes = {str(fd.readlink()) for fd in Path(f"/proc/{record.pid}/fd").iterdir() if fd.is_symlink()}
    listening = [
        fields[1]
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/{record.pid}/net/{table}").read_text().splitlines()[1:]
        if (fields := line.split())[3] == "0A" and f"socket:[{fields[9]}]" in inodes
    ]
    assert listening == [f"0100007F:{record.port:04X}"]


def test_the_files_are_closed_to_others(folder: Folder) -> None:
    process.start(folder, os.environ)
    assert folder.root.stat().st_mode & 0o777 == 0o700
    assert folder.record.stat().st_mode & 0o777 == 0o600


def test_the_server_outlives_the_command_that_started_it_and_its_ctrl_c(folder: Folder) -> None:
    program = (
        "import os, signal, sys; from pathlib import Path\n"
        "from semanticworld.local import process; from semanticworld.local.folder import Folder\n"
        "process.start(Folder(root=Path(sys.argv[1])), os.environ)\n"
        "os.killpg(0, signal.SIGINT)\n"
    )
    command = [sys.executable, "-c", program, str(folder.root)]
    ended = subprocess.run(command, capture_output=True, check=False, start_new_session=True)  # noqa: S603 - our own words
    assert ended.returncode != 0
    assert process.running(folder) is not None


def test_a_server_that_hangs_is_killed_and_its_state_kept(folder: Folder) -> None:
    record = process.start(folder, os.environ)
    os.kill(record.pid, signal.SIGSTOP)
    assert health.ask(record.port, timeout_s=0.2) is None
    assert process.stop(folder, grace_s=0.3)
    assert not locks.is_locked(folder.alive)


def test_a_folder_that_cannot_be_made_is_refused_with_a_hint(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Refused) as refused:
        process.start(Folder(root=tmp_path / "file" / "local"), os.environ)
    assert refused.value.code == "LOC006"


def test_a_server_that_cannot_start_says_why(folder: Folder) -> None:
    folder.make()
    (folder.root / "server.log").mkdir()
    with pytest.raises(Refused) as refused:
        process.start(folder, os.environ)
    assert refused.value.code == "LOC001"
    (folder.root / "server.log").rmdir()
