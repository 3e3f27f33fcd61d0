"""AWS's own texts, told with a cause, a code and a next step; changes called out for what they do."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semanticworld.core.causes import _ROWS, cause, plain, zones_named
from semanticworld.core.changes import Impact, callouts, effect, holds_volume, impact, is_empty, questions
from semanticworld.core.commands import Subject
from semanticworld.core.failure import Kind, ended_well, failure
from semanticworld.errors import AwsError, Unfinished
from semanticworld.model.change import Change, ChangeSet, PropertyChange, Replacement
from semanticworld.model.environment import Environment, EnvironmentName, Layer

SUBJECT = Subject(environment=Environment(name=EnvironmentName.DEV), layer=Layer.COMPUTE)
PROD = Subject(environment=Environment(name=EnvironmentName.PROD), layer=Layer.COMPUTE)


def wrapped(text: str) -> str:
    return (
        f'Resource handler returned message: "{text} (Service: Ec2, Status Code: 400, Request ID: 1-2)" '
        "(RequestToken: 3, HandlerErrorCode: GeneralServiceException)"
    )


@pytest.mark.parametrize(
    ("reason", "code", "hint"),
    [
        (
            wrapped(
                "You have requested more vCPU capacity than your current vCPU limit of 0 allows for the instance bucket"
            ),
            "LIF031",
            "L-DB2E81BA",
        ),
        ("API: ec2:RunInstances (Error Code: InsufficientInstanceCapacity)", "LIF032", "--subnet private-2"),
        (
            wrapped(
                "Your requested instance type (p5.48xlarge) is not supported in your requested Availability Zone (us-east-1e)."
            ),
            "LIF033",
            "--subnet",
        ),
        ("Max spot instance count exceeded", "LIF034", "L-3819A6DF"),
        (wrapped("The maximum number of VPCs has been reached."), "LIF035", "service-quotas"),
        (wrapped("The image id '[ami-1]' does not exist"), "LIF036", "create dev"),
        (
            wrapped("User: arn:aws:iam::1:user/x is not authorized to perform: ec2:RunInstances on resource: y"),
            "LIF037",
            "create dev",
        ),
        ("semanticworld-dev-bucket already exists in stack arn:1", "LIF038", "delete dev --everything"),
        (
            "The following hook(s)/validation failed: [AWS::EarlyValidation::ResourceExistenceCheck]",
            "LIF038",
            "delete dev",
        ),
        (
            "No export named semanticworld-dev-vpc-id found. Rollback requested by user.",
            "LIF039",
            "./manage-networking.sh",
        ),
        ("Failed to receive 1 resource signal(s) within the specified duration", "LIF040", "cloud-init-output.log"),
        ("Client.InternalError: Client error on launch", "LIF041", "kms:CreateGrant"),
        (wrapped("resource sg-1 has a dependent object"), "LIF042", "delete dev --force-delete"),
        ("The bucket you tried to delete is not empty", "LIF043", "--force-delete"),
        (
            "Export semanticworld-dev-vpc-id cannot be deleted as it is in use by semanticworld-dev-base",
            "LIF044",
            "--everything",
        ),
        (
            "The instance 'i-1' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.",
            "LIF045",
            "--force-delete",
        ),
        (wrapped("(Error Code: InsufficientFreeAddressesInSubnet)"), "LIF046", "--subnet"),
        ("In order to use this AWS Marketplace product you need to accept terms and subscribe", "LIF047", "accept"),
        ("AuthFailure.ServiceLinkedRoleCreationNotPermitted: no", "LIF048", "spot.amazonaws.com"),
        ("Properties validation failed for resource X", "LIF049", "parameter file"),
        ("something nobody has seen yet", "LIF030", "./manage-compute.sh status dev"),
        (None, "LIF030", "./manage-compute.sh status dev"),
    ],
)
def test_known_reasons(reason: str | None, code: str, hint: str) -> None:
    found = cause(reason, SUBJECT)
    assert found.code == code
    assert hint in found.hint
    assert "RequestToken" not in found.why
    assert "Request ID" not in found.why


@given(st.text(max_size=300))
def test_any_reason_has_a_why_and_a_hint(reason: str) -> None:
    found = cause(reason, SUBJECT)
    assert found.why
    assert found.hint


def test_handlers_wrapping_is_taken_off() -> None:
    assert plain(wrapped("The subnet is full.")) == "The subnet is full."
    assert plain('Resource handler returned message: "no" (HandlerErrorCode: GeneralServiceException)') == "no"
    assert plain(None) == ""


def test_recommended_zones_are_read() -> None:
    text = "by not specifying an Availability Zone in your request or choosing us-east-1b, us-east-1c, or us-east-1f."
    assert zones_named(text) == ("us-east-1b", "us-east-1c", "us-east-1f")
    assert zones_named("none named") == ()


def test_every_code_has_its_page() -> None:
    root = Path(__file__).resolve().parents[2]
    sources = [*(root / "src/semanticworld/core").glob("*.py"), *(root / "src/semanticworld/app").glob("*.py")]
    import re  # noqa: PLC0415 - here only

    codes = {code for path in sources for code in re.findall(r'"((?:LIF|PRE)\d{3})"', path.read_text(encoding="utf-8"))}
    assert len(codes) > 40
    for code in sorted(codes - {"LIF911"}):
        page = (root / "docs" / "runbooks" / f"{code}.md").read_text(encoding="utf-8")
        assert page.startswith(f"# {code}: "), code
        assert "## What to do" in page, code
    assert len({row.code for row in _ROWS}) == len(_ROWS)


def change(type_: str, action: str = "Modify", replacement: Replacement | None = None, **properties: str) -> Change:
    return Change(
        action=action,
        logical_id="Thing",
        type=type_,
        physical_id="id-1",
        replacement=replacement,
        properties=tuple(
            PropertyChange(attribute="Properties", name=name, requires_recreation=word)
            for name, word in properties.items()
        ),
    )


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (change("AWS::EC2::Instance", "Add"), Impact.HARMLESS),
        (change("AWS::EC2::Instance", replacement=Replacement.FALSE, Tags="Never"), Impact.HARMLESS),
        (
            change("AWS::EC2::Instance", replacement=Replacement.CONDITIONAL, InstanceType="Conditionally"),
            Impact.RESTARTS,
        ),
        (
            change(
                "AWS::EC2::Instance",
                replacement=Replacement.CONDITIONAL,
                InstanceType="Conditionally",
                ImageId="Always",
            ),
            Impact.REPLACES,
        ),
        (change("AWS::EC2::Instance", replacement=Replacement.CONDITIONAL), Impact.REPLACES),
        (change("AWS::EC2::Instance", replacement=Replacement.TRUE, ImageId="Always"), Impact.REPLACES),
        (change("AWS::EC2::Volume", replacement=Replacement.CONDITIONAL, Size="Conditionally"), Impact.REPLACES),
        (change("AWS::EC2::Volume", "Remove"), Impact.REMOVES),
    ],
)
def test_the_worst_a_change_may_do(told: Change, expected: Impact) -> None:
    assert impact(told) is expected
    assert bool(callouts([told], SUBJECT)) is (expected is not Impact.HARMLESS)


def test_what_follows_a_node_that_only_restarts_stays() -> None:
    node = change("AWS::EC2::Instance", replacement=Replacement.CONDITIONAL, InstanceType="Conditionally")
    new = change("AWS::EC2::Instance", replacement=Replacement.CONDITIONAL, ImageId="Always")
    attachment = change("AWS::EC2::VolumeAttachment", replacement=Replacement.CONDITIONAL, InstanceId="Always")
    volume = change("AWS::EC2::Volume", replacement=Replacement.CONDITIONAL, Size="Conditionally")
    assert effect(node, [node]) == "stopped and started, volumes stay"
    assert effect(attachment, [node, attachment]) == "in place"
    assert callouts([attachment, node], SUBJECT) == callouts([node], SUBJECT)
    assert effect(attachment, [new, attachment]) == "maybe REPLACED"
    assert effect(attachment, [attachment]) == "maybe REPLACED"
    assert effect(volume, [node, volume]) == "maybe REPLACED"
    assert effect(change("AWS::EC2::Volume", "Remove"), []) == effect(change("AWS::EC2::Volume", "Add"), []) == ""


def test_a_volume_is_asked_for_by_its_id_and_yes_alone_is_not_enough() -> None:
    (question,) = questions([change("AWS::EC2::Volume", "Remove")], SUBJECT)
    assert (question.expects, question.yes_suffices) == ("id-1", False)
    assert any("snapshot" in text for text in question.consequences)


def test_in_prod_a_replaced_node_is_asked_for_by_the_environments_name() -> None:
    told = change("AWS::EC2::Instance", replacement=Replacement.TRUE)
    assert questions([told], SUBJECT)[0].expects is None
    assert questions([told], PROD)[0].expects == "prod"


def test_a_node_is_not_replaced_under_its_volume() -> None:
    attachment = change("AWS::EC2::VolumeAttachment", replacement=Replacement.CONDITIONAL, InstanceId="Always")
    replaced = change("AWS::EC2::Instance", replacement=Replacement.CONDITIONAL, LaunchTemplate="Always")
    restarted = change("AWS::EC2::Instance", replacement=Replacement.CONDITIONAL, InstanceType="Conditionally")
    assert holds_volume([replaced, attachment]) == "id-1"
    assert holds_volume([restarted, attachment]) is None
    assert holds_volume([replaced, change("AWS::EC2::VolumeAttachment", "Add")]) is None


def test_alarms_come_and_go_without_a_question() -> None:
    assert questions([change("AWS::CloudWatch::Alarm", "Remove")], SUBJECT) == ()


@pytest.mark.parametrize(
    ("reason", "empty"),
    [
        (
            "The submitted information didn't contain changes. Submit different information to create a change set.",
            True,
        ),
        ("No updates are to be performed.", True),
        ("Template error: x", False),
        (None, False),
    ],
)
def test_empty_change_sets_are_known_by_both_texts(reason: str | None, empty: bool) -> None:  # noqa: FBT001 - a table
    told = ChangeSet(id="1", name="n", stack_id="s", status="FAILED", execution_status="UNAVAILABLE", reason=reason)
    assert is_empty(told) is empty


def test_a_failure_that_left_something_is_unfinished() -> None:
    assert isinstance(failure(Kind.CREATE, "ROLLBACK_COMPLETE", (), SUBJECT), AwsError)
    for kind, status in (
        (Kind.CREATE, "ROLLBACK_FAILED"),
        (Kind.UPDATE, "UPDATE_ROLLBACK_FAILED"),
        (Kind.DELETE, "DELETE_FAILED"),
    ):
        assert isinstance(failure(kind, status, (), SUBJECT), Unfinished)


def test_an_update_that_was_rolled_back_did_not_end_well() -> None:
    assert ended_well(Kind.UPDATE, "UPDATE_COMPLETE")
    assert not ended_well(Kind.UPDATE, "UPDATE_ROLLBACK_COMPLETE")
    assert not ended_well(Kind.CREATE, "ROLLBACK_COMPLETE")
