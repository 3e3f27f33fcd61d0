from __future__ import annotations

from cfn_stacks import Client, Refused, Stack, parameter, template


def test_a_create_that_is_sent_again_with_its_token_is_the_same_create(stack: Stack, refused: Refused) -> None:
    options = {"StackName": stack.name, "TemplateBody": template(), "ClientRequestToken": "create-1"}
    first = stack.client.create_stack(**options)["StackId"]
    assert stack.client.create_stack(**options)["StackId"] == first
    assert stack.rest() == "CREATE_COMPLETE"
    assert stack.client.create_stack(**options)["StackId"] == first
    assert {event["ClientRequestToken"] for event in stack.events()} == {"create-1"}
    assert len([line for line in stack.told() if line == "stack CREATE_COMPLETE"]) == 1
    other = {**options, "TemplateBody": template({"Two": parameter()})}
    assert refused(stack.client.create_stack, **other)[0] == "TokenAlreadyExistsException"


def test_a_token_is_not_taken_for_another_operation(stack: Stack, refused: Refused) -> None:
    stack.create(template(), ClientRequestToken="token-1")
    answer = refused(stack.client.delete_stack, StackName=stack.name, ClientRequestToken="token-1")
    assert answer[0] == "TokenAlreadyExistsException"
    assert stack.status() == "CREATE_COMPLETE"


def test_an_execution_that_is_sent_again_with_its_token_is_carried_out_once(stack: Stack) -> None:
    stack.change_set(template(), ChangeSetType="CREATE")
    assert stack.execute(ClientRequestToken="run-1") == "CREATE_COMPLETE"
    assert stack.execute(ClientRequestToken="run-1") == "CREATE_COMPLETE"
    assert len([line for line in stack.told() if line == "stack CREATE_COMPLETE"]) == 1


def test_a_delete_that_is_sent_again_after_the_name_was_taken_again_does_no_harm(client: Client) -> None:
    first = Stack(client=client)
    first.create(template())
    assert first.delete(ClientRequestToken="delete-1") == "DELETE_COMPLETE"
    client.delete_stack(StackName=first.stack_id, ClientRequestToken="delete-1")
    second = Stack(client=client)
    second.create(template())
    client.delete_stack(StackName=first.stack_id)
    assert second.status() == "CREATE_COMPLETE"


def test_the_events_of_each_operation_carry_its_token(stack: Stack) -> None:
    stack.create(template(), ClientRequestToken="one")
    stack.update(template({"One": parameter("new")}), ClientRequestToken="two")
    stack.delete(ClientRequestToken="three")
    by_token: dict[str, set[str]] = {}
    for event in stack.events():
        by_token.setdefault(event["ClientRequestToken"], set()).add(event["ResourceStatus"].split("_")[0])
    assert by_token == {"one": {"CREATE"}, "two": {"UPDATE"}, "three": {"DELETE"}}
