"""Events in any order and number: progress never goes wrong, and no end is missed by more than 2.5 seconds."""

# ruff: noqa: S106, S107, FBT001 - request tokens are no passwords; hypothesis gives booleans by name

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semanticworld.core import statuses
from semanticworld.core.names import TOKEN_LENGTH, change_set_name, operation_of, token
from semanticworld.core.polling import LONGEST_AFTER_ERROR_S, after_error_s, interval_s
from semanticworld.core.progress import Progress, failed_resources, folded, of_operation, root_cause, slow
from semanticworld.model.stack import StackEvent

START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ARN = "arn:aws:cloudformation:eu-central-1:123456789012:stack/x/1"


def event(
    logical: str,
    status: str,
    *,
    at: float = 0,
    reason: str | None = None,
    token: str | None = "t",
    type_: str = "AWS::EC2::VPC",
) -> StackEvent:
    own = logical == "STACK"
    return StackEvent(
        id=f"{logical}-{status}-{at}",
        at=START + timedelta(seconds=at),
        stack_id=ARN,
        logical_id="x" if own else logical,
        physical_id=ARN if own else "r-1",
        type="AWS::CloudFormation::Stack" if own else type_,
        status=status,
        reason=reason,
        token=token,
    )


def fold(events: list[StackEvent]) -> tuple[Progress, list[str]]:
    progress, told = Progress(stack_name="x"), []
    for each in events:
        progress, line = folded(progress, each)
        if line is not None:
            told.append(f"{line.logical_id} {line.status} {line.elapsed_s:g}")
    return progress, told


def test_each_change_is_told_once_with_the_time_since_the_resource_began() -> None:
    progress, told = fold(
        [
            event("STACK", "CREATE_IN_PROGRESS"),
            event("Vpc", "CREATE_IN_PROGRESS", at=1),
            event("Vpc", "CREATE_IN_PROGRESS", at=2, reason="Resource creation Initiated"),
            event("Vpc", "CREATE_COMPLETE", at=13),
        ]
    )
    assert told == ["Vpc CREATE_IN_PROGRESS 0", "Vpc CREATE_COMPLETE 12"]
    assert progress.ended_as is None
    assert slow(progress, quiet_s=5) == ()


def test_the_slowest_resource_stands_first_and_our_wait_is_added() -> None:
    progress, _ = fold([event("Nat", "CREATE_IN_PROGRESS", at=0), event("Eip", "CREATE_IN_PROGRESS", at=10)])
    assert slow(progress, quiet_s=5) == (("Nat", 15.0), ("Eip", 5.0))


def test_a_nested_stacks_end_is_not_ours() -> None:
    nested = event("Nested", "CREATE_COMPLETE", type_="AWS::CloudFormation::Stack")
    assert fold([nested])[0].ended_as is None
    assert fold([event("STACK", "CREATE_COMPLETE")])[0].ended_as == "CREATE_COMPLETE"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["STACK", "A", "B", "C"]),
            st.sampled_from([*sorted(statuses.ALL), "X_FAILED"]),
            st.floats(0, 1e6),
        ),
        max_size=40,
    )
)
def test_any_sequence_folds_and_only_the_stacks_own_last_word_ends_it(lines: list[tuple[str, str, float]]) -> None:
    events = [event(logical, status, at=at) for logical, status, at in lines]
    progress, _ = fold(events)
    own = [status for logical, status, _ in lines if logical == "STACK"]
    assert (progress.ended_as is not None) == bool(own and not own[-1].endswith("_IN_PROGRESS"))
    assert all(wait >= 0 for _, wait in slow(progress, quiet_s=0))
    last = {logical: status for logical, status, _ in lines if logical != "STACK"}
    assert progress.pending.keys() == {logical for logical, status in last.items() if status.endswith("_IN_PROGRESS")}
    found = root_cause(events)
    assert (found is not None) >= any(status.endswith("_FAILED") for _, status, _ in lines)


def test_the_first_cause_is_neither_a_cancellation_nor_a_consequence() -> None:
    events = [
        event("STACK", "CREATE_IN_PROGRESS"),
        event("Bucket", "CREATE_FAILED", at=3, reason="Resource creation cancelled"),
        event("Instance", "CREATE_FAILED", at=3, reason="no capacity"),
        event("STACK", "ROLLBACK_IN_PROGRESS", at=4, reason="The following resource(s) failed to create: [Instance]"),
        event("Vpc", "DELETE_FAILED", at=9, reason="has dependencies"),
        event("STACK", "ROLLBACK_FAILED", at=10, reason="The following resource(s) failed to delete: [Vpc]"),
    ]
    root = root_cause(events)
    assert root is not None
    assert root.logical_id == "Instance"
    assert [each.logical_id for each in failed_resources(events)] == ["Bucket", "Instance", "Vpc"]


def test_a_failure_that_only_the_stack_tells_is_found() -> None:
    root = root_cause([event("STACK", "ROLLBACK_IN_PROGRESS", reason="No export named x found.")])
    assert root is not None
    assert root.reason == "No export named x found."


def test_an_operations_events_are_told_from_older_ones() -> None:
    old = [event("STACK", "CREATE_IN_PROGRESS", token="a"), event("STACK", "CREATE_COMPLETE", at=5, token="a")]
    new = [event("STACK", "UPDATE_IN_PROGRESS", at=9, token="b"), event("Vpc", "UPDATE_COMPLETE", at=10, token=None)]
    assert of_operation([*old, *new]) == tuple(new)
    assert of_operation([*old, *new], token="b") == tuple(new)
    assert of_operation([*old, *new], token="a") == (*old, new[1])
    assert of_operation([*old, *new], token="nobody") == tuple(new)


@given(elapsed=st.floats(0, 1e5), quiet=st.floats(0, 1e5), local=st.booleans())
def test_no_healthy_interval_lets_dead_time_reach_two_and_a_half_seconds(
    elapsed: float, quiet: float, local: bool
) -> None:
    pause = interval_s(elapsed_s=elapsed, quiet_s=quiet, local=local)
    assert 0 < pause <= (0.2 if local else 2.0)


@given(elapsed=st.floats(9, 1e5), quiet=st.floats(0, 1e5), more=st.floats(0, 1e5))
def test_quiet_never_makes_looks_more_frequent(elapsed: float, quiet: float, more: float) -> None:
    assert interval_s(elapsed_s=elapsed, quiet_s=quiet, local=False) <= interval_s(
        elapsed_s=elapsed, quiet_s=quiet + more, local=False
    )


@given(failures=st.integers(1, 10_000), local=st.booleans())
def test_errors_back_off_and_stay_bounded(failures: int, local: bool) -> None:
    assert 0 < after_error_s(failures=failures, local=local) <= LONGEST_AFTER_ERROR_S
    assert after_error_s(failures=failures, local=local) <= after_error_s(failures=failures + 1, local=local)


def test_twenty_minutes_of_polling_stay_under_the_accounts_limit() -> None:
    elapsed, calls = 0.0, 0
    while elapsed < 1200:
        elapsed += interval_s(elapsed_s=elapsed, quiet_s=elapsed, local=False)
        calls += 1
    assert calls / 1200 < 0.6


@given(
    step=st.text(max_size=300),
    attempt=st.integers(1, 999),
    operation=st.from_regex(r"[a-z][a-z0-9]{7,11}", fullmatch=True),
)
def test_tokens_are_valid_and_lead_back_to_their_operation(step: str, attempt: int, operation: str) -> None:
    made = token(operation, step, attempt)
    assert len(made) <= TOKEN_LENGTH
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert operation_of(made) == operation
    assert made != token(operation, step, attempt + 1)


@pytest.mark.parametrize("strange", [None, "", "console-UpdateStack-1", "sw-", "SW-operation1-x"])
def test_tokens_of_others_are_nobodys(strange: str | None) -> None:
    assert operation_of(strange) is None


def test_change_sets_of_two_operations_never_share_a_name() -> None:
    assert change_set_name("operation1") != change_set_name("operation2")
    assert change_set_name("operation1") != change_set_name("operation1", 2)
