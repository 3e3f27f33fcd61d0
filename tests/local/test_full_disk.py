"""A full disk, a read-only place and a removed folder: told, never papered over.

The full disk is real where this user may mount a tmpfs; everywhere else a folder in the place of the next snapshot stands for it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cloud import Cloud, fresh_account
from semanticworld.errors import Refused, Unfinished
from semanticworld.local import commands, control, locks, process
from semanticworld.local.folder import Folder


def break_saving(folder: Folder) -> Path:
    """Put a file in the place of the folder that every save needs; taking it away mends the disk."""
    bodies = folder.cloud / "bodies"
    if bodies.is_dir():
        bodies.rename(folder.cloud / "set-aside")
    bodies.write_text("")
    return bodies


def mend_saving(folder: Folder) -> None:
    (folder.cloud / "bodies").unlink()
    if (folder.cloud / "set-aside").is_dir():
        (folder.cloud / "set-aside").rename(folder.cloud / "bodies")


def put(cloud: Cloud, value: str) -> None:
    cloud.client("ssm").put_parameter(Name="/p", Value=value, Type="String", Overwrite=True)


def value(cloud: Cloud) -> str:
    return str(cloud.client("ssm").get_parameter(Name="/p")["Parameter"]["Value"])


def test_a_stop_that_cannot_save_fails_and_the_cloud_goes_on(started: Callable[[], Cloud]) -> None:
    cloud = started()
    environ = {**os.environ, **cloud.environ}
    put(cloud, "old")
    assert commands.save(environ) or commands.status(environ).problems == ()
    assert process.problems(cloud.folder) == ()
    break_saving(cloud.folder)
    put(cloud, "new")
    with pytest.raises(Unfinished) as raised:
        commands.stop(environ)
    assert raised.value.code == "LOC007"
    assert "s are not saved" in raised.value.why
    assert "bodies" in raised.value.why
    assert process.running(cloud.folder) == cloud.record
    assert any("not saved" in problem for problem in process.problems(cloud.folder))
    assert any("not saved" in problem for problem in commands.status(environ).problems)
    with pytest.raises(Refused):
        commands.save(environ)
    mend_saving(cloud.folder)
    assert commands.stop(environ)
    assert value(started()) == "new"


def test_a_forced_stop_gives_up_what_is_not_saved(started: Callable[[], Cloud]) -> None:
    cloud = started()
    environ = {**os.environ, **cloud.environ}
    put(cloud, "old")
    commands.save(environ)
    break_saving(cloud.folder)
    put(cloud, "new")
    assert commands.stop(environ, force=True)
    assert process.running(cloud.folder) is None
    mend_saving(cloud.folder)
    assert value(started()) == "old"


def test_control_goes_on_while_nothing_can_be_saved(started: Callable[[], Cloud]) -> None:
    cloud = started()
    break_saving(cloud.folder)
    environ = {**os.environ, **cloud.environ}
    assert commands.fault_add(environ, ["throttle", "1%"]).number == 1
    assert commands.advance(environ, "1h").clock_ahead_s >= 3600
    assert commands.fault_clear(environ) == 1
    assert control.ask(cloud.record, "state")["problems"]
    commands.reset(environ)  # gives everything up, so needs no save


def test_a_server_whose_folder_is_removed_ends_and_leaves_the_next_one_alone(folder: Folder) -> None:
    first = process.start(folder, os.environ)
    folder.root.rename(folder.root.with_name("removed"))
    second = process.start(folder, os.environ)
    assert second.pid != first.pid
    deadline = time.monotonic() + 30
    removed = folder.root.with_name("removed")
    while (left := locks.is_locked(removed / "alive.lock")) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not left
    assert process.running(folder) == second


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(  # noqa: S603 - our own words
        ["/bin/mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("this user may not mount a small disk")
    yield place
    subprocess.run(["/bin/umount", "-l", str(place)], check=True)  # noqa: S603 - our own words


def fill(disk: Path) -> Path:
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(1024))
        except OSError:
            return filler


def test_no_server_starts_on_a_full_disk(small_disk: Path) -> None:
    fill(small_disk)
    with pytest.raises(Refused) as refused:
        process.start(Folder(root=small_disk / "state" / "local"), os.environ)
    assert refused.value.code == "LOC006"
    assert "No space left" in refused.value.why


def test_a_cloud_on_a_disk_that_fills_up_loses_nothing_in_silence(small_disk: Path) -> None:
    folder = Folder(root=small_disk / "state" / "local")
    cloud = Cloud(folder=folder, record=process.start(folder, os.environ), account=fresh_account())
    try:
        put(cloud, "old")
        commands.save({**os.environ, **cloud.environ})
        filler = fill(small_disk)
        put(cloud, "new")
        with pytest.raises(Unfinished) as raised:
            process.stop(folder)
        assert "No space left" in raised.value.why
        filler.unlink()
        assert process.stop(folder)
        again = Cloud(folder=folder, record=process.start(folder, os.environ), account=cloud.account)
        assert value(again) == "new"
    finally:
        process.stop(folder, force=True)


READ_ONLY = """
import json, os, sys
from pathlib import Path
from semanticworld.errors import Refused
from semanticworld.local import process
from semanticworld.local.folder import Folder
os.setgid(65534); os.setuid(65534)
told = []
for do in (lambda f: process.start(f, os.environ), process.stop, process.wipe):
    try:
        do(Folder(root=Path(sys.argv[1])))
    except Refused as wrong:
        told.append(wrong.code)
print(json.dumps(told))
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody who may not write here")
def test_a_place_that_may_not_be_written_to_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "local"
    Folder(root=place).make()
    for path in (place, *list(place.parents)[:3]):
        path.chmod(0o755)
    told = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", READ_ONLY, str(place)], capture_output=True, text=True, check=False, cwd="/"
    )
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout) == ["LOC006", "LOC006", "LOC006"]
