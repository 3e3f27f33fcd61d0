from __future__ import annotations

from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from cfn_stacks import TOPIC, Refused, Stack, parameter, template


def _waiting(count: int = 1, timeout: str = "PT10M") -> dict[str, Any]:
    return {**TOPIC, "CreationPolicy": {"ResourceSignal": {"Count": count, "Timeout": timeout}}}


def _signal(stack: Stack, unique_id: str, status: str = "SUCCESS") -> None:
    stack.client.signal_resource(StackName=stack.name, LogicalResourceId="Node", UniqueId=unique_id, Status=status)


def _begun(stack: Stack, body: str) -> None:
    stack.stack_id = stack.client.create_stack(StackName=stack.name, TemplateBody=body)["StackId"]
    stack.until_told("Node CREATE_IN_PROGRESS Resource creation Initiated")


def test_a_resource_with_a_creation_policy_is_complete_after_as_many_signals(stack: Stack) -> None:
    _begun(stack, template({"Node": _waiting(2), "After": parameter(DependsOn="Node")}))
    _signal(stack, "a")
    _signal(stack, "a")  # the same sender again counts once
    assert stack.status() == "CREATE_IN_PROGRESS"
    _signal(stack, "b")
    assert stack.rest() == "CREATE_COMPLETE"
    told = stack.told()
    assert "Node CREATE_IN_PROGRESS Received SUCCESS signal with UniqueId b" in told
    assert told.index("Node CREATE_COMPLETE") < told.index("After CREATE_IN_PROGRESS")


def test_a_failure_signal_fails_the_resource(stack: Stack) -> None:
    _begun(stack, template({"Node": _waiting()}))
    _signal(stack, "i-1", "FAILURE")
    assert stack.rest() == "ROLLBACK_COMPLETE"
    assert (
        "Node CREATE_FAILED Received 1 FAILURE signal(s) out of 1.  Unable to satisfy 100% "
        "MinSuccessfulInstancesPercent requirement" in stack.told()
    )


def test_silence_fails_the_resource_after_the_timeout(stack: Stack) -> None:
    assert stack.create(template({"Node": _waiting(timeout="PT1S")})) == "ROLLBACK_COMPLETE"
    reason = "Failed to receive 1 resource signal(s) within the specified duration"
    assert f"Node CREATE_FAILED {reason}" in stack.told()


def test_a_signal_to_what_does_not_wait_is_refused(stack: Stack, refused: Refused) -> None:
    stack.create(template())
    options = {"StackName": stack.name, "LogicalResourceId": "One", "UniqueId": "a", "Status": "SUCCESS"}
    assert refused(stack.client.signal_resource, **options)[0] == "ValidationError"


def test_a_wait_condition_takes_signals_at_its_handle(stack: Stack) -> None:
    handle = {"Type": "AWS::CloudFormation::WaitConditionHandle"}
    condition = {
        "Type": "AWS::CloudFormation::WaitCondition",
        "Properties": {"Handle": {"Ref": "Handle"}, "Timeout": "60", "Count": 1},
    }
    body = template({"Handle": handle, "Node": condition}, Outputs={"D": {"Value": {"Fn::GetAtt": ["Node", "Data"]}}})
    stack.stack_id = stack.client.create_stack(StackName=stack.name, TemplateBody=body)["StackId"]
    stack.until_told("Node CREATE_IN_PROGRESS")
    url = stack.resources()["Handle"]["PhysicalResourceId"]
    signal = b'{"Status": "SUCCESS", "UniqueId": "a", "Data": "done", "Reason": "r"}'
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=10)
    connection.request("PUT", parts.path, body=signal)  # without a Content-Type, as CloudFormation demands
    assert connection.getresponse().status == 200
    connection.close()
    assert stack.rest() == "CREATE_COMPLETE"
    assert stack.describe()["Outputs"][0]["OutputValue"] == '{"a": "done"}'
