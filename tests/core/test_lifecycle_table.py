"""Every status and every command: what is decided, spelled out here and not taken from the code."""

# ruff: noqa: ANN401, FBT001 - hypothesis gives booleans by name

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semanticworld.core import statuses
from semanticworld.core.commands import Subject
from semanticworld.core.decision import (
    Attach,
    ContinueRollback,
    CreateNew,
    Decision,
    Delete,
    DeleteFirst,
    NothingToDo,
    Read,
    Refuse,
    ReuseReview,
    RollbackFirst,
    Update,
    Wait,
)
from semanticworld.core.lifecycle import Command, Runner, StackState, decide
from semanticworld.core.ownership import Ownership, ownership
from semanticworld.model.environment import Environment, EnvironmentName, Layer
from semanticworld.model.operation import JournalEntry
from semanticworld.model.stack import Stack

ROOT = Path(__file__).resolve().parents[2]
DEV = Environment(name=EnvironmentName.DEV)
SUBJECT = Subject(environment=DEV, layer=Layer.COMPUTE)

# status: create (ours, others'), delete (ours, others'), outputs; a code stands for a refusal with it
TABLE: dict[str | None, tuple[object, object, object, object, object]] = {
    None: (CreateNew, CreateNew, NothingToDo, NothingToDo, "LIF004"),
    "REVIEW_IN_PROGRESS": (ReuseReview, ReuseReview, Delete, Delete, "LIF004"),
    "CREATE_IN_PROGRESS": (Attach, "LIF003", Delete, Delete, Read),
    "CREATE_FAILED": (RollbackFirst, RollbackFirst, Delete, Delete, "LIF004"),
    "CREATE_COMPLETE": (Update, Update, Delete, Delete, Read),
    "ROLLBACK_IN_PROGRESS": (Wait, Wait, Wait, Wait, Read),
    "ROLLBACK_FAILED": ("LIF019", "LIF019", Delete, Delete, Read),
    "ROLLBACK_COMPLETE": (DeleteFirst, DeleteFirst, Delete, Delete, "LIF004"),
    "DELETE_IN_PROGRESS": (Wait, Wait, Attach, Attach, "LIF004"),
    "DELETE_FAILED": ("LIF019", "LIF019", Delete, Delete, "LIF004"),
    "DELETE_COMPLETE": (CreateNew, CreateNew, NothingToDo, NothingToDo, "LIF004"),
    "UPDATE_IN_PROGRESS": (Attach, "LIF003", Wait, "LIF003", Read),
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS": (Wait, Wait, Wait, Wait, Read),
    "UPDATE_COMPLETE": (Update, Update, Delete, Delete, Read),
    "UPDATE_FAILED": (RollbackFirst, RollbackFirst, Delete, Delete, Read),
    "UPDATE_ROLLBACK_IN_PROGRESS": (Wait, Wait, Wait, Wait, Read),
    "UPDATE_ROLLBACK_FAILED": (ContinueRollback, ContinueRollback, Delete, Delete, Read),
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS": (Wait, Wait, Wait, Wait, Read),
    "UPDATE_ROLLBACK_COMPLETE": (Update, Update, Delete, Delete, Read),
    "IMPORT_IN_PROGRESS": (Attach, "LIF003", Wait, "LIF003", Read),
    "IMPORT_COMPLETE": (Update, Update, Delete, Delete, Read),
    "IMPORT_ROLLBACK_IN_PROGRESS": (Wait, Wait, Wait, Wait, Read),
    "IMPORT_ROLLBACK_FAILED": ("LIF019", "LIF019", "LIF019", "LIF019", Read),
    "IMPORT_ROLLBACK_COMPLETE": (Update, Update, Delete, Delete, Read),
    "SOME_NEW_STATUS": ("LIF002", "LIF002", "LIF002", "LIF002", "LIF002"),
    "SOMETHING_NEW_IN_PROGRESS": ("LIF002", "LIF002", "LIF002", "LIF002", "LIF002"),
}


def decided(
    command: Command, status: str | None, runner: Runner, whose: Ownership = Ownership.OURS, subject: Subject = SUBJECT
) -> Decision:
    return decide(command, StackState(status=status, ownership=whose, runner=runner), subject)


def short(decision: Decision) -> object:
    return decision.code if isinstance(decision, Refuse) else type(decision)


def test_the_table_has_all_23_statuses_of_cloudformation() -> None:
    assert TABLE.keys() >= statuses.ALL
    assert len(statuses.ALL) == 23


@pytest.mark.parametrize("status", TABLE, ids=str)
def test_every_status(status: str | None) -> None:
    create_ours, create_others, delete_ours, delete_others, outputs = TABLE[status]
    assert short(decided(Command.CREATE, status, Runner.US)) == create_ours
    assert short(decided(Command.CREATE, status, Runner.OTHERS)) == create_others
    assert short(decided(Command.DELETE, status, Runner.US)) == delete_ours
    assert short(decided(Command.DELETE, status, Runner.OTHERS)) == delete_others
    assert short(decided(Command.OUTPUTS, status, Runner.US)) == outputs
    assert short(decided(Command.STATUS, status, Runner.US)) is Read


@given(
    command=st.sampled_from([Command.CREATE, Command.DELETE, Command.OUTPUTS]),
    status=st.sampled_from(sorted(statuses.ALL - {statuses.GONE}))
    | st.text(min_size=1).filter(lambda s: s != statuses.GONE),
    runner=st.sampled_from(Runner),
)
def test_a_foreign_stack_is_always_refused(command: Command, status: str, runner: Runner) -> None:
    assert short(decided(command, status, runner, Ownership.FOREIGN)) == "LIF001"


@given(
    command=st.sampled_from(Command),
    status=st.none() | st.sampled_from(sorted(statuses.ALL)) | st.text(min_size=1),
    runner=st.sampled_from(Runner),
    whose=st.sampled_from(Ownership),
    local=st.booleans(),
    layer=st.sampled_from(Layer),
)
def test_every_refusal_has_a_command_or_a_step(
    command: Command,
    status: str | None,
    runner: Runner,
    whose: Ownership,
    local: bool,
    layer: Layer,
) -> None:
    decision = decided(command, status, runner, whose, Subject(environment=DEV, layer=layer, local=local))
    if isinstance(decision, Refuse):
        assert decision.hint
        assert decision.why
        assert "./manage" not in decision.hint or (" --local" in decision.hint) is local


def test_deletions_say_what_they_follow_upon() -> None:
    assert decided(Command.DELETE, "DELETE_FAILED", Runner.US) == Delete(after_failure=True)
    assert decided(Command.DELETE, "CREATE_IN_PROGRESS", Runner.OTHERS) == Delete(interrupts=True)


def test_the_way_out_of_a_failed_deletion_is_named() -> None:
    decision = decided(Command.CREATE, "DELETE_FAILED", Runner.US)
    assert isinstance(decision, Refuse)
    assert decision.hint == "./manage-compute.sh delete dev --force-delete"


@pytest.mark.parametrize("missing", ["Project", "Environment", "ManagedBy"])
def test_each_identifying_tag_counts(missing: str) -> None:
    tags = {name: value for name, value in DEV.tags(Layer.COMPUTE).items() if name != missing}
    stack = Stack(name="semanticworld-dev-compute", id="arn:1", status="CREATE_COMPLETE", tags=tags)
    assert ownership(stack, DEV) is Ownership.FOREIGN


def test_another_environments_stack_is_foreign() -> None:
    prod = Environment(name=EnvironmentName.PROD)
    stack = Stack(name="x", id="arn:1", status="CREATE_COMPLETE", tags=prod.tags(Layer.COMPUTE))
    assert ownership(stack, prod) is Ownership.OURS
    assert ownership(stack, DEV) is Ownership.FOREIGN


def test_a_review_without_tags_is_ours_only_by_the_journal() -> None:
    made = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    stack = Stack(name="x", id="arn:1", status="REVIEW_IN_PROGRESS", created_at=made)

    def entry(step: str, **more: Any) -> JournalEntry:
        told = {"at": made, "stack_name": "x", **more}
        return JournalEntry(operation_id="operation1", command="create", environment="dev", step=step, **told)

    def whose(*journal: JournalEntry) -> Ownership:
        return ownership(stack, DEV, journal=journal)

    assert whose() is Ownership.FOREIGN
    assert whose(entry("ExecuteChangeSet", stack_id="arn:1")) is Ownership.OURS
    assert whose(entry("CreateChangeSet")) is Ownership.OURS
    assert whose(entry("CreateChangeSet", stack_name="y")) is Ownership.FOREIGN
    assert whose(entry("CreateChangeSet", at=made - timedelta(hours=1))) is Ownership.FOREIGN
    assert whose(entry("begun")) is Ownership.FOREIGN
