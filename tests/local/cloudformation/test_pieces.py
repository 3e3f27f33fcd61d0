from __future__ import annotations

import asyncio

import pytest

from semanticworld.local.cloud.cloudformation import exports, standing, update_types
from semanticworld.local.cloud.cloudformation.run import graph
from semanticworld.local.cloud.cloudformation.run.live import Halted, Run

EVERY = [
    "CREATE_IN_PROGRESS",
    "CREATE_FAILED",
    "CREATE_COMPLETE",
    "ROLLBACK_IN_PROGRESS",
    "ROLLBACK_FAILED",
    "ROLLBACK_COMPLETE",
    "DELETE_IN_PROGRESS",
    "DELETE_FAILED",
    "DELETE_COMPLETE",
    "UPDATE_IN_PROGRESS",
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_COMPLETE",
    "UPDATE_FAILED",
    "UPDATE_ROLLBACK_IN_PROGRESS",
    "UPDATE_ROLLBACK_FAILED",
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_ROLLBACK_COMPLETE",
    "REVIEW_IN_PROGRESS",
    "IMPORT_IN_PROGRESS",
    "IMPORT_COMPLETE",
    "IMPORT_ROLLBACK_IN_PROGRESS",
    "IMPORT_ROLLBACK_FAILED",
    "IMPORT_ROLLBACK_COMPLETE",
]
UPDATABLE = {
    "CREATE_COMPLETE",
    "UPDATE_COMPLETE",
    "UPDATE_ROLLBACK_COMPLETE",
    "IMPORT_COMPLETE",
    "IMPORT_ROLLBACK_COMPLETE",
}


@pytest.mark.parametrize("status", EVERY)
def test_every_status_takes_or_refuses_an_update(status: str) -> None:
    plain = standing.update_refusal("id", status, disable_rollback=False)
    assert (plain == "") == (status in UPDATABLE)
    stopped = standing.update_refusal("id", status, disable_rollback=True)
    assert (stopped == "") == (status in UPDATABLE | {"CREATE_FAILED", "UPDATE_FAILED"})
    assert (not plain) or status in plain


@pytest.mark.parametrize("status", EVERY)
def test_a_stack_is_not_deleted_in_the_middle_of_an_update_or_import(status: str) -> None:
    middle = status.startswith(("UPDATE", "IMPORT")) and status.endswith("IN_PROGRESS")
    assert bool(standing.delete_refusal("id", status)) == middle
    assert standing.exists(status) == (status != "DELETE_COMPLETE")


def test_work_goes_in_order_and_what_needs_a_failure_never_starts() -> None:
    done: list[str] = []

    async def work(name: str) -> None:
        await asyncio.sleep(0)
        if name == "bad":
            raise ValueError(name)
        done.append(name)

    async def scenario() -> dict[str, BaseException]:
        needs: dict[str, set[str]] = {"a": set(), "b": {"a"}, "bad": {"a"}, "never": {"bad"}, "c": {"b"}}
        return await graph.walk(needs, work, asyncio.Event(), stop_on_failure=False)

    failures = asyncio.run(scenario())
    assert (list(failures), done) == (["bad"], ["a", "b", "c"])


def test_the_first_failure_stops_what_has_not_begun_when_told_to() -> None:
    done: list[str] = []

    async def work(name: str) -> None:
        if name == "bad":
            raise ValueError(name)
        await asyncio.sleep(0.01)
        done.append(name)

    async def scenario() -> None:
        needs: dict[str, set[str]] = {"bad": set(), "running": set(), "later": {"running"}}
        await graph.walk(needs, work, asyncio.Event(), stop_on_failure=True)

    asyncio.run(scenario())
    assert done == ["running"]


def test_a_halt_ends_every_pause() -> None:
    async def scenario() -> None:
        run = Run(stack={}, operation={})
        asyncio.get_running_loop().call_soon(run.halt, "timeout")
        with pytest.raises(Halted):
            await run.pause(60)
        assert run.why == "timeout"

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("resource_type", "name", "requires"),
    [
        ("AWS::EC2::Instance", "InstanceType", "Conditionally"),
        ("AWS::EC2::Instance", "ImageId", "Always"),
        ("AWS::EC2::Instance", "Tags", "Never"),
        ("AWS::EC2::Subnet", "CidrBlock", "Always"),
        ("AWS::Budgets::Budget", "Budget", "Conditionally"),
        ("AWS::Budgets::Budget", "ResourceTags", "Never"),
        ("AWS::Logs::LogGroup", "RetentionInDays", "Never"),
        ("Custom::Thing", "Anything", "Conditionally"),
    ],
)
def test_what_a_property_requires_is_the_registrys_word(resource_type: str, name: str, requires: str) -> None:
    assert update_types.recreation(resource_type, name) == requires


def test_a_nested_create_only_value_counts_only_when_it_changes() -> None:
    def replaces(old: dict[str, object], new: dict[str, object]) -> bool:
        return update_types.replacing_change("AWS::Budgets::Budget", {"Budget": old}, {"Budget": new})

    assert not replaces({"BudgetName": "n", "TimeUnit": "MONTHLY"}, {"BudgetName": "n", "TimeUnit": "ANNUALLY"})
    assert replaces({"BudgetName": "n"}, {"BudgetName": "m"})


@pytest.mark.parametrize(("names", "spoken"), [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")])
def test_users_of_an_export_are_told_as_aws_tells_them(names: list[str], spoken: str) -> None:
    assert exports.spoken(names) == spoken
