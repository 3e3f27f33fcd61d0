from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from semanticworld import __version__
from semanticworld.cli.programs import COMPUTE, NETWORKING, PROGRAMS
from semanticworld.cli.spec import Command, Program
from stage import Stage

ROOT = Path(__file__).resolve().parents[2]
ALL = [(program, command) for program in PROGRAMS.values() for command in program.commands]


@pytest.mark.parametrize(("program", "command"), ALL, ids=lambda item: item.name)
def test_every_command_explains_itself_in_both_ways(stage: Stage, program: Program, command: Command) -> None:
    asked = stage.run("help", command.name, program=program)
    assert asked.status == 0
    if command.name != "help":
        assert stage.run(command.name, "--help", program=program).out == asked.out
    for option in command.options:
        assert f"  {option.name}" in asked.out


def test_the_overview_names_every_command(stage: Stage) -> None:
    for program in (COMPUTE, NETWORKING):
        out = stage.run("help", program=program).out
        assert all(f"  {command.name}" in out for command in program.commands)
        assert stage.run("--help", program=program).out == out


def test_help_on_what_is_not_there_suggests_the_nearest(stage: Stage) -> None:
    run = stage.run("help", "deleet")
    assert (run.status, "did you mean delete?" in run.err) == (2, True)


def test_the_version_is_said(stage: Stage) -> None:
    assert stage.run("--version").out == f"manage-compute {__version__}\n"


def test_an_option_means_the_same_kind_everywhere() -> None:
    kinds = {}
    for _, command in ALL:
        for option in command.options:
            assert kinds.setdefault(option.name, option.kind) is option.kind


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys; from semanticworld.cli.entry import run_program; sys.argv[1:] = ['help', 'create']; run_program('manage-compute');"
        "print(*sorted({name.partition('.')[0] for name in sys.modules} & {'rich', 'click', 'boto3', 'botocore', 'yaml', 'jmespath', 'json', 'asyncio'}))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == ""


def test_every_code_of_the_face_has_a_page_and_every_page_a_use() -> None:
    folders = (ROOT / "src/semanticworld", ROOT / "tools")
    files = [
        path for folder in folders for path in folder.rglob("*") if path.is_file() and path.suffix in {"", ".py", ".sh"}
    ]
    used = set(re.findall(r"\bCFG0\d\d\b", "".join(path.read_text() for path in files)))
    assert {path.stem for path in (ROOT / "docs" / "runbooks").glob("CFG0*.md")} == used
