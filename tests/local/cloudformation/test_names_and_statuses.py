from __future__ import annotations

import uuid

import pytest

from cfn_stacks import Client, Refused, Stack, failing, parameter, template


def _in_status(stack: Stack, status: str) -> None:
    """Bring the stack into the status by ordinary means."""
    match status:
        case "CREATE_COMPLETE":
            stack.create(template())
        case "CREATE_FAILED":
            stack.create(template({"Ok": parameter(), "Bad": failing()}), OnFailure="DO_NOTHING")
        case "ROLLBACK_COMPLETE":
            stack.create(template({"Ok": parameter(), "Bad": failing()}))
        case "UPDATE_COMPLETE":
            stack.create(template())
            stack.update(template({"One": parameter("new")}))
        case "UPDATE_FAILED":
            stack.create(template())
            stack.update(template({"One": parameter("new"), "Bad": failing(DependsOn="One")}), DisableRollback=True)
        case "UPDATE_ROLLBACK_COMPLETE":
            stack.create(template())
            stack.update(template({"One": parameter("new"), "Bad": failing(DependsOn="One")}))
        case "REVIEW_IN_PROGRESS":
            stack.change_set(template(), ChangeSetType="CREATE")
        case "CREATE_IN_PROGRESS":
            slow = failing(CreationPolicy={"ResourceSignal": {"Timeout": "PT10M"}})
            stack.stack_id = stack.client.create_stack(StackName=stack.name, TemplateBody=template({"Slow": slow}))[
                "StackId"
            ]
        case "UPDATE_IN_PROGRESS":
            stack.create(template())
            slow = failing(CreationPolicy={"ResourceSignal": {"Timeout": "PT10M"}})
            stack.client.update_stack(StackName=stack.name, TemplateBody=template({"One": parameter(), "Slow": slow}))
            stack.until("UPDATE_IN_PROGRESS")
        case _:
            raise AssertionError(status)
    assert stack.status() == status
    stack.stack_id = stack.describe()["StackId"]


REACHED = [
    "CREATE_COMPLETE",
    "CREATE_FAILED",
    "CREATE_IN_PROGRESS",
    "REVIEW_IN_PROGRESS",
    "ROLLBACK_COMPLETE",
    "UPDATE_COMPLETE",
    "UPDATE_FAILED",
    "UPDATE_IN_PROGRESS",
    "UPDATE_ROLLBACK_COMPLETE",
]


@pytest.mark.parametrize("status", REACHED)
def test_every_verb_answers_by_the_status_of_the_stack(stack: Stack, refused: Refused, status: str) -> None:
    _in_status(stack, status)
    client, name, stack_id = stack.client, stack.name, stack.stack_id
    body = template({"Other": parameter()})
    assert refused(client.create_stack, StackName=name, TemplateBody=body) == (
        "AlreadyExistsException",
        f"Stack [{name}] already exists",
    )
    if status != "REVIEW_IN_PROGRESS":
        assert refused(
            client.create_change_set, StackName=name, ChangeSetName="c", ChangeSetType="CREATE", TemplateBody=body
        ) == (
            "ValidationError",
            f"Stack [{name}] already exists and cannot be created again with the changeSet [c].",
        )
    update = {
        "REVIEW_IN_PROGRESS": f"Stack [{name}] does not exist",
        "ROLLBACK_COMPLETE": f"Stack:{stack_id} is in ROLLBACK_COMPLETE state and can not be updated.",
        "CREATE_IN_PROGRESS": f"Stack:{stack_id} is in CREATE_IN_PROGRESS state and can not be updated.",
        "UPDATE_IN_PROGRESS": f"Stack:{stack_id} is in UPDATE_IN_PROGRESS state and can not be updated.",
        "CREATE_FAILED": "This stack is currently in a non-terminal [CREATE_FAILED] state. To update the stack from this "
        "state, please use the disable-rollback parameter with update-stack API. To rollback to the last known good "
        "state, use the rollback-stack API",
        "UPDATE_FAILED": "This stack is currently in a non-terminal [UPDATE_FAILED] state. To update the stack from this "
        "state, please use the disable-rollback parameter with update-stack API. To rollback to the last known good "
        "state, use the rollback-stack API",
    }
    if status in update:
        assert refused(client.update_stack, StackName=name, TemplateBody=body) == ("ValidationError", update[status])
    if status != "UPDATE_IN_PROGRESS":
        assert refused(client.cancel_update_stack, StackName=name) == (
            "ValidationError",
            "CancelUpdateStack cannot be called from current stack status",
        )
    assert refused(client.continue_update_rollback, StackName=name)[0] == "ValidationError"
    if status not in {"CREATE_FAILED", "UPDATE_FAILED"}:
        assert refused(client.rollback_stack, StackName=name)[0] == "ValidationError"
    assert refused(client.delete_stack, StackName=name, DeletionMode="FORCE_DELETE_STACK")[0] == "ValidationError"
    assert refused(client.delete_stack, StackName=name, RetainResources=["One"])[0] == "ValidationError"
    if status == "UPDATE_IN_PROGRESS":
        assert refused(client.delete_stack, StackName=name) == (
            "ValidationError",
            f"Stack [{stack_id}] cannot be deleted while in status UPDATE_IN_PROGRESS",
        )
        client.cancel_update_stack(StackName=name)
        assert stack.rest() == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.delete() == "DELETE_COMPLETE"


def test_a_deleted_stack_is_found_by_id_and_its_name_is_free_again(stack: Stack, refused: Refused) -> None:
    stack.create(template())
    first = stack.stack_id
    assert stack.delete() == "DELETE_COMPLETE"
    assert refused(stack.client.describe_stacks, StackName=stack.name) == (
        "ValidationError",
        f"Stack with id {stack.name} does not exist",
    )
    assert refused(stack.client.describe_stack_events, StackName=stack.name)[1] == "Stack [stack] does not exist"
    assert stack.create(template()) == "CREATE_COMPLETE"
    assert stack.stack_id != first
    old = stack.client.describe_stacks(StackName=first)["Stacks"][0]
    assert (old["StackStatus"], "DeletionTime" in old) == ("DELETE_COMPLETE", True)
    assert stack.client.describe_stack_events(StackName=first)["StackEvents"][0]["ResourceStatus"] == "DELETE_COMPLETE"
    assert [found["StackStatus"] for found in stack.client.list_stacks()["StackSummaries"]] == [
        "CREATE_COMPLETE",
        "DELETE_COMPLETE",
    ]
    deleted = stack.client.list_stacks(StackStatusFilter=["DELETE_COMPLETE"])["StackSummaries"]
    assert [found["StackId"] for found in deleted] == [first]


def test_a_create_that_is_refused_leaves_the_deleted_stack_of_that_name_as_it_was(
    stack: Stack, refused: Refused
) -> None:
    stack.create(template())
    stack.delete()
    refused(stack.client.create_stack, StackName=stack.name, TemplateBody="{")
    assert stack.describe()["StackStatus"] == "DELETE_COMPLETE"


def test_a_stack_that_never_was_deletes_without_a_word(client: Client) -> None:
    client.delete_stack(StackName="never")


def test_termination_protection_refuses_the_delete_until_it_is_switched_off(stack: Stack, refused: Refused) -> None:
    stack.create(template(), EnableTerminationProtection=True)
    code, said = refused(stack.client.delete_stack, StackName=stack.name)
    assert code == "ValidationError"
    assert "cannot be deleted while TerminationProtection is enabled" in said
    stack.client.update_termination_protection(StackName=stack.name, EnableTerminationProtection=False)
    assert stack.delete() == "DELETE_COMPLETE"


def test_events_come_in_pages_newest_first_and_none_twice(stack: Stack) -> None:
    stack.create(template({f"P{number}": parameter() for number in range(60)}))
    first = stack.client.describe_stack_events(StackName=stack.name)
    assert len(first["StackEvents"]) == 100
    assert first["StackEvents"][0]["ResourceStatus"] == "CREATE_COMPLETE"
    assert first["StackEvents"][0]["LogicalResourceId"] == stack.name
    events = stack.events()
    assert len(events) == len({event["EventId"] for event in events}) == 2 + 3 * 60
    assert [event["Timestamp"] for event in events] == sorted(event["Timestamp"] for event in events)


def test_stack_summaries_come_in_pages(client: Client) -> None:
    for number in range(101):
        client.create_change_set(
            StackName=f"s{number}", ChangeSetName="c", ChangeSetType="CREATE", TemplateBody=template()
        )
    pages = list(client.get_paginator("list_stacks").paginate())
    assert [len(page["StackSummaries"]) for page in pages] == [100, 1]
    assert len({found["StackName"] for page in pages for found in page["StackSummaries"]}) == 101


def test_a_page_token_of_another_call_is_refused(client: Client, refused: Refused) -> None:
    assert refused(client.list_stacks, NextToken=f"DescribeStacks:{uuid.uuid4()}") == (
        "ValidationError",
        "Invalid NextToken",
    )
