from __future__ import annotations

from typing import Any

import pytest

from cfn_stacks import Client, Refused, Stack, parameter, template
from cloud import Cloud


def _with(definition: dict[str, Any], name: str = "X") -> str:
    return template(Parameters={name: definition})


def _given(value: str, key: str = "X") -> list[dict[str, str]]:
    return [{"ParameterKey": key, "ParameterValue": value}]


def test_a_parameter_that_the_template_does_not_have_is_refused(client: Client, refused: Refused) -> None:
    answer = refused(client.create_stack, StackName="a", TemplateBody=template(), Parameters=_given("1", "Nope"))
    assert answer == ("ValidationError", "Parameters: [Nope] do not exist in the template")


def test_a_parameter_without_value_or_default_is_asked_for(client: Client, refused: Refused) -> None:
    answer = refused(client.create_stack, StackName="a", TemplateBody=_with({"Type": "String"}))
    assert answer == ("ValidationError", "Parameters: [X] must have values")


@pytest.mark.parametrize(
    ("definition", "value", "said"),
    [
        ({"Type": "String", "AllowedValues": ["a", "b"]}, "c", "Parameter 'X' must be one of AllowedValues"),
        ({"Type": "String", "AllowedPattern": "[a-z]+"}, "A1", "Parameter 'X' must match pattern [a-z]+"),
        ({"Type": "String", "AllowedPattern": "[a-z]+"}, "abc!", "Parameter 'X' must match pattern [a-z]+"),
        (
            {"Type": "String", "AllowedPattern": "[a-z]+", "ConstraintDescription": "lower case only"},
            "A",
            "Parameter X failed to satisfy constraint: lower case only",
        ),
        ({"Type": "String", "MinLength": 3}, "ab", "Parameter 'X' must contain at least 3 characters"),
        ({"Type": "String", "MaxLength": 3}, "abcd", "Parameter 'X' must contain at most 3 characters"),
        ({"Type": "Number", "MinValue": 3}, "2", "Parameter 'X' must be a number not less than 3"),
        ({"Type": "Number", "MaxValue": 3}, "4", "Parameter 'X' must be a number not greater than 3"),
        ({"Type": "Number"}, "four", "Parameter 'X' must be a number."),
        (
            {"Type": "CommaDelimitedList", "AllowedValues": ["a", "b"]},
            "a,c",
            "Parameter 'X' must be one of AllowedValues",
        ),
        (
            {"Type": "AWS::EC2::Subnet::Id"},
            "subnet-0123456789abcdef0",
            "Parameter validation failed: parameter value subnet-0123456789abcdef0 for parameter name X does not exist",
        ),
        (
            {"Type": "AWS::EC2::Image::Id"},
            "ami-00000000000000000",
            "Parameter validation failed: parameter value ami-00000000000000000 for parameter name X does not exist",
        ),
        (
            {"Type": "AWS::EC2::VPC::Id"},
            "vpc-0123456789abcdef0",
            "Parameter validation failed: parameter value vpc-0123456789abcdef0 for parameter name X does not exist",
        ),
        (
            {"Type": "AWS::SSM::Parameter::Value<String>"},
            "/not/there",
            "Unable to fetch parameters [/not/there] from parameter store for this account",
        ),
    ],
)
def test_a_value_outside_its_constraint_is_refused_in_awss_words(
    client: Client, refused: Refused, definition: dict[str, Any], value: str, said: str
) -> None:
    body = _with(definition)
    assert refused(client.create_stack, StackName="a", TemplateBody=body, Parameters=_given(value)) == (
        "ValidationError",
        said,
    )
    change_set = {"StackName": "a", "ChangeSetName": "c", "ChangeSetType": "CREATE", "TemplateBody": body}
    assert refused(client.create_change_set, Parameters=_given(value), **change_set) == ("ValidationError", said)
    assert client.list_stacks()["StackSummaries"] == []


def test_a_subnet_that_is_there_is_accepted(cloud: Cloud, stack: Stack) -> None:
    ec2 = cloud.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    body = template({"One": parameter({"Ref": "X"})}, Parameters={"X": {"Type": "AWS::EC2::Subnet::Id"}})
    assert stack.create(body, Parameters=_given(subnet)) == "CREATE_COMPLETE"


def test_a_previous_value_is_used_again_and_one_that_never_was_is_refused(stack: Stack, refused: Refused) -> None:
    body = template({"One": parameter({"Ref": "X"})}, Parameters={"X": {"Type": "String"}})
    assert stack.create(body, Parameters=_given("first")) == "CREATE_COMPLETE"
    more = template(
        {"One": parameter({"Ref": "X"}), "Two": parameter({"Ref": "Y"})},
        Parameters={"X": {"Type": "String"}, "Y": {"Type": "String"}},
    )
    previous = [{"ParameterKey": "X", "UsePreviousValue": True}]
    assert stack.update(more, Parameters=[*previous, *_given("second", "Y")]) == "UPDATE_COMPLETE"
    assert {found["ParameterValue"] for found in stack.describe()["Parameters"]} == {"first", "second"}
    _, said = refused(
        stack.client.update_stack,
        StackName=stack.name,
        TemplateBody=template(Parameters={"Z": {"Type": "String"}}),
        Parameters=[{"ParameterKey": "Z", "UsePreviousValue": True}],
    )
    assert said.startswith("Invalid input for parameter key Z. Cannot specify usePreviousValue as true")


def test_the_value_of_a_noecho_parameter_is_never_shown(stack: Stack) -> None:
    body = template({"One": parameter({"Ref": "X"})}, Parameters={"X": {"Type": "String", "NoEcho": True}})
    described = stack.change_set(body, ChangeSetType="CREATE", Parameters=_given("hidden-value"))
    assert described["Parameters"][0]["ParameterValue"] == "****"
    assert stack.execute() == "CREATE_COMPLETE"
    assert stack.describe()["Parameters"][0]["ParameterValue"] == "****"


def test_a_rule_that_does_not_hold_refuses_the_stack_with_its_description(client: Client, refused: Refused) -> None:
    body = template(
        Parameters={"Nat": {"Type": "Number", "Default": 0}, "Endpoints": {"Type": "String", "Default": "false"}},
        Rules={
            "EndpointsWithoutNat": {
                "RuleCondition": {"Fn::Equals": [{"Ref": "Nat"}, "0"]},
                "Assertions": [
                    {
                        "Assert": {"Fn::Equals": [{"Ref": "Endpoints"}, "true"]},
                        "AssertDescription": "Without NAT the endpoints are required",
                    }
                ],
            }
        },
    )
    code, said = refused(client.create_stack, StackName="a", TemplateBody=body)
    assert code == "ValidationError"
    assert "Without NAT the endpoints are required" in said
    client.create_stack(StackName="a", TemplateBody=body, Parameters=_given("true", "Endpoints"))
