from __future__ import annotations

import json
import time
from collections.abc import Mapping

import pytest

from canned_aws import CannedWorld
from semanticworld.aws.calls import Calls
from semanticworld.aws.stacks import CloudFormationStacks
from semanticworld.errors import AwsError
from semanticworld.model.change import ChangeSet, ChangeSetRequest, Replacement
from semanticworld.model.stack import Stack

NAME = "semanticworld-dev-base"
TAGS = {"Project": "semanticworld", "Environment": "dev"}
DEADLINE_S = 20
FIRST = "token-1"


def template(retention: int = 7, *, export: str | None = None) -> str:
    output: dict[str, object] = {"Value": {"Ref": "Group"}}
    if export is not None:
        output["Export"] = {"Name": export}
    return json.dumps(
        {
            "Parameters": {"GroupName": {"Type": "String"}},
            "Resources": {
                "Group": {
                    "Type": "AWS::Logs::LogGroup",
                    "Properties": {"LogGroupName": {"Ref": "GroupName"}, "RetentionInDays": retention},
                }
            },
            "Outputs": {"GroupName": output},
        }
    )


def propose(
    stacks: CloudFormationStacks, body: str, *, create: bool = True, token: str = FIRST, group: str = "/a/b"
) -> ChangeSet:
    asked = stacks.create_change_set(
        ChangeSetRequest(
            stack_name=NAME,
            change_set_name=f"changes-{token}",
            create=create,
            template_body=body,
            parameters={"GroupName": group},
            tags=TAGS,
            token=token,
        )
    )
    end = time.monotonic() + DEADLINE_S
    while (found := stacks.describe_change_set(asked.id)).status in {"CREATE_PENDING", "CREATE_IN_PROGRESS"}:
        assert time.monotonic() < end
        time.sleep(0.05)
    return found


def settled(stacks: CloudFormationStacks, stack_id: str) -> Stack:
    end = time.monotonic() + DEADLINE_S
    while True:
        stack = stacks.describe(stack_id)
        assert stack is not None
        if not stack.status.endswith("_IN_PROGRESS"):
            return stack
        assert time.monotonic() < end
        time.sleep(0.05)


def deploy(stacks: CloudFormationStacks, body: str, *, create: bool = True, token: str = FIRST) -> Stack:
    changes = propose(stacks, body, create=create, token=token)
    stacks.execute_change_set(changes.id, token=f"run-{token}")
    return settled(stacks, changes.stack_id)


@pytest.fixture
def stacks(calls: Calls) -> CloudFormationStacks:
    return CloudFormationStacks(calls)


def test_a_stack_that_is_not_there_is_none_and_not_an_error(stacks: CloudFormationStacks) -> None:
    assert stacks.describe("semanticworld-dev-compute") is None
    assert stacks.exports() == {}
    assert stacks.importers("nobody-exports-this") == ()


def test_a_change_set_shows_what_would_be_made_and_makes_nothing(stacks: CloudFormationStacks) -> None:
    changes = propose(stacks, template())
    assert (changes.status, changes.execution_status) == ("CREATE_COMPLETE", "AVAILABLE")
    assert [(each.action, each.logical_id, each.type) for each in changes.changes] == [
        ("Add", "Group", "AWS::Logs::LogGroup")
    ]
    stack = stacks.describe(NAME)
    assert stack is not None
    assert stack.status == "REVIEW_IN_PROGRESS"
    assert stack.id == changes.stack_id
    assert stacks.resources(stack.id) == ()


def test_an_executed_change_set_becomes_a_stack_with_everything_told(stacks: CloudFormationStacks) -> None:
    body = template(export="semanticworld-dev-log-group-name")
    stack = deploy(stacks, body)
    assert stack.status == "CREATE_COMPLETE"
    assert stack.name == NAME
    assert stack.parameters == {"GroupName": "/a/b"}
    assert stack.outputs == {"GroupName": "/a/b"}
    assert TAGS.items() <= stack.tags.items()
    assert stack.created_at is not None
    assert stack.created_at.utcoffset() is not None
    assert [(each.logical_id, each.physical_id) for each in stacks.resources(stack.id)] == [("Group", "/a/b")]
    assert json.loads(stacks.template(stack.id)) == json.loads(body)
    export = stacks.exports()["semanticworld-dev-log-group-name"]
    assert (export.value, export.stack_id) == ("/a/b", stack.id)
    assert stacks.importers("semanticworld-dev-log-group-name") == ()


def test_events_come_oldest_first_and_only_the_new_ones_with_the_operations_token(
    stacks: CloudFormationStacks,
) -> None:
    stack = deploy(stacks, template())
    events = stacks.events(stack.id, after=None)
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert (events[-1].logical_id, events[-1].status) == (NAME, "CREATE_COMPLETE")
    assert events[-1].token == "run-token-1"  # noqa: S105 - a request token
    assert stacks.events(stack.id, after=events[-1].id) == ()
    assert stacks.events(stack.id, after=events[-3].id) == events[-2:]
    assert stacks.recent_events(stack.id, limit=2) == (events[-1], events[-2])


def test_a_replacement_is_told_with_the_property_that_causes_it(stacks: CloudFormationStacks) -> None:
    stack = deploy(stacks, template())
    changes = propose(stacks, template(), create=False, token="token-2", group="/a/c")  # noqa: S106 - a request token
    (change,) = changes.changes
    assert (change.action, change.replacement, change.physical_id) == ("Modify", Replacement.TRUE, "/a/b")
    assert "LogGroupName" in {each.name for each in change.properties}
    assert settled(stacks, stack.id).status == "CREATE_COMPLETE"


def test_a_change_set_without_changes_says_so_in_its_reason(stacks: CloudFormationStacks) -> None:
    deploy(stacks, template())
    changes = propose(stacks, template(), create=False, token="token-2")  # noqa: S106 - a request token
    assert changes.status == "FAILED"
    assert "didn't contain changes" in (changes.reason or "")


def test_the_same_token_asks_once(stacks: CloudFormationStacks) -> None:
    assert propose(stacks, template()).id == propose(stacks, template()).id


def test_deleting_a_change_set_twice_is_no_error(stacks: CloudFormationStacks) -> None:
    changes = propose(stacks, template())
    stacks.delete_change_set(changes.id)
    stacks.delete_change_set(changes.id)


def test_a_deleted_stack_is_found_by_its_id_and_no_longer_by_its_name(stacks: CloudFormationStacks) -> None:
    stack = deploy(stacks, template())
    stacks.delete(stack.id, token="del-1")  # noqa: S106 - a request token
    assert settled(stacks, stack.id).status == "DELETE_COMPLETE"
    assert stacks.describe(NAME) is None
    assert stacks.events(stack.id, after=None)[-1].status == "DELETE_COMPLETE"


def test_termination_protection_is_switched_told_and_kept(stacks: CloudFormationStacks) -> None:
    stack = deploy(stacks, template())
    stacks.set_termination_protection(stack.id, enabled=True)
    protected = stacks.describe(stack.id)
    assert protected is not None
    assert protected.termination_protection
    with pytest.raises(AwsError) as caught:
        stacks.delete(stack.id, token="del-1")  # noqa: S106 - a request token
    assert caught.value.aws is not None
    assert caught.value.aws.code == "ValidationError"


def test_a_template_that_is_none_is_refused_with_cloudformations_words(stacks: CloudFormationStacks) -> None:
    stacks.validate_template(template())
    with pytest.raises(AwsError) as caught:
        stacks.validate_template('{"Resources": ')
    assert caught.value.aws is not None
    assert caught.value.aws.operation == "cloudformation:ValidateTemplate"


@pytest.mark.parametrize("verb", ["rollback", "continue_update_rollback"])
def test_rolling_back_a_sound_stack_is_refused_by_aws(stacks: CloudFormationStacks, verb: str) -> None:
    stack = deploy(stacks, template())
    with pytest.raises(AwsError):
        getattr(stacks, verb)(stack.id, token="back-1")  # noqa: S106 - a request token


@pytest.mark.parametrize("import_existing", [True, False])
def test_what_an_earlier_stack_left_is_taken_in_only_when_asked_for(
    canned: CannedWorld,
    import_existing: bool,  # noqa: FBT001 - a table's column
) -> None:
    body = b"<R><CreateChangeSetResult><Id>c</Id><StackId>s</StackId></CreateChangeSetResult></R>"
    canned.aws.answers = [(200, body)]
    CloudFormationStacks(canned.calls).create_change_set(
        ChangeSetRequest(
            stack_name=NAME,
            change_set_name="c",
            create=True,
            template_body="{}",
            parameters={},
            tags={},
            token=FIRST,
            import_existing=import_existing,
        )
    )
    (asked,) = canned.aws.asked
    assert asked.get("ImportExistingResources") == ("true" if import_existing else None)
    assert asked["ClientToken"] == FIRST
    assert asked["Capabilities.member.1"] == "CAPABILITY_NAMED_IAM"


EMPTY = b"<R><ExecuteChangeSetResult/><RollbackStackResult/><ContinueUpdateRollbackResult/><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></R>"
SENT: tuple[tuple[str, Mapping[str, object], Mapping[str, str]], ...] = (
    (
        "delete",
        {"token": "t1", "retain": ("A", "B"), "force": True},
        {
            "Action": "DeleteStack",
            "ClientRequestToken": "t1",
            "RetainResources.member.1": "A",
            "RetainResources.member.2": "B",
            "DeletionMode": "FORCE_DELETE_STACK",
        },
    ),
    ("delete", {"token": "t1"}, {"Action": "DeleteStack", "ClientRequestToken": "t1"}),
    ("rollback", {"token": "t2"}, {"Action": "RollbackStack", "ClientRequestToken": "t2"}),
    (
        "continue_update_rollback",
        {"token": "t3", "skip": ("A",)},
        {"Action": "ContinueUpdateRollback", "ClientRequestToken": "t3", "ResourcesToSkip.member.1": "A"},
    ),
)


@pytest.mark.parametrize(("verb", "options", "sent"), SENT)
def test_what_is_sent_carries_the_token_and_exactly_the_options_asked_for(
    canned: CannedWorld, verb: str, options: Mapping[str, object], sent: Mapping[str, str]
) -> None:
    canned.aws.answers = [(200, EMPTY)]
    getattr(CloudFormationStacks(canned.calls), verb)("stack-id", **options)
    assert canned.aws.asked == [{"StackName": "stack-id", "Version": "2010-05-15", **sent}]


def test_executing_always_says_that_failures_roll_back(canned: CannedWorld) -> None:
    canned.aws.answers = [(200, EMPTY)]
    CloudFormationStacks(canned.calls).execute_change_set("changes", token="t")  # noqa: S106 - a request token
    (asked,) = canned.aws.asked
    assert (asked["DisableRollback"], asked["ClientRequestToken"]) == ("false", "t")


def test_a_lost_answer_is_asked_again_with_the_same_token(canned: CannedWorld) -> None:
    canned.aws.answers = [(502, b""), (200, EMPTY)]
    CloudFormationStacks(canned.calls).delete("stack-id", token="t")  # noqa: S106 - a request token
    assert [asked["ClientRequestToken"] for asked in canned.aws.asked] == ["t", "t"]


def test_another_validation_error_is_not_taken_for_a_missing_stack(canned: CannedWorld) -> None:
    body = b"<ErrorResponse><Error><Code>ValidationError</Code><Message>bad name</Message></Error></ErrorResponse>"
    canned.aws.answers = [(400, body)]
    with pytest.raises(AwsError):
        CloudFormationStacks(canned.calls).describe("???")
