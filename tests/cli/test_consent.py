from __future__ import annotations

import pytest

from semanticworld.model.question import Question
from stage import Stage

PLAIN = Question(text="Go on?", consequences=("the node stops",))
TYPED = Question(text="This is prod.", expects="prod")
BUCKET = Question(text="Delete the bucket?", expects="our-data", yes_suffices=False)
NAMED = Question(text="Replace the volume?", yes_suffices=False, named_option="--force-delete")


@pytest.mark.parametrize(
    ("question", "argv", "stdin", "tty", "status", "said"),
    [
        (PLAIN, [], "", False, 3, "--yes"),
        (PLAIN, ["--yes"], "", False, 0, None),
        (PLAIN, [], "y\n", True, 0, None),
        (PLAIN, [], "YES\n", True, 0, None),
        (PLAIN, [], "\n", True, 0, "declined"),
        (PLAIN, [], "what\nn\n", True, 0, "declined"),
        (PLAIN, [], "a\nb\nc\n", True, 0, "declined"),
        (PLAIN, [], "", True, 3, "without an answer"),
        (PLAIN, [], "y\n", False, 3, "no terminal"),
        (TYPED, [], "prod\n", True, 0, None),
        (TYPED, [], "y\n", True, 0, "declined"),
        (TYPED, ["--yes"], "", False, 0, None),
        (TYPED, [], "", False, 3, "--yes or --confirm prod"),
        (TYPED, ["--confirm", "prod"], "", False, 0, None),
        (TYPED, ["--confirm", "dev"], "", False, 3, "--confirm prod"),
        (TYPED, ["--confirm", "dev", "--confirm=prod"], "", False, 0, None),
        (BUCKET, ["--yes"], "", False, 3, "--confirm our-data"),
        (BUCKET, ["--yes", "--confirm", "our-data"], "", False, 0, None),
        (NAMED, ["--confirm", "dev"], "", False, 3, "no terminal"),
        (NAMED, ["--yes"], "", False, 3, "--yes --force-delete"),
        (NAMED, ["--yes", "--force-delete"], "", False, 0, None),
        (NAMED, ["--force-delete"], "", False, 3, "no terminal"),
    ],
)
def test_a_question_is_answered_or_refused_and_never_hangs(
    stage: Stage, question: Question, argv: list[str], stdin: str, tty: bool, status: int, said: str | None
) -> None:
    stage.cases.asks = question
    run = stage.run("delete", "dev", *argv, stdin=stdin, tty=tty, environ={"TERM": "xterm"})
    assert run.status == status
    assert ("declined" in run.err) == (said == "declined")
    if said:
        assert said in run.err


def test_consequences_are_shown_before_the_question(stage: Stage) -> None:
    stage.cases.asks = PLAIN
    err = stage.run("delete", "dev", stdin="y\n", tty=True, environ={"TERM": "dumb"}).err
    assert err.index("the node stops") < err.index("Go on? [y/N]")
