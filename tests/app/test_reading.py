"""status, outputs, history and validate: they read, quickly, and change nothing."""

from __future__ import annotations

import threading
import time

import pytest

from fakes.faults import Fault, aws_error
from fakes.world import DEV, PROD, Stage, networking_template, run, sources
from semanticworld.app.create import create
from semanticworld.app.history import history
from semanticworld.app.outputs import outputs
from semanticworld.app.status import status, status_all
from semanticworld.app.validate import validate
from semanticworld.errors import Refused
from semanticworld.model.environment import Layer
from semanticworld.model.finding import Finding, Outcome
from semanticworld.model.request import CreateRequest


@pytest.fixture
def standing() -> Stage:
    stage = Stage()
    run(
        create(
            stage.world,
            CreateRequest(environment=DEV, target=Layer.COMPUTE, sources=sources(), deploy_networking=True),
        )
    )
    stage.stacks.changed.clear()
    return stage


def test_status_has_stack_layers_node_and_newest_events(standing: Stage) -> None:
    result = status(standing.world, DEV, Layer.COMPUTE, events=3)
    assert result.stack is not None
    assert result.stack.status == "CREATE_COMPLETE"
    assert [layer.stack is not None for layer in result.layers] == [True, True, True]
    assert [layer.advice for layer in result.layers] == [None, None, None]
    assert result.node is not None
    assert result.events[0].status == "CREATE_COMPLETE"
    assert len(result.events) == 3
    assert result.unread == ()
    assert standing.stacks.changed == []


def test_status_needs_two_rounds_of_calls(standing: Stage) -> None:
    lock, running, waves = threading.Lock(), [0], [0]

    def slow() -> None:
        with lock:
            if running[0] == 0:
                waves[0] += 1
            running[0] += 1
        time.sleep(0.1)
        with lock:
            running[0] -= 1

    standing.stacks.on_read = slow
    begun = time.perf_counter()
    status(standing.world, DEV, Layer.COMPUTE)
    assert time.perf_counter() - begun < 0.45
    assert waves[0] <= 3


def test_nothing_stands_and_the_advice_is_to_create() -> None:
    result = status(Stage().world, DEV, Layer.COMPUTE)
    assert result.stack is None
    assert {layer.layer: layer.advice for layer in result.layers} == {
        Layer.NETWORKING: "./manage-networking.sh create dev",
        Layer.BASE: None,
        Layer.COMPUTE: "./manage-compute.sh create dev",
    }


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("DELETE_FAILED", "./manage-compute.sh delete dev --force-delete"),
        ("ROLLBACK_COMPLETE", "./manage-compute.sh create dev"),
        ("SOMETHING_NEW", "does not know that status"),
    ],
)
def test_a_layer_in_trouble_has_the_command_that_helps(state: str, words: str) -> None:
    stage = Stage()
    stage.stacks.plant(DEV.stack_name(Layer.COMPUTE), state, tags=DEV.tags(Layer.COMPUTE))
    result = status(stage.world, DEV, Layer.COMPUTE)
    assert words in (result.layers[-1].advice or "")


def test_networking_of_somebody_else_is_shown_under_its_own_name() -> None:
    stage = Stage()
    stage.stacks.plant("network-team-stack", "CREATE_COMPLETE", template=networking_template())
    networking = status(stage.world, DEV, Layer.COMPUTE).layers[0]
    assert networking.stack is not None
    assert networking.stack.name == "network-team-stack"
    assert networking.advice is None


def test_what_could_not_be_read_is_said_and_the_rest_is_there(standing: Stage) -> None:
    standing.stacks.faults.append(Fault(method="exports", error=aws_error("AccessDenied", "no ListExports")))
    result = status(standing.world, DEV, Layer.COMPUTE)
    assert result.stack is not None
    assert result.unread == ("exports: AWS refused cloudformation:Call: no ListExports",)


def test_without_credentials_status_is_an_error_not_an_empty_answer() -> None:
    stage = Stage()
    expired = Refused("the AWS credentials have expired", why="expired", hint="aws sso login", code="LIF903")
    stage.stacks.faults.append(Fault(method="describe", error=expired, times=9))
    with pytest.raises(Refused, match="expired"):
        status(stage.world, DEV, Layer.COMPUTE)


def test_all_environments_one_row_each(standing: Stage) -> None:
    rows = status_all(standing.world, [DEV, PROD], Layer.COMPUTE)
    assert [(row.environment.name, row.stack is not None) for row in rows] == [("dev", True), ("prod", False)]


def test_outputs_are_the_stacks(standing: Stage) -> None:
    assert outputs(standing.world, DEV, Layer.COMPUTE).outputs["ComputeInstanceId"].startswith("i-")


def test_outputs_of_nothing_name_the_command_that_makes_it() -> None:
    with pytest.raises(Refused) as refused:
        outputs(Stage().world, DEV, Layer.COMPUTE)
    assert (refused.value.code, refused.value.hint) == ("LIF004", "./manage-compute.sh create dev")


def test_history_is_the_environments_own(standing: Stage) -> None:
    assert history(standing.journal, DEV).entries[-1].step == "done"
    assert history(standing.journal, PROD).entries == ()
    assert history(standing.journal, None).entries == tuple(standing.journal.lines)


def findings(stage: Stage, **compute: str) -> dict[str, Finding]:
    told = validate(DEV, Layer.COMPUTE, sources(DEV, **compute), offline=(), world=stage.world)
    return {finding.code: finding for finding in told.findings}


def test_validate_passes_where_all_is_well(standing: Stage) -> None:
    told = findings(standing)
    assert set(told) == {"PRE001", "PRE002", "PRE003", "PRE004", "PRE005", "PRE006", "PRE007"}
    assert {finding.outcome for finding in told.values()} == {Outcome.PASS}
    assert standing.stacks.changed == []


@pytest.mark.parametrize(
    ("compute", "code"),
    [({"InstanceType": "z9.mega"}, "PRE004"), ({"Image": "ami-deadbeef"}, "PRE006")],
)
def test_validate_fails_with_a_fix(standing: Stage, compute: dict[str, str], code: str) -> None:
    finding = findings(standing, **compute)[code]
    assert finding.outcome is Outcome.FAIL
    assert finding.fix


def test_validate_says_which_zone_has_the_type(standing: Stage) -> None:
    standing.nodes.offering = frozenset({"eu-central-1b"})
    finding = findings(standing)["PRE005"]
    assert finding.outcome is Outcome.WARN
    assert "private-2 (eu-central-1b)" in finding.evidence


def test_what_validate_could_not_see_is_unknown_never_a_pass(standing: Stage) -> None:
    standing.stacks.faults.append(Fault(method="exports", error=aws_error("AccessDenied", "no"), times=9))
    told = findings(standing)
    assert told["PRE002"].outcome is Outcome.UNKNOWN
    assert told["PRE005"].outcome is Outcome.UNKNOWN
    assert told["PRE003"].outcome is Outcome.PASS


def test_validate_sees_a_foreign_stack() -> None:
    stage = Stage()
    stage.stacks.plant(DEV.stack_name(Layer.COMPUTE), "CREATE_COMPLETE", tags={})
    assert findings(stage)["PRE003"].outcome is Outcome.FAIL


def test_validate_without_a_world_has_the_offline_part_alone() -> None:
    offline = Finding(code="CFG050", outcome=Outcome.WARN, summary="told by somebody else")
    told = validate(None, Layer.COMPUTE, sources(), offline=[offline], world=None, skipped=["no credentials"])
    assert told.findings == (offline,)
    assert told.resources == 2
    assert told.skipped == ("no credentials",)
