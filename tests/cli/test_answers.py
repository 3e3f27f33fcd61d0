"""The real command line in process: exit status, stdout and stderr."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
import yaml

from semanticworld.cli.programs import NETWORKING
from semanticworld.errors import AwsAnswer, AwsError, Interrupted, Refused, SemanticWorldError
from semanticworld.model.environment import Layer
from semanticworld.model.finding import Finding, Outcome
from semanticworld.model.leftover import Kept
from stage import CREATED, DELETED, STATUS, VALIDATED, Stage

COMMANDS = {
    "create": ["create", "dev"],
    "delete": ["delete", "dev"],
    "status": ["status", "dev"],
    "status-all": ["status"],
    "outputs": ["outputs", "dev"],
    "validate": ["validate", "dev"],
    "history": ["history", "dev"],
    "local": ["local", "status"],
}
EXTENSIONS = {"table": "txt", "json": "json", "yaml": "yaml", "text": "tsv"}


@pytest.mark.parametrize("output", EXTENSIONS)
@pytest.mark.parametrize("name", COMMANDS)
def test_an_answer_reads_as_its_snapshot(
    stage: Stage, matches: Callable[[str, str], None], name: str, output: str
) -> None:
    run = stage.run(*COMMANDS[name], "--output", output)
    assert run.status == 0
    matches(f"{name}.{EXTENSIONS[output]}", run.out)


@pytest.mark.parametrize("name", COMMANDS)
def test_json_and_yaml_are_one_document_that_says_ok(stage: Stage, name: str) -> None:
    document = json.loads(stage.run(*COMMANDS[name], "--output", "json").out)
    assert document["ok"] is True
    assert document["command"] == COMMANDS[name][0]
    assert document["environment"] == (None if name in {"status-all", "local"} else "dev")
    assert yaml.safe_load(stage.run(*COMMANDS[name], "--output", "yaml").out).keys() == document.keys()


def test_progress_is_on_stderr_in_plain_lines(stage: Stage, matches: Callable[[str, str], None]) -> None:
    matches("create.progress.txt", stage.run("create", "dev").err)


def test_verbose_tells_beginnings_and_quiet_only_warnings(stage: Stage) -> None:
    assert "CREATE_IN_PROGRESS" in stage.run("create", "dev", "--verbose").err
    assert stage.run("create", "dev", "--quiet").err == "warning: the image is a month old\n"


def test_what_is_not_measured_is_null(stage: Stage) -> None:
    document = json.loads(stage.run("status", "dev", "--output", "json").out)
    assert [document[key] for key in ("gpus", "health", "guard", "cost")] == [None] * 4
    assert json.loads(stage.run("create", "dev", "--output", "json").out)["quote"] is None


def test_a_query_takes_its_part(stage: Stage) -> None:
    run = stage.run("outputs", "dev", "--query", "outputs.B", "--output", "text")
    assert run.out == "two words\n"
    assert stage.run("outputs", "dev", "--query", "outputs").out == "A   1\nB   two words\n"


@pytest.mark.parametrize("expression", ["outputs[", "nothing(@)", "length()"])
def test_a_bad_query_ends_it_before_anything_happens(stage: Stage, expression: str) -> None:
    run = stage.run("create", "dev", "--query", expression)
    assert run.status == 2
    assert "CFG007" in run.err
    assert stage.composition.connections == []


def test_a_request_carries_what_the_options_say(stage: Stage) -> None:
    options = ("--instance-type", "g6.xlarge", "--storage-size=200", "--subnet", "private-2", "--timeout", "1h30m")
    stage.run("create", "dev", *options, "--dry-run", "--local")
    (_, request), *_ = stage.cases.asked
    assert request.overrides == {"InstanceType": "g6.xlarge", "RootVolumeSize": "200"}
    assert (request.subnet, request.timeout_s, request.dry_run, request.deploy_networking) == (
        "private-2",
        5400,
        True,
        True,
    )
    assert set(request.sources) == {Layer.NETWORKING, Layer.BASE, Layer.COMPUTE}
    assert request.environment.owner == "ml-team"


def test_against_aws_the_network_is_not_deployed(stage: Stage) -> None:
    stage.run("create", "dev", "--region", "us-east-1", "--profile", "work")
    assert stage.cases.asked[0][1].deploy_networking is False
    (connection,) = stage.composition.connections
    assert (connection.region, connection.profile, connection.local) == ("us-east-1", "work", False)


def test_the_network_has_a_program_of_its_own(stage: Stage) -> None:
    stage.run("create", "dev", program=NETWORKING)
    assert stage.cases.asked[0][1].target is Layer.NETWORKING
    assert set(stage.cases.asked[0][1].sources) == {Layer.NETWORKING}


def test_leftovers_make_delete_unfinished(stage: Stage) -> None:
    left = Kept(type="AWS::EC2::Volume", id="vol-1", why="not ours to keep", usd_per_month=Decimal("4.50"))
    stage.cases.answers["delete"] = replace(DELETED, leftovers=(left,))
    run = stage.run("delete", "dev", "--output", "json", "--yes")
    document = json.loads(run.out)
    assert run.status == 5
    assert document["ok"] is False
    assert document["leftovers"] == [{"type": left.type, "id": "vol-1", "why": left.why, "usd_per_month": 4.5}]
    assert document["error"]["code"] == "CFG093"


def test_what_could_not_be_looked_up_is_no_proof(stage: Stage) -> None:
    stage.cases.answers["delete"] = replace(DELETED, unproven=("budgets: AccessDenied",))
    assert stage.run("delete", "dev").status == 5


def test_a_failed_check_is_a_refusal(stage: Stage) -> None:
    failed = Finding(code="PRE002", outcome=Outcome.FAIL, summary="no quota", fix="ask for 8 vCPUs")
    stage.cases.answers["validate"] = replace(VALIDATED, findings=(failed,))
    run = stage.run("validate", "dev")
    assert run.status == 3
    assert "hint: ask for 8 vCPUs" in run.err


def test_validate_without_credentials_says_what_it_left_out(stage: Stage) -> None:
    stage.composition.connect_raises = Refused(
        "no credentials", why="none were found", hint="aws configure", code="LIF901"
    )
    run = stage.run("validate", "dev")
    assert run.status == 0
    skipped = stage.cases.asked[0][-1]
    assert skipped == ("what AWS knows: no credentials: none were found",)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (
            AwsError(
                "no",
                why="w",
                hint="h",
                code="LIF001",
                aws=AwsAnswer(code="AccessDenied", operation="DescribeStacks", request_id="r-1"),
            ),
            4,
        ),
        (Refused("no", why="w", hint="h", code="LIF002"), 3),
        (Interrupted("no", why="w", hint="h", code="LIF003"), 130),
    ],
)
def test_a_failure_has_its_status_and_its_document(stage: Stage, error: SemanticWorldError, status: int) -> None:
    stage.cases.raises = error
    run = stage.run("create", "dev", "--output=json", "--quiet")
    document = json.loads(run.out)
    assert run.status == status
    assert (document["ok"], document["command"], document["environment"]) == (False, "create", "dev")
    expected = {"code": error.code, "what": "no", "why": "w", "hint": "h"}
    assert expected.items() <= document["error"].items()
    assert (document["error"]["aws"] or {}).get("request_id") == ("r-1" if error.aws else None)


def test_a_failure_reads_as_its_snapshot(stage: Stage, matches: Callable[[str, str], None]) -> None:
    answer = AwsAnswer(code="AccessDenied", operation="DescribeStacks", request_id="r-1")
    stage.composition.connect_raises = AwsError(
        "AWS refused", why="no permission", hint="ask", code="LIF010", aws=answer
    )
    run = stage.run("status", "dev")
    assert run.out == ""
    matches("failure.txt", run.err)


def test_a_usage_error_is_a_document_too(stage: Stage) -> None:
    run = stage.run("creat", "dev", "--output", "json")
    document = json.loads(run.out)
    assert run.status == 2
    assert document["ok"] is False
    assert document["error"]["code"] == "CFG001"


def test_a_bug_shows_no_trace_and_leaves_one(stage: Stage) -> None:
    stage.cases.raises = ZeroDivisionError("secret detail")
    run = stage.run("create", "dev", "--output", "json")
    (path,) = (stage.composition.state / "bugs").iterdir()
    assert run.status == 1
    assert json.loads(run.out)["error"]["code"] == "CFG090"
    assert "Traceback" not in run.out + run.err
    assert str(path) in run.err
    assert path.stat().st_mode & 0o777 == 0o600
    assert "ZeroDivisionError" in path.read_text()


def test_an_interruption_says_that_the_stack_goes_on(stage: Stage) -> None:
    stage.cases.raises = KeyboardInterrupt()
    run = stage.run("create", "dev", "--local")
    assert run.status == 130
    assert "goes on by itself" in run.err
    assert "./manage-compute.sh status dev --local shows it; the same command again follows it" in run.err


def test_status_of_all_asks_for_every_environment(stage: Stage) -> None:
    stage.run("status")
    name, environments, _ = stage.cases.asked[0]
    assert name == "status_all"
    assert [environment.name.value for environment in environments] == ["dev", "test", "staging", "prod"]


def test_no_change_is_said_as_such(stage: Stage) -> None:
    stage.cases.answers["create"] = replace(CREATED, changes=())
    assert "is up to date: no change" in stage.run("create", "dev").out


def test_additions_are_counted_and_the_rest_is_shown_again(stage: Stage) -> None:
    out = stage.run("create", "dev").out
    assert "CloudWatch::Alarm" not in out
    assert "REPLACED" in out
    assert "with 1 modification and 1 addition" in out
    stage.cases.answers["create"] = replace(CREATED, dry_run=True)
    assert "CloudWatch::Alarm" in stage.run("create", "dev", "--dry-run").out


def test_an_absent_stack_is_null_and_absent(stage: Stage) -> None:
    stage.cases.answers["status"] = replace(STATUS, stack=None, node=None)
    assert json.loads(stage.run("status", "dev", "--output", "json").out)["stack"] is None


def test_nothing_asked_is_a_usage_error_with_the_overview(stage: Stage) -> None:
    run = stage.run()
    assert run.status == 2
    assert "usage: ./manage-compute.sh" in run.err


def test_a_terminal_gets_colours_and_no_color_takes_them(stage: Stage) -> None:
    colored = stage.run("status", "dev", tty=True, environ={"TERM": "xterm"})
    assert "\x1b[32m" in colored.out
    for run in (
        stage.run("status", "dev", "--no-color", tty=True, environ={"TERM": "xterm"}),
        stage.run("status", "dev", tty=True, environ={"TERM": "xterm", "NO_COLOR": "1"}),
    ):
        assert "\x1b[32m" not in run.out


def test_a_live_display_shows_what_is_done_and_clears_up(stage: Stage) -> None:
    run = stage.run("create", "dev", tty=True, environ={"TERM": "xterm"})
    assert "CREATE_COMPLETE" in run.err
    assert run.err.count("\x1b[?25l") == run.err.count("\x1b[?25h")


@pytest.mark.parametrize(
    ("argv", "asked"),
    [
        (["local", "advance", "2h"], ("advance", "2h")),
        (["local", "fault", "capacity", "g5.xlarge", "--times", "2"], ("capacity", "g5.xlarge", "--times=2")),
        (["local", "fault", "clear", "3"], ("clear", 3)),
        (["local", "reset", "--yes"], ("reset",)),
    ],
)
def test_local_passes_its_words_on(stage: Stage, argv: list[str], asked: tuple[object, ...]) -> None:
    assert stage.run(*argv).status == 0
    assert stage.composition.local.asked == [asked]


@pytest.mark.parametrize("argv", [["local", "stop", "now"], ["local", "advance"], ["local", "status", "--times", "2"]])
def test_local_refuses_words_that_mean_nothing(stage: Stage, argv: list[str]) -> None:
    assert stage.run(*argv).status == 2


def test_local_reset_asks_first(stage: Stage) -> None:
    assert stage.run("local", "reset").status == 3
    assert stage.run("local", "reset", tty=True, stdin="n\n").status == 3
    assert stage.composition.local.asked == []
    assert stage.run("local", "reset", tty=True, stdin="y\n").status == 0


@pytest.mark.parametrize(("options", "local"), [([], False), (["--local"], True)])
def test_history_reads_the_journal_of_the_cloud_that_is_meant(stage: Stage, options: list[str], *, local: bool) -> None:
    assert stage.run("history", "dev", *options).status == 0
    assert stage.composition.journals == [local]


def test_what_was_just_watched_is_not_said_again(stage: Stage) -> None:
    watched = stage.run("create", "dev", tty=True, environ={"TERM": "xterm"}).out
    quiet = stage.run("create", "dev", "--quiet", tty=True, environ={"TERM": "xterm"}).out
    assert ("REPLACED" in watched, "REPLACED" in quiet) == (False, True)
    assert ("PHASE" in watched, "PHASE" in quiet) == (False, True)
    assert "Deleted" not in stage.run("delete", "dev", "--yes", tty=True, environ={"TERM": "xterm"}).out


def test_the_last_line_says_what_comes_next(stage: Stage) -> None:
    def last(*argv: str) -> str:
        return stage.run(*argv).out.splitlines()[-1]

    assert "./manage-compute.sh status dev --local, or ./manage-compute.sh delete dev --local" in last(
        "create", "dev", "--local"
    )
    assert last("delete", "dev", "--yes") == "next: ./manage-compute.sh create dev makes it again"
    stage.cases.answers["create"] = replace(CREATED, dry_run=True)
    assert last("create", "dev", "--dry-run") == "next: ./manage-compute.sh create dev"
    stage.cases.answers["create"] = replace(CREATED, waited=False)
    assert last("create", "dev", "--no-wait").endswith("./manage-compute.sh create dev to follow it")


def test_what_is_still_there_is_looked_for_again_on_the_same_cloud(stage: Stage) -> None:
    stage.cases.answers["delete"] = replace(DELETED, unproven=("budgets: AccessDenied",))
    assert "delete dev --local looks again" in stage.run("delete", "dev", "--local").err


def test_a_grid_that_is_too_wide_puts_its_long_columns_below(stage: Stage) -> None:
    long = Finding(
        code="PRE004", outcome=Outcome.PASS, summary="a short one", evidence="evidence " * 40, fix="a fix that helps"
    )
    stage.cases.answers["validate"] = replace(VALIDATED, findings=(long,))
    out = stage.run("validate", "dev").out.splitlines()
    assert out[1] == "CODE     OUTCOME   WHAT"
    assert out[2] == "PRE004   pass      a short one"
    assert out[3].startswith("    evidence: evidence evidence")
    assert "    fix: a fix that helps" in out
