"""30 hostile strings through every printed field of every result, event and error, in every format."""

from __future__ import annotations

import json

import pytest

from semanticworld.errors import AwsAnswer, AwsError
from semanticworld.model.question import Question
from stage import CREATED, DELETED, EVENTS, HISTORY, OUTPUTS, STATUS, VALIDATED, Stage, poisoned, without_colors

HOSTILE = [
    "\x1b[31mred",
    "\x1b[2J\x1b[H",
    "\x1b]0;title\x07",
    "\x1b]52;c;ZXZpbA==\x07",
    "\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\",
    "\x1bP+q544e\x1b\\",
    "\x1b_apc\x1b\\",
    "\x1b^pm\x1b\\",
    "\x1b[?1049h",
    "\x1bc",
    "\x9b31mC1",
    "\x9d52;c;x\x9c",
    "\x90dcs\x9c",
    "back\x08\x08space",
    "bell\x07",
    "over\rwritten",
    "nul\x00byte",
    "del\x7f",
    "vertical\x0btab\x0cfeed",
    "shift\x0e\x0fout",
    "\u202eoverride",
    "\u202aembed\u202c",
    "\u2066isolate\u2069",
    "\u200emark\u200f",
    "line\u2028separator",
    "para\u2029graph",
    "zero\u200bwidth\u2060joiner\ufeff",
    "tag\U000e0041\U000e007f",
    "[bold red]markup[/] [link=http://evil]x[/link] :skull:",
    "surrogate\udc80 and new\nline\ttab",
]
FORBIDDEN = {*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0))} - {"\n", "\t"} | set(
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u2028\u2029\u200b\u2060\ufeff\U000e0041\U000e007f\udc80"
)
COMMANDS = {
    "create": (["create", "dev"], CREATED),
    "delete": (["delete", "dev"], DELETED),
    "status": (["status", "dev"], STATUS),
    "status_all": (["status"], (STATUS,)),
    "outputs": (["outputs", "dev"], OUTPUTS),
    "validate": (["validate", "dev"], VALIDATED),
    "history": (["history", "dev"], HISTORY),
}


@pytest.mark.parametrize("output", ["table", "json", "yaml", "text"])
@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_no_raw_byte_reaches_the_reader(stage: Stage, hostile: str, output: str) -> None:
    stage.cases.events = poisoned(EVENTS, hostile)
    for name, (argv, result) in COMMANDS.items():
        stage.cases.answers[name] = poisoned(result, hostile)
        run = stage.run(*argv, "--output", output, "--verbose")
        assert not FORBIDDEN & set(run.out + run.err), name
        if output == "json":
            json.loads(run.out)


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_no_raw_byte_reaches_a_live_terminal(stage: Stage, hostile: str) -> None:
    stage.cases.events = poisoned(EVENTS, hostile)
    stage.cases.answers["create"] = poisoned(CREATED, hostile)
    stage.cases.asks = poisoned(Question(text="Really?", consequences=("it goes",), expects="prod"), hostile)
    run = stage.run("create", "dev", tty=True, stdin="x\n", environ={"TERM": "xterm"})
    for text in (run.out, run.err):
        # rich's own sequences are CSI; what is left must be clean, and a window title or a clipboard is never ours.
        assert not FORBIDDEN & set(without_colors(text).replace("\r", ""))
    assert hostile not in run.out + run.err or hostile.isprintable()


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_no_raw_byte_of_an_error_or_an_argument_reaches_the_reader(stage: Stage, hostile: str) -> None:
    aws = AwsAnswer(code=hostile, operation=hostile, request_id=hostile)
    stage.cases.raises = AwsError(hostile, why=hostile, hint=hostile, code="LIF001", aws=aws)
    runs = [stage.run("status", "dev", "--output", output) for output in ("table", "json", "yaml", "text")]
    runs += [stage.run(hostile), stage.run("create", hostile), stage.run("create", "dev", "--subnet", hostile)]
    runs += [
        stage.run("help", hostile),
        stage.run(f"--{hostile}"),
        stage.run("create", "dev", "--parameters", f"/{hostile}"),
    ]
    for run in runs:
        assert run.status in {2, 4}
        assert not FORBIDDEN & set(run.out + run.err)
