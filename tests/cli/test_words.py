"""What is said when something is almost right, and in the forms that scripts and people read."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import termios
import time
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from semanticworld.cli.commands.local import _faults_view, _view
from semanticworld.cli.programs import COMPUTE, NETWORKING
from semanticworld.cli.render.view import Facts, Grid, Line, View
from semanticworld.model.environment import Layer
from semanticworld.model.leftover import Kept
from stage import DELETED, STATUS, Stage


def words_of(view: View) -> str:
    lines: list[str] = []
    for block in view:
        match block:
            case Facts():
                lines += [f"{label}={cell.text}" for label, cell in block.pairs]
            case Grid():
                lines += [" | ".join(block.headings), *(" | ".join(cell.text for cell in row) for row in block.rows)]
            case Line():
                lines.append(block.cell.text)
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("argv", "not_said"),
    [
        (["create", "dev", "--fly"], "--yes"),
        (["create", "dev", "--yess"], "mean --yes"),
        (["delete", "dev", "--everythin"], "mean --everything"),
        (["delete", "dev", "--force-delet"], "mean --force-delete"),
        (["completion", "tcsh"], "mean zsh"),
        (["status", "--output", "xml"], "mean yaml"),
        (["status", "--bogus"], "--verbose"),
    ],
)
def test_no_far_word_and_no_consent_is_proposed(stage: Stage, argv: list[str], not_said: str) -> None:
    run = stage.run(*argv)
    assert run.status == 2
    assert not_said not in run.err


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["creat", "dev"], "did you mean create?"),
        (["create", "dve"], "did you mean dev?"),
        (["status", "prdo"], "did you mean prod?"),
        (["status", "--output", "jsn"], "did you mean json?"),
        (["create", "dev", "--instance-typ", "x"], "did you mean --instance-type?"),
        (["create", "dev", "--storage-size", "2000000"], "30 to 16384 GiB"),
        (["create", "dev", "--storage-size", "1"], "30 to 16384 GiB"),
        (["create", "dev", "--timeout", "99999999999999h"], "is too long"),
        (["create", "dev", "--timeout", "soon"], "is no duration"),
    ],
)
def test_the_near_word_and_the_real_limit_are_said(stage: Stage, argv: list[str], said: str) -> None:
    run = stage.run(*argv)
    assert run.status == 2
    assert said in run.err


def test_an_expression_that_fits_no_answer_is_refused_before_anything_happens(stage: Stage) -> None:
    for expression in ("sum(@)", "length(ok)", "sum(values(@))", "join('x', command)"):
        run = stage.run("create", "dev", "--query", expression)
        assert (run.status, "CFG007" in run.err) == (2, True), expression
    assert stage.composition.connections == []


@pytest.mark.parametrize("output", ["json", "yaml", "text", "table"])
def test_an_expression_that_fails_on_the_answer_costs_neither_answer_nor_status(stage: Stage, output: str) -> None:
    run = stage.run("create", "dev", "--quiet", "--query", "sum(outputs)", "--output", output)
    assert run.status == 0
    assert "ComputeInstanceId" in run.out
    warnings = [line for line in run.err.splitlines() if "--query" in line]
    assert warnings == [
        "warning: --query does not fit this answer, which is given whole: sum() takes array-number and was given object"
    ]
    assert "i-0abc" not in run.err


def test_what_a_query_does_not_find_is_none_as_the_aws_cli_says(stage: Stage) -> None:
    assert stage.run("outputs", "dev", "--query", "outputs.Nope", "--output", "text").out == "None\n"


def test_text_is_a_row_an_environment(stage: Stage) -> None:
    out = stage.run("status", "--output", "text").out
    assert out.splitlines()[0] == "dev\tCREATE_COMPLETE\ti-0abc\tg5.xlarge\trunning\t10.0.10.5"
    assert len(out.splitlines()) == 4
    stage.cases.answers["status_all"] = (replace(STATUS, stack=None, node=None),)
    assert stage.run("status", "--output", "text").out == "dev\t-\t-\t-\t-\t-\n"


def test_the_columns_are_those_that_say_something(stage: Stage) -> None:
    stage.cases.answers["status_all"] = (replace(STATUS, unread=()),)
    assert stage.run("status").out.splitlines()[0].split() == ["ENVIRONMENT", "STACK", "NODE", "TYPE", "STATE"]
    stage.cases.answers["status_all"] = (replace(STATUS, target=Layer.NETWORKING),)
    heads = stage.run("status", program=NETWORKING).out.splitlines()[0]
    assert heads.split() == ["ENVIRONMENT", "STACK", "COULD", "NOT", "BE", "READ"]


def test_one_thing_is_one_thing(stage: Stage) -> None:
    left = Kept(type="AWS::EC2::Volume", id="vol-1", why="not ours to keep", usd_per_month=Decimal("4.50"))
    stage.cases.answers["delete"] = replace(DELETED, leftovers=(left,))
    assert "1 thing is left" in stage.run("delete", "dev").out


def test_validate_counts_every_template(stage: Stage) -> None:
    out = stage.run("validate", "dev").out
    assert "semanticworld-networking.yaml, semanticworld-base.yaml, semanticworld-compute.yaml: " in out
    assert "in 3 templates" in out


def test_the_embedded_cloud_is_told_in_words() -> None:
    said = words_of(
        _view(
            {
                "running": True,
                "uptime_s": 20.87461,
                "cloud_time": datetime(2026, 11, 23, 12, tzinfo=UTC),
                "counts": {"stacks": 3, "nat_gateways": 1, "roles": 0},
                "pid": None,
                "export_line": "export A=b",
                "faults": 2,
            }
        )
    )
    assert said.splitlines() == [
        "running=yes",
        "uptime=20.9s",
        "cloud time=2026-11-23 12:00:00 UTC",
        "holds=3 stacks, 1 nat gateways",
        "faults in force=2",
        "for the aws CLI:",
        "export A=b",
    ]


def test_faults_have_headings_limits_and_a_way_out() -> None:
    fault = {
        "number": 1,
        "kind": "throttle",
        "where": {"service": None, "operation": "RunInstances"},
        "share": 0.3,
        "times": None,
        "left": None,
        "struck": 4,
    }
    said = words_of(_faults_view([fault]))
    assert "NUMBER | KIND | WHAT | TIMES LEFT | STRUCK" in said
    assert "1 | throttle | operation=RunInstances share=0.3 | unlimited | 4" in said
    assert "local fault clear NUMBER" in said
    assert "None" not in said


def test_what_was_typed_before_the_question_is_no_answer() -> None:
    program = (
        "import sys\n"
        "from semanticworld.cli.consent import TerminalConsent\n"
        "from semanticworld.cli.terminal import Stream, Terminal\n"
        "from semanticworld.model.question import Question\n"
        "print('ready', flush=True); import time; time.sleep(0.7)\n"
        "terminal = Terminal(stdin=sys.stdin, stdout=Stream(sys.stdout), stderr=Stream(sys.stdout), environ={})\n"
        "consent = TerminalConsent(terminal, yes=False, given=frozenset(), before=lambda: None)\n"
        "print('SAID', consent.ask(Question(text='Really?')), flush=True)\n"
    )
    leader, follower = pty.openpty()
    attributes = termios.tcgetattr(follower)
    attributes[3] &= ~termios.ECHO
    termios.tcsetattr(follower, termios.TCSANOW, attributes)
    process = subprocess.Popen([sys.executable, "-c", program], stdin=follower, stdout=follower, stderr=follower)
    os.close(follower)
    said = b""
    until = time.monotonic() + 20
    answered = False
    while not said.endswith((b"SAID False\r\n", b"SAID True\r\n")) and time.monotonic() < until:
        said += os.read(leader, 1024)
        if b"ready" in said and not answered and b"Really" not in said:
            os.write(leader, b"y\n")  # too early
        elif b"[y/N]" in said and not answered:
            answered = True
            time.sleep(0.3)
            os.write(leader, b"n\n")
    process.wait(timeout=20)
    os.close(leader)
    assert b"SAID False" in said


def test_completion_knows_the_kinds_of_faults_and_their_options_only_there(stage: Stage) -> None:
    script = stage.run("completion", "bash", program=COMPUTE).out

    def offered(*typed: str) -> set[str]:
        line = " ".join(f"'{word}'" for word in typed)
        asked = (
            f"{script}\nCOMP_WORDS=({line}); COMP_CWORD={len(typed) - 1}\n_manage_compute\n"
            'printf "%s\\n" "${COMPREPLY[@]}"'
        )
        run = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, check=True)
        return set(run.stdout.split())

    assert {"throttle", "capacity", "lost-answer", "clear", "--service"} <= offered(
        "manage-compute", "local", "fault", ""
    )
    assert "--service" not in offered("manage-compute", "local", "")
