"""create refuses and asks before it touches the first layer; what comes too late is told as unfinished."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fakes.creating import COMPUTE, make, plant_compute, request
from fakes.faults import Fault, aws_error
from fakes.world import COMPUTE_PARAMETERS, COMPUTE_TEMPLATE, DEV, Stage, run, source, sources
from semanticworld.app.create import create
from semanticworld.errors import Refused, Unfinished
from semanticworld.model.environment import Layer
from semanticworld.model.event import PhaseFinished

BASE = DEV.stack_name(Layer.BASE)
PLANS = {"create_change_set", "delete_change_set"}


def outdate_base(stage: Stage) -> None:
    base = next(held for held in stage.stacks.held.values() if held.stack.name == BASE)
    base.resolved["LogGroup"]["Retention"] = "14"
    base.stack.parameters["LogRetentionDays"] = "14"  # type: ignore[index]


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_foreign_node_stack_is_refused_before_the_layers_below_are_made(stage: Stage, *, dry_run: bool) -> None:
    plant_compute(stage, "CREATE_COMPLETE", tags={})
    with pytest.raises(Refused) as refused:
        make(stage, dry_run=dry_run)
    assert refused.value.code == "LIF001"
    assert stage.stacks.changed == []
    assert stage.status(Layer.NETWORKING) is None


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_stuck_node_stack_is_refused_before_the_base_layer_is_updated(standing: Stage, *, dry_run: bool) -> None:
    outdate_base(standing)
    held = next(held for held in standing.stacks.held.values() if held.stack.name == COMPUTE)
    held.stack = replace(held.stack, status="DELETE_FAILED")
    with pytest.raises(Refused) as refused:
        make(standing, dry_run=dry_run)
    assert refused.value.code == "LIF019"
    assert standing.stacks.changed == []


def test_a_question_that_nobody_answers_leaves_the_base_layer_alone(standing: Stage) -> None:
    outdate_base(standing)
    standing.consent.nobody = True
    with pytest.raises(Refused) as refused:
        make(standing, overrides={"InstanceType": "g5.xlarge"})
    assert refused.value.exit_status == 3
    assert set(standing.stacks.changed) == PLANS
    assert standing.stacks.describe(BASE).parameters["LogRetentionDays"] == "14"  # type: ignore[union-attr]


def test_what_was_agreed_to_ahead_is_not_asked_again(standing: Stage) -> None:
    outdate_base(standing)
    result, events = make(standing, overrides={"InstanceType": "g5.xlarge"})
    assert [event.outcome for event in events if isinstance(event, PhaseFinished)] == ["updated", "updated"]
    assert result.stack.parameters["InstanceType"] == "g5.xlarge"
    assert len(standing.consent.asked) == 1


def test_a_refusal_that_comes_too_late_names_what_was_made(stage: Stage) -> None:
    def somebody_takes_the_name() -> None:
        if stage.stacks.changed.count("execute_change_set") == 2 and stage.stacks.describe(COMPUTE) is None:
            plant_compute(stage, "CREATE_COMPLETE", tags={})

    stage.clock.at(5.0, somebody_takes_the_name)
    stage.clock.at(9.0, somebody_takes_the_name)
    stage.clock.at(11.0, somebody_takes_the_name)
    with pytest.raises(Unfinished) as late:
        make(stage)
    assert late.value.exit_status == 5
    assert BASE in late.value.why
    assert "nothing was changed" not in late.value.why
    assert "./manage-compute.sh status dev" in late.value.hint
    assert "./manage-compute.sh delete dev" in late.value.hint


@pytest.mark.parametrize("dry_run", [True, False])
def test_the_templates_defaults_count_for_the_image(stage: Stage, *, dry_run: bool) -> None:
    body = COMPUTE_TEMPLATE.replace(
        '"Resources"',
        '"Parameters": {"InstanceType": {"Default": "t3.medium"}, "Image": {"Default": "pytorch"}, "ImageId": {}}, "Resources"',
        1,
    )
    bare = source(Layer.COMPUTE, body, DataVolumeSize="0", Subnet="private-1")
    bare = replace(bare, declared=bare.declared | set(COMPUTE_PARAMETERS))
    asked = replace(request(dry_run=dry_run), sources={**sources(), Layer.COMPUTE: bare})
    result, _ = run(create(stage.world, asked))
    if not dry_run:
        assert result.stack is not None
        assert result.stack.parameters["ImageId"] == stage.nodes.newest_image


def test_a_change_set_that_another_create_has_removed_is_made_again(stage: Stage) -> None:
    stage.stacks.faults = [Fault(method="describe_change_set", error=aws_error("ChangeSetNotFound", "does not exist"))]
    result, _ = make(stage)
    assert result.stack.status == "CREATE_COMPLETE"


def test_following_to_the_end_is_not_told_as_no_change(standing: Stage) -> None:
    make(standing, wait=False, overrides={"InstanceType": "g5.xlarge"})
    result, events = make(standing, overrides={"InstanceType": "g5.xlarge"})
    assert result.followed
    assert not make(standing, overrides={"InstanceType": "g5.xlarge"})[0].followed
    outcomes = [event.outcome for event in events if isinstance(event, PhaseFinished)]
    assert outcomes[-1] == "followed to its end"
