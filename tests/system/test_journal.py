from __future__ import annotations

import os
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from semanticworld.errors import Refused
from semanticworld.model.operation import JournalEntry
from semanticworld.system.journal import FileJournal

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def entry(number: int = 0, *, environment: str = "dev", **more: str) -> JournalEntry:
    return JournalEntry(
        operation_id=f"op{number}",
        at=AT + timedelta(seconds=number),
        command="create",
        environment=environment,
        step="ExecuteChangeSet",
        token="token-1",  # noqa: S106 - a request token
        detail=more,
    )


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path / "journal")
    written = JournalEntry(
        operation_id="a1",
        at=AT,
        command="delete",
        environment="prod",
        step="begun",
        stack_name="semanticworld-prod-compute",
        stack_id="arn:aws:cloudformation:eu-central-1:123456789012:stack/semanticworld-prod-compute/1",
        token="t",  # noqa: S106 - a request token
        detail={"reason": "grün"},
    )
    journal.append(written)
    assert journal.entries("prod") == (written,)


def test_a_folder_that_is_not_there_is_an_empty_journal(tmp_path: Path) -> None:
    assert FileJournal(tmp_path / "nothing").entries(None) == ()
    assert FileJournal(tmp_path / "nothing").entries("dev") == ()


def test_environments_are_kept_apart_and_read_together_in_order(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path)
    for number, environment in ((2, "dev"), (1, "prod"), (3, "prod")):
        journal.append(entry(number, environment=environment))
    assert [each.operation_id for each in journal.entries("prod")] == ["op1", "op3"]
    assert [each.operation_id for each in journal.entries(None)] == ["op1", "op2", "op3"]


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    FileJournal(tmp_path / "journal").append(entry())
    assert stat.S_IMODE((tmp_path / "journal" / "dev.jsonl").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "journal").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\xff\xfe\x00",
        b'{"operation_id": 1}',
        b'{"operation_id":"a","at":"2026-11-23","command":"c","environment":"dev","step":"s"}',
        b'{"operation_id":"a","at":"yesterday","command":"c","environment":"dev","step":"s"}',
        b'{"operation_id":"a","at":"2026-11-23T12:00:00+00:00","command":"c","environment":"dev","step":"s","detail":[1]}',
    ],
)
def test_a_broken_line_is_skipped_and_the_next_ones_are_read(tmp_path: Path, broken: bytes) -> None:
    journal = FileJournal(tmp_path)
    journal.append(entry(1))
    with (tmp_path / "dev.jsonl").open("ab") as file:
        file.write(broken + b"\n")
    journal.append(entry(2))
    assert [each.operation_id for each in journal.entries("dev")] == ["op1", "op2"]


def test_after_a_torn_last_line_the_next_entry_stands_alone(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path)
    journal.append(entry(1))
    journal.append(entry(2))
    path = tmp_path / "dev.jsonl"
    path.write_bytes(path.read_bytes()[:-20])  # the writer was killed in the middle of its line
    journal.append(entry(3))
    assert [each.operation_id for each in journal.entries("dev")] == ["op1", "op3"]


def test_control_characters_neither_break_lines_nor_come_back(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path)
    journal.append(entry(1, reason="a\nb\x1b]52;c;aGk=\x07\u202e\u2028z\x9b"))
    assert (tmp_path / "dev.jsonl").read_bytes().count(b"\n") == 1
    assert journal.entries("dev")[0].detail == {"reason": "ab]52;c;aGk=z"}


def test_processes_that_write_at_once_lose_and_mix_nothing(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from datetime import UTC, datetime\n"
        "from pathlib import Path\n"
        "from semanticworld.model.operation import JournalEntry\n"
        "from semanticworld.system.journal import FileJournal\n"
        "for number in range(25):\n"
        "    FileJournal(Path(sys.argv[1])).append(JournalEntry(operation_id=f'{sys.argv[2]}-{number}', at=datetime.now(UTC),\n"
        "        command='create', environment='dev', step='begun', detail={'padding': 'x' * 9000}))\n"
    )
    writers = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path), str(number)])  # noqa: S603 - our own interpreter
        for number in range(4)
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0, 0]
    found = [each.operation_id for each in FileJournal(tmp_path).entries("dev")]
    assert sorted(found) == sorted(f"{writer}-{number}" for writer in range(4) for number in range(25))


def test_a_journal_that_cannot_be_written_refuses_before_anything_is_done(tmp_path: Path) -> None:
    (tmp_path / "journal").write_text("a file where the folder should be")
    with pytest.raises(Refused) as caught:
        FileJournal(tmp_path / "journal").append(entry())
    assert caught.value.code == "LIF930"


def test_a_symbolic_link_in_the_files_place_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("")
    folder = tmp_path / "journal"
    folder.mkdir()
    (folder / "dev.jsonl").symlink_to(victim)
    with pytest.raises(Refused):
        FileJournal(folder).append(entry())
    assert victim.read_text() == ""


@pytest.mark.parametrize(
    "hostile",
    [
        b"[" * 200_000,
        b'{"operation_id":"a","at":"0001-01-01T00:00:00+14:00","command":"c","environment":"dev","step":"s"}',
        b'"' + b"x" * 2_000_000 + b'"',
        b"9" * 5000,
    ],
)
def test_a_hostile_line_is_skipped(tmp_path: Path, hostile: bytes) -> None:
    journal = FileJournal(tmp_path)
    journal.append(entry(1))
    with (tmp_path / "dev.jsonl").open("ab") as file:
        file.write(hostile + b"\n")
    journal.append(entry(2))
    assert [each.operation_id for each in journal.entries("dev")] == ["op1", "op2"]


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "dev.jsonl")
    (tmp_path / "prod.jsonl").mkdir()
    (tmp_path / "test.jsonl").symlink_to(tmp_path / "elsewhere")
    for name in ("dev", "prod", "test", None):
        with pytest.raises(Refused) as refused:
            FileJournal(tmp_path).entries(name)
        assert refused.value.code == "LIF931"
    with pytest.raises(Refused) as refused:
        FileJournal(tmp_path).append(entry(1))
    assert refused.value.code == "LIF930"


def test_a_folder_that_is_a_file_is_no_empty_journal(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "journal"):
        for name in ("dev", None):
            with pytest.raises(Refused) as refused:
                FileJournal(folder).entries(name)
            assert refused.value.code == "LIF931"
