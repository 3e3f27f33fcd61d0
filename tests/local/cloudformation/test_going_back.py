"""What an update that failed leaves behind: nothing, and a resource that was not changed need not be changed back."""

from __future__ import annotations

from cfn_stacks import Fail, Stack, parameter, template
from cloud import Cloud


def test_what_cannot_be_changed_can_go_back(cloud: Cloud, stack: Stack, fail: Fail) -> None:
    stack.create(template({"Stuck6": parameter("old"), "Fine": parameter("old")}))
    fail("Stuck6", "update")
    after = template({"Stuck6": parameter("new", DependsOn="Fine"), "Fine": parameter("new")})
    assert stack.update(after) == "UPDATE_ROLLBACK_COMPLETE"
    assert "Stuck6 UPDATE_FAILED ordered by test" in stack.told()
    assert values(cloud) == ["old", "old"]


def values(cloud: Cloud) -> list[str]:
    ssm = cloud.client("ssm")
    names = [entry["Name"] for entry in ssm.describe_parameters()["Parameters"]]
    return sorted(str(ssm.get_parameter(Name=name)["Parameter"]["Value"]) for name in names)
