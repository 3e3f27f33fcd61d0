"""create in trouble: foreign and failed stacks, lost answers, others at work, interruptions, time limits."""

# ruff: noqa: ANN401 - requests are built from whatever a case changes

from __future__ import annotations

from typing import Any

import pytest

from fakes.creating import COMPUTE, make, plant_compute, request
from fakes.faults import Fault, aws_error
from fakes.world import DEV, Stage
from semanticworld.app.create import create
from semanticworld.errors import AwsError, Interrupted, Refused, Unfinished
from semanticworld.model.environment import Layer
from semanticworld.model.event import Noted, ResourceProgress, StillWaiting


def test_a_foreign_stack_of_the_same_name_is_never_touched(stage: Stage) -> None:
    make(stage, target=Layer.NETWORKING)
    stage.stacks.changed.clear()
    held = plant_compute(stage, "CREATE_COMPLETE", tags={"Project": "theirs"})
    with pytest.raises(Refused) as refused:
        make(stage)
    assert refused.value.code == "LIF001"
    assert held.stack.status == "CREATE_COMPLETE"


def test_the_first_cause_is_told_first_and_nothing_stands(stage: Stage) -> None:
    stage.stacks.fail["Instance"] = (
        'Resource handler returned message: "We currently do not have sufficient g4dn.xlarge capacity in the '
        "Availability Zone you requested (eu-central-1a). You can currently get g4dn.xlarge capacity by not specifying "
        "an Availability Zone in your request or choosing eu-central-1b. (Service: Ec2, Status Code: 500, Request ID: "
        'abc)" (RequestToken: 1, HandlerErrorCode: GeneralServiceException)'
    )
    with pytest.raises(AwsError) as failed:
        make(stage)
    assert failed.value.code == "LIF032"
    assert "Instance (AWS::EC2::Instance)" in failed.value.what
    assert "eu-central-1b" in failed.value.hint
    assert "Request ID" not in failed.value.why
    assert stage.status() == "ROLLBACK_COMPLETE"
    assert stage.journal.lines[-1].detail == {"code": "LIF032"}


def test_create_again_after_a_failed_creation_removes_its_remains_first(stage: Stage) -> None:
    stage.stacks.fail["Instance"] = "VcpuLimitExceeded: more vCPU capacity than your current vCPU limit"
    with pytest.raises(AwsError):
        make(stage)
    stage.stacks.fail.clear()
    result, events = make(stage)
    assert result.stack.status == "CREATE_COMPLETE"
    assert any("vCPU quota" in event.text for event in events if isinstance(event, Noted))
    saved = [entry for entry in stage.journal.lines if entry.step == "DeleteStack"]
    assert "VcpuLimitExceeded" in saved[-1].detail["Instance"]


def test_a_failed_update_is_an_error_although_its_status_ends_in_complete(standing: Stage) -> None:
    standing.stacks.fail["Instance"] = (
        "Your requested instance type (g5.xlarge) is not supported in your requested Availability Zone (eu-central-1a)."
    )
    with pytest.raises(AwsError, match="could not be updated") as failed:
        make(standing, overrides={"InstanceType": "g5.xlarge"})
    assert failed.value.code == "LIF033"
    assert standing.status() == "UPDATE_ROLLBACK_COMPLETE"


def test_a_stuck_rollback_is_continued_and_what_hinders_is_given_up_only_after_a_yes(standing: Stage) -> None:
    held = next(held for held in standing.stacks.held.values() if held.stack.name == COMPUTE)
    standing.stacks._own(held, "UPDATE_ROLLBACK_FAILED", None)  # noqa: SLF001 - the fake's own switch
    standing.stacks.fail_rollback["Instance"] = ["cannot be modified"]
    result, _ = make(standing)
    assert [question.text for question in standing.consent.asked] == [
        "give up Instance and finish the rollback without?"
    ]
    assert not standing.consent.asked[0].yes_suffices
    assert result.stack.status == "UPDATE_ROLLBACK_COMPLETE"


def test_a_failed_creation_left_standing_is_rolled_back_then_removed_then_made(stage: Stage) -> None:
    make(stage, target=Layer.NETWORKING)
    plant_compute(stage, "CREATE_FAILED")
    result, _ = make(stage)
    assert [question.text for question in stage.consent.asked] == [
        "the compute stack of dev is in CREATE_FAILED: roll it back first?"
    ]
    assert result.stack.status == "CREATE_COMPLETE"
    assert "rollback" in stage.stacks.changed


def test_a_review_of_ours_is_used_again(stage: Stage) -> None:
    make(stage, target=Layer.NETWORKING)
    planted = stage.stacks.plant(COMPUTE, "REVIEW_IN_PROGRESS", tags=DEV.tags(Layer.COMPUTE), template="{}")
    result, _ = make(stage)
    assert result.stack.id == planted.stack.id


def test_a_review_of_somebody_else_is_refused(stage: Stage) -> None:
    make(stage, target=Layer.NETWORKING)
    stage.stacks.plant(COMPUTE, "REVIEW_IN_PROGRESS", tags={}, template="{}")
    with pytest.raises(Refused) as refused:
        make(stage)
    assert refused.value.code == "LIF001"


def test_a_rollback_that_still_runs_is_waited_for(standing: Stage) -> None:
    held = next(held for held in standing.stacks.held.values() if held.stack.name == COMPUTE)
    standing.stacks._own(held, "UPDATE_ROLLBACK_IN_PROGRESS", "theirs")  # noqa: SLF001 - the fake's own switch
    standing.stacks.settle(held, "UPDATE_ROLLBACK_COMPLETE", after_s=30)
    result, _ = make(standing)
    assert result.stack.status == "UPDATE_ROLLBACK_COMPLETE"
    assert standing.clock.seconds > 30


def test_an_operation_of_somebody_else_is_refused(standing: Stage) -> None:
    held = next(held for held in standing.stacks.held.values() if held.stack.name == COMPUTE)
    standing.stacks._own(held, "UPDATE_IN_PROGRESS", "sw-strangers99-compute-update-1")  # noqa: SLF001 - the fake's own switch
    with pytest.raises(Refused) as refused:
        make(standing)
    assert refused.value.code == "LIF003"


def test_ctrl_c_leaves_the_stack_going_and_the_same_command_attaches(stage: Stage) -> None:
    make(stage, target=Layer.NETWORKING)

    def interrupt() -> None:
        if any(h.stack.name == COMPUTE and h.stack.status == "CREATE_IN_PROGRESS" for h in stage.stacks.held.values()):
            stage.stacks.on_read = lambda: None
            raise KeyboardInterrupt

    stage.stacks.on_read = interrupt
    with pytest.raises(Interrupted) as interrupted:
        make(stage)
    assert "./manage-compute.sh status dev" in interrupted.value.hint
    assert stage.journal.steps[-1] == "interrupted"
    executed = stage.stacks.changed.count("execute_change_set")
    attached = create(stage.world, request())
    while not isinstance(next(attached), ResourceProgress):
        pass
    with pytest.raises(Interrupted) as interrupted:
        attached.throw(KeyboardInterrupt())
    assert "goes on by itself" in interrupted.value.why, "it is not ours, but it is under way"
    result, events = make(stage)
    assert result.stack.status == "CREATE_COMPLETE"
    assert stage.stacks.changed.count("execute_change_set") == executed
    assert stage.stacks.changed.count("delete") == 0
    assert any("by an operation of ours" in event.text for event in events if isinstance(event, Noted))


def test_closing_the_generator_is_written_down(stage: Stage) -> None:
    work = create(stage.world, request())
    next(work)
    work.close()
    assert stage.journal.steps[-1] == "interrupted"


def test_a_lost_answer_to_execute_is_found_out(stage: Stage) -> None:
    stage.stacks.faults.append(
        Fault(method="execute_change_set", error=aws_error("500", "reset", ours="LIF913"), after=True)
    )
    result, events = make(stage)
    assert result.stack.status == "CREATE_COMPLETE"
    assert any("was lost" in event.text for event in events if isinstance(event, Noted))


def test_a_stack_that_appears_in_between_is_decided_upon_again(stage: Stage) -> None:
    make(stage, target=Layer.NETWORKING)
    once = iter([True])
    original = stage.stacks.create_change_set

    def raced(change: Any) -> Any:
        if change.stack_name == COMPUTE and next(once, False):
            plant_compute(stage, "CREATE_IN_PROGRESS", token="sw-strangers99-compute-create-1")  # noqa: S106 - a request token
        return original(change)

    stage.stacks.create_change_set = raced  # type: ignore[assignment, method-assign]
    with pytest.raises(Unfinished) as refused:
        make(stage)
    assert refused.value.code == "LIF003"
    assert refused.value.what == "another create is under way on the compute stack of dev"
    assert "since 2026-11-23 12:" in refused.value.why
    assert "semanticworld-dev-base was deployed" in refused.value.why


def test_a_change_by_somebody_else_while_we_ask_is_seen(standing: Stage) -> None:
    held = next(held for held in standing.stacks.held.values() if held.stack.name == COMPUTE)
    ask = standing.consent.ask

    def meddled(question: Any) -> bool:
        standing.clock.sleep(5)
        standing.stacks._own(held, "UPDATE_COMPLETE", "theirs")  # noqa: SLF001 - the fake's own switch
        return ask(question)

    standing.consent.ask = meddled  # type: ignore[method-assign]
    with pytest.raises(Refused) as refused:
        make(standing, subnet="private-2")
    assert refused.value.code == "LIF007"
    assert "execute_change_set" not in standing.stacks.changed


@pytest.mark.parametrize(
    "error",
    [
        aws_error("Throttling", "Rate exceeded", ours="LIF912"),
        Refused("the AWS credentials have expired", why="expired", hint="aws sso login", code="LIF903"),
    ],
)
def test_trouble_while_following_is_said_once_and_survived(stage: Stage, error: Exception) -> None:
    stage.stacks.faults.append(Fault(method="events", error=error, times=4))
    result, events = make(stage)
    assert result.stack.status == "CREATE_COMPLETE"
    texts = [event.text for event in events if isinstance(event, Noted)]
    assert sum("we keep looking" in text for text in texts) == 1
    assert "AWS answers again" in texts


def test_trouble_that_does_not_end_is_unfinished(stage: Stage) -> None:
    error = aws_error("Throttling", "Rate exceeded", ours="LIF912")
    stage.stacks.faults.append(Fault(method="events", error=error, times=10_000))
    with pytest.raises(Unfinished) as unfinished:
        make(stage)
    assert unfinished.value.code == "LIF011"
    assert "create dev" in unfinished.value.hint


def test_the_time_limit_is_unfinished_and_names_the_command_that_looks(stage: Stage) -> None:
    with pytest.raises(Unfinished) as unfinished:
        make(stage, timeout_s=10.0)
    assert unfinished.value.code == "LIF010"
    assert "./manage-compute.sh status dev" in unfinished.value.hint
    assert stage.clock.seconds == pytest.approx(10.0, abs=0.5)


def test_no_wait_returns_when_the_work_has_begun(standing: Stage) -> None:
    result, _ = make(standing, wait=False, overrides={"InstanceType": "g5.xlarge"})
    assert not result.waited
    assert result.stack.status == "UPDATE_IN_PROGRESS"


def test_a_slow_resource_is_named_with_its_time(stage: Stage) -> None:
    stage.stacks.step_s = 40.0
    _, events = make(stage)
    waits = [event for event in events if isinstance(event, StillWaiting)]
    assert any(pending[0] == "Vpc" and pending[1] > 20 for event in waits for pending in event.pending)


def test_dead_time_after_the_end_stays_under_two_and_a_half_seconds(stage: Stage) -> None:
    stage.stacks.step_s = 31.0
    make(stage, target=Layer.NETWORKING)
    assert max(stage.clock.slept) <= 2.2
