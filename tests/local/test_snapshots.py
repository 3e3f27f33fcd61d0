from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections import OrderedDict, defaultdict, deque
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semanticworld.local import pickles
from semanticworld.local.snapshots import Snapshots

CONTENT = b"state" * 500


@pytest.fixture
def snapshots(tmp_path: Path) -> Snapshots:
    return Snapshots(tmp_path)


def newest(folder: Path) -> Path:
    return max(folder.glob("snapshot-*"))


def test_what_was_saved_last_is_loaded(snapshots: Snapshots, tmp_path: Path) -> None:
    assert snapshots.load().snapshot is None
    snapshots.save(b"one", ())
    number = snapshots.save(b"two", (b"body",))
    found = Snapshots(tmp_path).load()
    assert found.damaged == ()
    assert found.snapshot is not None
    assert (found.snapshot.number, found.snapshot.content) == (number, b"two")
    assert snapshots.body(found.snapshot.bodies[0]) == b"body"


@pytest.mark.parametrize("harm", ["cut", "flipped", "emptied", "foreign", "no head"])
def test_the_one_before_stands_in_for_a_damaged_one(snapshots: Snapshots, tmp_path: Path, harm: str) -> None:
    snapshots.save(b"one", ())
    snapshots.save(CONTENT, ())
    path = newest(tmp_path)
    content = path.read_bytes()
    path.write_bytes(
        {
            "cut": content[:-3],
            "flipped": content[:-5] + bytes([content[-5] ^ 1]) + content[-4:],
            "emptied": b"",
            "foreign": b"hello\n",
            "no head": content.splitlines(keepends=True)[0] + b"{}\n",
        }[harm]
    )
    found = snapshots.load()
    assert found.snapshot is not None
    assert found.snapshot.content == b"one"
    assert [text for text in found.damaged if path.name in text]


def test_a_snapshot_with_a_lost_or_damaged_body_is_damaged(snapshots: Snapshots, tmp_path: Path) -> None:
    snapshots.save(b"one", (b"first",))
    snapshots.save(b"two", (b"first", b"second"))
    whole = snapshots.load().snapshot
    assert whole is not None
    body = tmp_path / "bodies" / whole.bodies[1]
    body.write_bytes(b"changed")
    found = snapshots.load()
    assert found.snapshot is not None
    assert found.snapshot.content == b"one"


def test_two_snapshots_stay_and_only_their_bodies(snapshots: Snapshots, tmp_path: Path) -> None:
    for number in range(5):
        snapshots.save(b"%d" % number, (b"always", b"body %d" % number))
    assert len(list(tmp_path.glob("snapshot-*"))) == 2
    assert len(list((tmp_path / "bodies").iterdir())) == 3


def test_a_writer_killed_at_any_moment_leaves_a_whole_snapshot(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from semanticworld.local.snapshots import Snapshots\n"
        "s = Snapshots(Path(sys.argv[1])); n = 0\n"
        "while True:\n"
        "    n += 1; s.save(b'%d ' % n * 20000, (b'body %d' % n * 9000,)); print(n, flush=True)\n"
    )
    seen = 0
    for _ in range(4):
        writer = subprocess.Popen(  # noqa: S603 - our own words
            [sys.executable, "-c", program, str(tmp_path)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        assert writer.stdout is not None
        for _ in range(3):
            writer.stdout.readline()
        writer.kill()
        writer.wait()
        writer.stdout.close()
        found = Snapshots(tmp_path).load()
        assert found.snapshot is not None
        assert found.damaged == ()
        assert found.snapshot.number >= seen + 3
        seen = found.snapshot.number


def back(value: object) -> object:
    content, bodies = pickles.dump(value)
    return pickles.load(content, lambda number: bodies[number])


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | st.decimals(allow_nan=False)
    | st.datetimes(timezones=st.just(UTC)),
    lambda inner: (
        st.lists(inner)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text() | st.integers() | st.tuples(st.text(), st.integers()), inner)
        | st.frozensets(st.integers())
    ),
    max_leaves=20,
)


@given(VALUES)
def test_plain_values_come_back_as_they_were(value: object) -> None:
    returned = back(value)
    assert returned == value
    assert type(returned) is type(value)


def test_containers_and_shared_values_come_back(tmp_path: Path) -> None:
    del tmp_path
    shared = {"a": 1}
    value = [
        shared,
        shared,
        OrderedDict(x=1),
        defaultdict(list, a=[1]),
        deque([1, 2], maxlen=5),
        {1, 2},
        Decimal("1.10"),
        datetime.now(UTC),
    ]
    returned = back(value)
    assert returned == value
    assert isinstance(returned, list)
    assert returned[0] is returned[1]


def test_large_bodies_stay_out(tmp_path: Path) -> None:
    del tmp_path
    body = os.urandom(pickles.LARGE_BYTES)
    content, bodies = pickles.dump({"body": body, "small": b"x"})
    assert bodies == (body,)
    assert len(content) < 1000


class Evil:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("true",)


@pytest.mark.parametrize("evil", [Evil(), os.getcwd, pickle.Pickler, getattr, subprocess.Popen])
def test_a_snapshot_builds_data_and_nothing_else(evil: object) -> None:
    with pytest.raises(pickle.UnpicklingError):
        pickles.load(pickle.dumps(evil), lambda _: b"")


@pytest.mark.parametrize("name", ["os.system", "process.os", "wipe", "subprocess"])
def test_functions_of_our_own_package_are_not_built_either(name: str) -> None:
    module = "semanticworld.local.process"
    content = (
        b"\x80\x04\x8c"
        + bytes([len(module)])
        + module.encode()
        + b"\x8c"
        + bytes([len(name)])
        + name.encode()
        + b"\x93."
    )
    with pytest.raises((pickle.UnpicklingError, AttributeError)):
        pickles.load(content, lambda _: b"")
