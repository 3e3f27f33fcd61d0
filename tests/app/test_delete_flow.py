"""delete: what goes, what stays with its price, and the proof."""

# ruff: noqa: ANN401 - requests are built from whatever a case changes

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from fakes.creating import make
from fakes.faults import Fault, aws_error
from fakes.held import Held
from fakes.world import DEV, PROD, Stage, run
from semanticworld.app.delete import delete
from semanticworld.errors import Refused, Unfinished
from semanticworld.model.environment import Environment, Layer
from semanticworld.model.event import Noted, PhaseFinished
from semanticworld.model.leftover import Existence, Found
from semanticworld.model.request import DeleteRequest


def build(stage: Stage, environment: Environment = DEV) -> None:
    make(stage, environment=environment)
    stage.stacks.changed.clear()


def take(stage: Stage, environment: Environment = DEV, target: Layer = Layer.COMPUTE, **more: Any) -> Any:
    return run(delete(stage.world, DeleteRequest(environment=environment, target=target, **more)))


def held_by(stage: Stage, layer: Layer, environment: Environment = DEV) -> Held:
    name = environment.stack_name(layer)
    return next(held for held in stage.stacks.held.values() if held.stack.name == name)


@pytest.fixture
def standing() -> Stage:
    stage = Stage()
    build(stage)
    return stage


def test_the_node_goes_the_base_stays_and_the_snapshot_has_its_price(standing: Stage) -> None:
    volume = next(thing for thing in standing.stacks.things.values() if thing.type == "AWS::EC2::Volume")
    result, _ = take(standing)
    assert standing.status() is None
    assert standing.status(Layer.BASE) == "CREATE_COMPLETE"
    assert {each.logical_id for each in result.deleted} == {"Instance", "DataVolume"}
    assert result.leftovers == ()
    assert result.unproven == ()
    base, networking, snapshot = result.retained
    assert (networking.id, networking.usd_per_month) == (DEV.stack_name(Layer.NETWORKING), 0)
    assert (base.id, base.usd_per_month) == (DEV.stack_name(Layer.BASE), Decimal(0))
    assert (snapshot.type, snapshot.id) == ("AWS::EC2::Snapshot", f"snap-{volume.id}")


def test_the_node_is_terminated_before_its_stack_is_deleted(standing: Stage) -> None:
    take(standing)
    steps = standing.journal.steps
    assert steps.index("TerminateInstances") < steps.index("DeleteStack")
    assert len(standing.nodes.terminated) == 1


def test_no_means_that_nothing_is_touched(standing: Stage) -> None:
    standing.consent.no_to = {"delete"}
    with pytest.raises(Refused) as refused:
        take(standing)
    assert refused.value.code == "LIF006"
    assert standing.stacks.changed == []
    assert standing.nodes.terminated == []


def test_nobody_to_ask_means_that_nothing_is_touched(standing: Stage) -> None:
    standing.consent.nobody = True
    with pytest.raises(Refused):
        take(standing)
    assert standing.stacks.changed == []


def test_prod_wants_its_name() -> None:
    stage = Stage()
    build(stage, PROD)
    take(stage, PROD)
    assert stage.consent.asked[-1].expects == "prod"


def test_a_dry_run_tells_what_would_go_and_touches_nothing(standing: Stage) -> None:
    lines = len(standing.journal.lines)
    result, _ = take(standing, dry_run=True)
    assert {each.logical_id for each in result.will_delete} == {"Instance", "DataVolume"}
    assert standing.stacks.changed == []
    assert standing.consent.asked == []
    assert len(standing.journal.lines) == lines


def test_nothing_there_is_success_after_a_look_for_leftovers() -> None:
    stage = Stage()
    result, events = take(stage)
    assert result.stack is None
    assert result.leftovers == ()
    assert any("looking for leftovers" in event.text for event in events if isinstance(event, Noted))


def test_a_leftover_that_nobody_asked_to_keep_is_named_with_its_price(standing: Stage) -> None:
    standing.stacks.things["vol-lost"] = Found(type="AWS::EC2::Volume", id="vol-lost", size_gib=Decimal(100))
    standing.stacks.thing_tags["vol-lost"] = DEV.tags(Layer.COMPUTE)
    result, _ = take(standing)
    (lost,) = result.leftovers
    assert (lost.id, lost.usd_per_month) == ("vol-lost", Decimal("9.52"))


def test_listings_that_lag_are_no_leftovers(standing: Stage) -> None:
    standing.inventory.listings_lag = 2
    result, _ = take(standing)
    assert result.leftovers == ()


def test_what_could_not_be_listed_is_unproven_not_clean(standing: Stage) -> None:
    def broken(environment: Environment) -> Any:
        raise aws_error("AccessDenied", f"no tagging for {environment.name}", ours="LIF911")

    standing.inventory.by_tag = broken  # type: ignore[method-assign]
    result, _ = take(standing)
    assert any("by tag" in text for text in result.unproven)


def test_another_environment_is_not_touched_and_not_told() -> None:
    stage = Stage()
    build(stage)
    build(stage, PROD)
    result, _ = take(stage)
    assert stage.status(environment=PROD) == "CREATE_COMPLETE"
    assert result.leftovers == ()


def test_everything_takes_the_base_and_an_own_bucket_too(standing: Stage) -> None:
    result, _ = take(standing, everything=True)
    assert standing.status(Layer.BASE) is None
    assert standing.status(Layer.NETWORKING) == "CREATE_COMPLETE"
    assert result.leftovers == ()
    assert [kept.type for kept in result.retained] == ["AWS::CloudFormation::Stack", "AWS::EC2::Snapshot"]
    assert len(standing.inventory.emptied) == 1


def test_a_bucket_with_other_things_stays_unless_asked_for_by_name(standing: Stage) -> None:
    bucket = next(thing.id for thing in standing.stacks.things.values() if thing.type == "AWS::S3::Bucket")
    standing.inventory.foreign_keys[bucket] = ["checkpoints/model.pt"]
    standing.consent.no_to = {"delete the bucket"}
    result, _ = take(standing, everything=True)
    question = standing.consent.asked[-1]
    assert (question.expects, question.yes_suffices) == (bucket, False)
    assert standing.inventory.emptied == []
    kept = next(kept for kept in result.retained if kept.id == bucket)
    assert "checkpoints/model.pt" in kept.why
    assert result.leftovers == ()


def test_a_foreign_stack_is_never_deleted() -> None:
    stage = Stage()
    held = stage.stacks.plant(DEV.stack_name(Layer.COMPUTE), "CREATE_COMPLETE", tags={})
    with pytest.raises(Refused) as refused:
        take(stage)
    assert refused.value.code == "LIF001"
    assert held.stack.status == "CREATE_COMPLETE"
    assert stage.stacks.changed == []


def test_networking_in_use_is_refused_with_the_importers(standing: Stage) -> None:
    with pytest.raises(Refused, match="semanticworld-dev-base") as refused:
        take(standing, target=Layer.NETWORKING)
    assert refused.value.code == "LIF015"
    assert refused.value.hint == "./manage-compute.sh delete dev --everything"
    assert standing.stacks.changed == []


def test_the_whole_environment_goes_in_two_commands(standing: Stage) -> None:
    take(standing, everything=True)
    result, _ = take(standing, target=Layer.NETWORKING)
    assert result.leftovers == ()
    assert standing.status(Layer.NETWORKING) is None


def test_a_failed_deletion_is_unfinished_and_names_the_force(standing: Stage) -> None:
    standing.stacks.fail_delete["DataVolume"] = ["Volume vol-1 is in use (Error Code: VolumeInUse)"]
    with pytest.raises(Unfinished) as unfinished:
        take(standing)
    assert unfinished.value.code == "LIF013"
    assert unfinished.value.hint == "./manage-compute.sh delete dev --force-delete"
    assert standing.status() == "DELETE_FAILED"


def test_force_cures_first(standing: Stage) -> None:
    standing.stacks.fail_delete["DataVolume"] = ["in use"]
    result, _ = take(standing, force=True)
    assert standing.status() is None
    assert result.leftovers == ()
    assert result.phases[0].name == "delete compute stack"


def test_force_then_leaves_exactly_what_fails_and_names_it(standing: Stage) -> None:
    standing.stacks.fail_delete["DataVolume"] = ["in use"] * 2
    result, _ = take(standing, force=True)
    assert standing.status() is None
    (left,) = result.leftovers
    assert left.type == "AWS::EC2::Volume"
    retained = [entry.detail["retain"] for entry in standing.journal.lines if "retain" in entry.detail]
    assert retained == ["DataVolume"]


def test_force_delete_stack_comes_last(standing: Stage) -> None:
    standing.stacks.fail_delete["DataVolume"] = ["in use"] * 2
    standing.stacks.fail_delete["Instance"] = ["protected"] * 20
    original = standing.stacks.delete

    def stubborn(stack_id: str, **more: Any) -> None:
        original(stack_id, **{**more, "retain": ()}) if more.get("retain") else original(stack_id, **more)

    standing.stacks.delete = stubborn  # type: ignore[method-assign]
    standing.consent.no_to = {"leftovers"}
    result, _ = take(standing, force=True)
    modes = [entry.detail["mode"] for entry in standing.journal.lines if "mode" in entry.detail]
    assert modes == ["FORCE_DELETE_STACK"]
    assert {left.type for left in result.leftovers} == {"AWS::EC2::Instance"}


def test_force_sweeps_leftovers_after_a_yes_but_never_what_holds_data(standing: Stage) -> None:
    for type_, name in (("AWS::EC2::NatGateway", "nat-lost"), ("AWS::EC2::Volume", "vol-lost")):
        standing.stacks.things[name] = Found(type=type_, id=name)
        standing.stacks.thing_tags[name] = DEV.tags(Layer.COMPUTE)
    result, _ = take(standing, force=True)
    assert [left.id for left in result.leftovers] == ["vol-lost"]
    question = standing.consent.asked[-1]
    assert question.consequences == ("AWS::EC2::NatGateway nat-lost",)
    assert (question.yes_suffices, question.named_option) == (False, "--force-delete")


def test_a_deletion_under_way_is_followed(standing: Stage) -> None:
    held = held_by(standing, Layer.COMPUTE)
    standing.stacks.delete(held.stack.id, token="theirs")  # noqa: S106 - a request token
    standing.stacks.changed.clear()
    result, _ = take(standing)
    assert standing.stacks.changed == []
    assert result.leftovers == ()


def test_termination_protection_wants_the_name_and_is_taken_off(standing: Stage) -> None:
    held = held_by(standing, Layer.COMPUTE)
    standing.stacks.set_termination_protection(held.stack.id, enabled=True)
    take(standing)
    assert standing.consent.asked[-1].expects == "dev"
    assert standing.status() is None


def test_an_instance_that_is_protected_loses_its_protection_after_the_yes(standing: Stage) -> None:
    calls: list[str] = []

    def refuse_once(instance_id: str) -> None:
        calls.append(instance_id)
        if len(calls) == 1:
            raise aws_error("OperationNotPermitted", "disableApiTermination")

    standing.nodes.terminate = refuse_once  # type: ignore[method-assign]
    standing.nodes.protected.add("any")
    take(standing)
    assert len(calls) == 2
    assert "ModifyInstanceAttribute" in standing.journal.steps


def test_no_wait_returns_at_once(standing: Stage) -> None:
    result, _ = take(standing, wait=False)
    assert not result.waited
    assert standing.status() == "DELETE_IN_PROGRESS"


def test_a_stack_made_anew_under_the_same_name_is_not_mistaken_for_the_old(standing: Stage) -> None:
    held = held_by(standing, Layer.COMPUTE)
    work = delete(standing.world, DeleteRequest(environment=DEV, target=Layer.COMPUTE))
    for _ in work:
        if held.stack.status == "DELETE_COMPLETE" and not any(
            each is not held and each.stack.name == held.stack.name for each in standing.stacks.held.values()
        ):
            standing.stacks.plant(held.stack.name, "CREATE_COMPLETE", tags=DEV.tags(Layer.COMPUTE))
    assert standing.status() == "CREATE_COMPLETE"


def test_a_lost_poll_does_not_end_the_deletion(standing: Stage) -> None:
    standing.stacks.faults.append(Fault(method="events", error=aws_error("500", "reset", ours="LIF913"), times=3))
    result, _ = take(standing)
    assert result.leftovers == ()


def test_a_thing_still_shutting_down_no_longer_bills(standing: Stage) -> None:
    standing.stacks.things["i-slow"] = Found(
        type="AWS::EC2::Instance", id="i-slow", state="shutting-down", existence=Existence.PRESENT
    )
    standing.stacks.thing_tags["i-slow"] = DEV.tags(Layer.COMPUTE)
    result, _ = take(standing)
    assert result.leftovers == ()


def foreign_bucket(stage: Stage) -> str:
    bucket = next(thing.id for thing in stage.stacks.things.values() if thing.type == "AWS::S3::Bucket")
    stage.inventory.foreign_keys[bucket] = ["checkpoints/model.pt"]
    stage.consent.no_to = {"delete the bucket"}
    return bucket


def test_a_kept_bucket_has_one_verdict_in_every_command(standing: Stage) -> None:
    bucket = foreign_bucket(standing)
    first, _ = take(standing, everything=True)
    then, _ = take(standing, target=Layer.NETWORKING)
    (why,) = {kept.why for result in (first, then) for kept in result.retained if kept.id == bucket}
    assert f"./manage-compute.sh delete dev --everything --confirm {bucket}" in why
    assert "holds 1 object" in why
    assert (first.leftovers, then.leftovers) == ((), ())


def test_the_command_that_a_kept_bucket_names_deletes_it(standing: Stage) -> None:
    bucket = foreign_bucket(standing)
    take(standing, everything=True)
    standing.consent.no_to = set()
    result, _ = take(standing, everything=True)
    assert standing.consent.asked[-1].expects == bucket
    assert standing.stacks.things[bucket].existence is Existence.GONE
    assert (result.leftovers, [kept for kept in result.retained if kept.id == bucket]) == ((), [])


def test_a_deletion_under_way_is_followed_without_a_question(standing: Stage) -> None:
    take(standing, wait=False)
    standing.consent.asked.clear()
    standing.consent.nobody = True
    result, _ = take(standing)
    assert standing.consent.asked == []
    assert result.leftovers == ()
    assert standing.status() is None


def test_leftovers_are_written_down_as_a_failure(standing: Stage) -> None:
    bucket = next(thing.id for thing in standing.stacks.things.values() if thing.type == "AWS::S3::Bucket")
    take(standing, everything=True)
    standing.stacks.things[bucket] = Found(type="AWS::S3::Bucket", id=bucket)
    result, _ = take(standing)
    assert [kept.id for kept in result.leftovers] == [bucket]
    last = standing.journal.lines[-1]
    assert last.step == "failed"
    assert bucket in last.detail["reason"]


def test_what_bills_is_told_with_the_command_that_removes_it(standing: Stage) -> None:
    result, events = take(standing)
    base, networking, snapshot = result.retained
    assert "./manage-compute.sh delete dev --everything" in base.why
    assert "./manage-networking.sh delete dev" in networking.why
    assert f"aws ec2 delete-snapshot --snapshot-id {snapshot.id} --region eu-central-1" in snapshot.why
    assert "nothing else is left" in [event.outcome for event in events if isinstance(event, PhaseFinished)]


def test_a_stack_that_somebody_creates_meanwhile_is_no_leftover(standing: Stage) -> None:
    delete_stack = standing.stacks.delete

    def raced(*args: Any, **more: Any) -> None:
        delete_stack(*args, **more)
        standing.clock.at(standing.clock.monotonic() + 6, lambda: made_anew(standing))

    standing.stacks.delete = raced  # type: ignore[method-assign]
    result, events = take(standing)
    assert result.leftovers == ()
    assert any("somebody is creating" in event.text for event in events if isinstance(event, Noted))
    assert standing.status() == "CREATE_IN_PROGRESS"


def test_what_a_newcomer_brings_along_is_never_swept_away(standing: Stage) -> None:
    eni = Found(type="AWS::EC2::NetworkInterface", id="eni-theirs")
    delete_stack = standing.stacks.delete

    def raced(*args: Any, **more: Any) -> None:
        delete_stack(*args, **more)
        standing.stacks.things[eni.id] = eni
        standing.stacks.thing_tags[eni.id] = {"Environment": "dev"}
        standing.clock.at(standing.clock.monotonic() + 6, lambda: made_anew(standing))

    standing.stacks.delete = raced  # type: ignore[method-assign]
    result, _ = take(standing, force=True)
    assert result.leftovers == ()
    assert "somebody is creating anew" in next(kept.why for kept in result.retained if kept.id == eni.id)
    assert standing.stacks.things[eni.id].existence is Existence.PRESENT


def made_anew(stage: Stage) -> None:
    name = DEV.stack_name(Layer.COMPUTE)
    if stage.stacks.describe(name) is None:
        stage.stacks.plant(name, "CREATE_IN_PROGRESS", tags=DEV.tags(Layer.COMPUTE))
    else:
        stage.clock.at(stage.clock.monotonic() + 1, lambda: made_anew(stage))
