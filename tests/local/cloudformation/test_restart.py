from __future__ import annotations

import os
import signal
from collections.abc import Callable

import pytest

from cfn_stacks import Stack, failing, parameter, template
from cloud import Cloud
from semanticworld.local import control
from semanticworld.local.fault import Action, FailingResource, SlowResource, to_json

Started = Callable[[], Cloud]


def _save_and_kill(cloud: Cloud) -> None:
    control.ask(cloud.record, "save")
    os.kill(cloud.record.pid, signal.SIGKILL)


def _slow(cloud: Cloud, resource: str, action: Action = "create") -> None:
    fault = SlowResource(resource=resource, delay_s=1.0, action=action, times=1)
    control.ask(cloud.record, "fault_add", fault=to_json(fault))


@pytest.fixture
def stack(started: Started) -> tuple[Stack, Cloud]:
    cloud = started()
    return Stack(client=cloud.client("cloudformation")), cloud


def _again(stack: Stack, started: Started, cloud: Cloud) -> Cloud:
    """The same stack, seen through the next server."""
    later = started()
    later = Cloud(folder=later.folder, record=later.record, account=cloud.account)
    stack.client = later.client("cloudformation")
    return later


def _values(cloud: Cloud) -> list[str]:
    ssm = cloud.client("ssm")
    names = [found["Name"] for found in ssm.describe_parameters()["Parameters"]]
    return sorted(str(ssm.get_parameter(Name=name)["Parameter"]["Value"]) for name in names)


def test_a_create_that_a_kill_cut_off_goes_on_and_makes_nothing_twice(
    started: Started, stack: tuple[Stack, Cloud]
) -> None:
    found, cloud = stack
    _slow(cloud, "Second")
    body = template({"First": parameter("1"), "Second": parameter("2", DependsOn="First")})
    found.stack_id = found.client.create_stack(StackName=found.name, TemplateBody=body)["StackId"]
    found.until_told("Second CREATE_IN_PROGRESS")
    _save_and_kill(cloud)
    cloud = _again(found, started, cloud)
    assert found.rest() == "CREATE_COMPLETE"
    assert _values(cloud) == ["1", "2"]
    assert found.told().count("First CREATE_COMPLETE") == 1


def test_an_update_that_a_kill_cut_off_goes_on(started: Started, stack: tuple[Stack, Cloud]) -> None:
    found, cloud = stack
    found.create(template({"First": parameter("old"), "Second": parameter("old"), "Gone": parameter("gone")}))
    _slow(cloud, "Second", "update")
    after = template({"First": parameter("new"), "Second": parameter("new", DependsOn="First")})
    found.client.update_stack(StackName=found.name, TemplateBody=after)
    found.until_told("First UPDATE_COMPLETE")
    _save_and_kill(cloud)
    cloud = _again(found, started, cloud)
    assert found.rest() == "UPDATE_COMPLETE"
    assert _values(cloud) == ["new", "new"]


def test_an_update_that_a_kill_cut_off_can_still_go_back(started: Started, stack: tuple[Stack, Cloud]) -> None:
    found, cloud = stack
    found.create(template({"First": parameter("old")}))
    fault = FailingResource(resource="New", reason="ordered by test", times=1)
    control.ask(cloud.record, "fault_add", fault=to_json(fault))
    _slow(cloud, "Slow")
    after = template(
        {
            "First": parameter("new"),
            "Slow": parameter("slow", DependsOn="First"),
            "New": parameter("n", DependsOn="Slow"),
        }
    )
    found.client.update_stack(StackName=found.name, TemplateBody=after)
    found.until_told("Slow CREATE_IN_PROGRESS")
    _save_and_kill(cloud)
    cloud = _again(found, started, cloud)
    assert found.rest() == "UPDATE_ROLLBACK_COMPLETE"
    assert _values(cloud) == ["old"]


def test_a_delete_that_a_kill_cut_off_goes_on(started: Started, stack: tuple[Stack, Cloud]) -> None:
    found, cloud = stack
    found.create(template({"First": parameter("1"), "Second": parameter("2", DependsOn="First")}))
    _slow(cloud, "First", "delete")
    found.client.delete_stack(StackName=found.name)
    found.until_told("First DELETE_IN_PROGRESS")
    _save_and_kill(cloud)
    cloud = _again(found, started, cloud)
    assert found.rest() == "DELETE_COMPLETE"
    assert _values(cloud) == []


def test_a_wait_for_signals_that_a_kill_cut_off_fails_and_rolls_back(
    started: Started, stack: tuple[Stack, Cloud]
) -> None:
    found, cloud = stack
    waiting = failing(CreationPolicy={"ResourceSignal": {"Timeout": "PT10M"}}, DependsOn="First")
    body = template({"First": parameter("1"), "Wait": waiting})
    found.stack_id = found.client.create_stack(StackName=found.name, TemplateBody=body)["StackId"]
    found.until_told("Wait CREATE_IN_PROGRESS")
    _save_and_kill(cloud)
    cloud = _again(found, started, cloud)
    assert found.rest() == "ROLLBACK_COMPLETE"
    assert _values(cloud) == []


def test_tokens_and_buried_stacks_survive_a_kill(started: Started, stack: tuple[Stack, Cloud]) -> None:
    found, cloud = stack
    found.create(template())
    buried = found.stack_id
    found.delete()
    found.create(template(), ClientRequestToken="create-2")
    _save_and_kill(cloud)
    _again(found, started, cloud)
    again = found.client.create_stack(StackName=found.name, TemplateBody=template(), ClientRequestToken="create-2")
    assert again["StackId"] == found.stack_id
    assert found.client.describe_stacks(StackName=buried)["Stacks"][0]["StackStatus"] == "DELETE_COMPLETE"
