"""create: what happens to each kind of stack, on a clock that only moves when somebody sleeps."""

# ruff: noqa: ANN401 - requests are built from whatever a case changes

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from fakes.creating import COMPUTE, make, request
from fakes.world import DEV, PROD, Stage, networking_template, run, source, sources
from semanticworld.app.create import create
from semanticworld.errors import Refused, UsageError
from semanticworld.model.environment import Layer
from semanticworld.model.event import ChangesPlanned, Noted, PhaseFinished, ResourceProgress
from semanticworld.model.leftover import Found


def test_everything_is_made_in_order_and_a_node_comes_out(stage: Stage) -> None:
    result, events = make(stage)
    assert [phase.name for phase in result.phases] == ["networking layer", "base layer", "compute layer"]
    assert result.stack.status == "CREATE_COMPLETE"
    assert result.node.state == "running"
    assert result.outputs["ComputeInstanceId"] == result.node.instance_id
    assert {change.action for change in result.changes} == {"Add"}
    planned = next(index for index, event in enumerate(events) if isinstance(event, ChangesPlanned))
    progress = next(index for index, event in enumerate(events) if isinstance(event, ResourceProgress))
    assert planned < progress
    assert stage.consent.asked == []


NAMED_BUCKET = json.dumps(
    {
        "Parameters": {"Environment": {"Type": "String"}},
        "Resources": {
            "Bucket": {
                "Type": "AWS::S3::Bucket",
                "DeletionPolicy": "RetainExceptOnCreate",
                "Properties": {"BucketName": {"Fn::Sub": "data-${Environment}-${AWS::AccountId}"}},
            },
            "NodeRole": {"Type": "AWS::IAM::Role"},
        },
    }
)


@pytest.mark.parametrize("stands", [True, False])
def test_a_bucket_that_outlived_its_stack_is_taken_in_again(stage: Stage, *, stands: bool) -> None:
    if stands:
        stage.stacks.things["data-dev-123456789012"] = Found(type="AWS::S3::Bucket", id="data-dev-123456789012")
        stage.stacks.thing_tags["data-dev-123456789012"] = {}
    own = {**sources(), Layer.BASE: source(Layer.BASE, NAMED_BUCKET)}
    _, events = run(create(stage.world, replace(request(), sources=own)))
    (asked,) = [
        asked for _, asked in stage.stacks.change_sets.values() if asked.stack_name == DEV.stack_name(Layer.BASE)
    ]
    assert asked.import_existing is stands
    assert (asked.template_body == NAMED_BUCKET) is not stands
    assert any("data-dev-123456789012" in event.text for event in events if isinstance(event, Noted)) is stands
    if stands:
        name = json.loads(asked.template_body)["Resources"]["Bucket"]["Properties"]["BucketName"]
        assert name == "data-dev-123456789012", "CloudFormation imports by a literal name only"
    held = next(each for each in stage.stacks.held.values() if each.stack.name == DEV.stack_name(Layer.BASE))
    if stands:
        held.template = json.dumps(json.loads(held.template), indent=2)  # the SDK parses JSON bodies
    run(create(stage.world, replace(request(), sources=own)))
    asked_of_base = [e for e in stage.journal.lines if e.step == "CreateChangeSet" and "-base" in (e.stack_name or "")]
    assert len(asked_of_base) == 1, "a layer that took its bucket in counts as up to date"


def test_the_journal_has_each_call_before_it_is_made(stage: Stage) -> None:
    seen: list[tuple[str, list[str]]] = []
    execute = stage.stacks.execute_change_set

    def watched(change_set_id: str, *, token: str) -> None:
        seen.append((token, [entry.token or "" for entry in stage.journal.lines if entry.step == "ExecuteChangeSet"]))
        execute(change_set_id, token=token)

    stage.stacks.execute_change_set = watched  # type: ignore[method-assign]
    make(stage)
    assert len(seen) == 3
    assert all(token == written[-1] for token, written in seen)
    assert stage.journal.steps[0] == "begun"
    assert stage.journal.steps[-1] == "done"


def test_the_same_again_is_no_change_and_leaves_no_change_set(standing: Stage) -> None:
    result, events = make(standing)
    assert result.changes == ()
    assert [event.outcome for event in events if isinstance(event, PhaseFinished)] == ["up to date", "no change"]
    assert standing.stacks.change_sets.keys() == {
        key for key, (cs, _) in standing.stacks.change_sets.items() if cs.changes
    }
    assert standing.stacks.changed == ["create_change_set", "delete_change_set"]


def test_base_behind_is_updated(standing: Stage) -> None:
    base = next(held for held in standing.stacks.held.values() if held.stack.name == DEV.stack_name(Layer.BASE))
    base.resolved["LogGroup"]["Retention"] = "14"
    base.stack.parameters["LogRetentionDays"] = "14"  # type: ignore[index]
    result, events = make(standing)
    assert [event.outcome for event in events if isinstance(event, PhaseFinished)] == ["updated", "no change"]
    assert [change.logical_id for change in result.changes] == ["LogGroup"]


def test_another_type_restarts_the_node_after_a_yes(standing: Stage) -> None:
    result, events = make(standing, overrides={"InstanceType": "g5.xlarge"})
    assert result.stack.status == "UPDATE_COMPLETE"
    assert any("stopped and started" in event.text for event in events if isinstance(event, Noted))
    (asked,) = standing.consent.asked
    assert "stop and start the node" in asked.text
    assert asked.yes_suffices
    assert asked.expects is None


def test_going_back_to_the_type_of_the_file_asks_too(standing: Stage) -> None:
    make(standing, overrides={"InstanceType": "g5.xlarge"})
    standing.consent.nobody = True
    with pytest.raises(Refused) as refused:
        make(standing)
    assert refused.value.exit_status == 3
    assert standing.stacks.describe(COMPUTE).parameters["InstanceType"] == "g5.xlarge"  # type: ignore[union-attr]


def test_in_prod_stopping_the_node_wants_its_name() -> None:
    stage = Stage()
    make(stage, environment=PROD)
    make(stage, environment=PROD, overrides={"InstanceType": "g5.xlarge"})
    assert stage.consent.asked[-1].expects == "prod"


def test_a_replacement_is_asked_for_and_no_leaves_everything_as_it_was(standing: Stage) -> None:
    standing.consent.no_to = {"replace the node"}
    before = standing.stacks.describe(COMPUTE)
    with pytest.raises(Refused, match="left as it is") as refused:
        make(standing, overrides={"Image": "base", "ImageId": "ami-0000beef"}, compute={})
    assert refused.value.code == "LIF006"
    assert standing.stacks.changed == ["create_change_set", "delete_change_set"]
    assert standing.stacks.describe(COMPUTE) == before


def test_a_data_volume_goes_only_by_its_own_name(standing: Stage) -> None:
    with_subnet = {"subnet": "private-2"}
    make(standing, **with_subnet)
    volume, node = standing.consent.asked
    assert volume.expects is not None
    assert volume.expects.startswith("vol-")
    assert not volume.yes_suffices
    assert "replace the node" in node.text


def test_a_node_with_a_data_volume_does_not_leave_its_zone(stage: Stage) -> None:
    make(stage, compute={"DataVolumeSize": "100"})
    with pytest.raises(Refused) as refused:
        make(stage, compute={"DataVolumeSize": "100"}, subnet="private-2")
    assert refused.value.code == "LIF027"


def test_the_image_stays_pinned_and_a_newer_one_is_told(standing: Stage) -> None:
    standing.nodes.newest_image = "ami-00000002"
    result, events = make(standing)
    assert result.changes == ()
    assert any("a newer image exists: ami-00000002" in event.text for event in events if isinstance(event, Noted))


def test_auto_takes_the_zone_that_offers_the_type(stage: Stage) -> None:
    stage.nodes.offering = frozenset({"eu-central-1b"})
    result, _ = make(stage)
    assert result.stack.parameters["Subnet"] == "private-2"


def test_what_stands_keeps_its_subnet(standing: Stage) -> None:
    standing.nodes.offering = frozenset({"eu-central-1b"})
    result, _ = make(standing)
    assert result.changes == ()


def test_networking_of_somebody_else_is_found_by_its_exports(stage: Stage) -> None:
    stage.stacks.plant("network-team-stack", "CREATE_COMPLETE", template=networking_template())
    result, _ = make(stage, deploy_networking=False)
    assert [phase.name for phase in result.phases] == ["base layer", "compute layer"]


def test_a_missing_networking_layer_is_refused_with_the_command_that_makes_it(stage: Stage) -> None:
    stage.stacks.plant("other", "CREATE_COMPLETE", template=networking_template(PROD))
    with pytest.raises(Refused) as refused:
        make(stage, deploy_networking=False)
    assert refused.value.hint == "./manage-networking.sh create dev"
    assert "prod has one" in refused.value.why
    assert stage.stacks.changed == []


def test_an_incomplete_networking_layer_names_what_is_missing(stage: Stage) -> None:
    stage.stacks.plant("other", "CREATE_COMPLETE", template=networking_template(without=("private-subnet-2-id",)))
    with pytest.raises(Refused, match="private-subnet-2-id") as refused:
        make(stage)
    assert refused.value.code == "LIF017"


def test_hints_on_the_embedded_cloud_say_local() -> None:
    stage = Stage(local=True)
    with pytest.raises(Refused) as refused:
        make(stage, deploy_networking=False)
    assert refused.value.hint == "./manage-networking.sh create dev --local"


def test_a_dry_run_of_something_new_touches_nothing(stage: Stage) -> None:
    result, events = make(stage, dry_run=True)
    assert stage.stacks.changed == []
    assert stage.stacks.held == {}
    assert stage.journal.lines == []
    assert {change.logical_id for change in result.changes} >= {"Vpc", "Bucket", "Instance", "DataVolume"}
    assert sum(isinstance(event, ChangesPlanned) for event in events) == 3


def test_a_dry_run_of_a_change_leaves_no_change_set_behind(standing: Stage) -> None:
    before = standing.stacks.describe(COMPUTE)
    result, _ = make(standing, dry_run=True, overrides={"InstanceType": "g5.xlarge"})
    assert [change.logical_id for change in result.changes] == ["Instance"]
    assert standing.stacks.changed == ["create_change_set", "delete_change_set"]
    assert standing.stacks.describe(COMPUTE) == before


def test_unknown_names_are_refused_before_anything_is_read(stage: Stage) -> None:
    with pytest.raises(UsageError, match="InstanceTyp") as wrong:
        make(stage, overrides={"InstanceTyp": "x"})
    assert wrong.value.hint == "did you mean InstanceType?"
    assert stage.stacks.reads == 0


def test_an_unknown_instance_type_is_a_usage_error(standing: Stage) -> None:
    with pytest.raises(UsageError) as wrong:
        make(standing, overrides={"InstanceType": "z9.mega"})
    assert wrong.value.code == "LIF025"


def test_a_node_that_fell_back_to_stopped_is_told(standing: Stage) -> None:
    instance = next(thing.id for thing in standing.stacks.things.values() if thing.type == "AWS::EC2::Instance")
    standing.nodes.state_of[instance] = "stopped"
    _, events = make(standing)
    assert any(event.warning and "is stopped" in event.text for event in events if isinstance(event, Noted))


def sized(stage: Stage, size: str, **more: Any) -> Any:
    return run(create(stage.world, request(compute={"RootVolumeSize": size}, **more)))


def size_of(stage: Stage) -> str:
    stack = stage.stacks.describe(COMPUTE)
    assert stack is not None
    return stack.parameters["RootVolumeSize"]


def test_a_root_volume_smaller_than_the_image_is_made_larger_and_stays_so(stage: Stage) -> None:
    stage.nodes.root_gib = {"ami-00000001": 75}
    _, events = sized(stage, "50")
    assert size_of(stage) == "75"
    assert any("75 GiB instead of 50" in event.text for event in events if isinstance(event, Noted))
    result, events = sized(stage, "50")
    assert (result.changes, size_of(stage)) == ((), "75")
    assert not any("RootVolumeSize" in event.text for event in events if isinstance(event, Noted))


@pytest.mark.parametrize("least", [50, 40, None])
def test_a_root_volume_that_suffices_is_left_alone(stage: Stage, least: int | None) -> None:
    stage.nodes.root_gib = {} if least is None else {"ami-00000001": least}
    sized(stage, "50")
    assert size_of(stage) == "50"


def test_a_size_that_was_asked_for_and_is_too_small_is_refused_before_any_change(stage: Stage) -> None:
    stage.nodes.root_gib = {"ami-00000001": 75}
    with pytest.raises(Refused) as caught:
        sized(stage, "100", overrides={"RootVolumeSize": "60"})
    assert (caught.value.code, "--storage-size 75" in caught.value.hint) == ("LIF053", True)
    assert stage.stacks.changed == []
