from __future__ import annotations

import json
from typing import Any

import pytest

from cfn_stacks import NAMED_ROLE, ROLE, Client, Refused, Stack, parameter, template
from cloud import Cloud


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("{", "Template format error: JSON not well-formed. (line 1, column 2)"),
        ("a: [1\nb: 2", "Template format error: YAML not well-formed. (line 2, column 2)"),
        ("just text", "Template format error: unsupported structure."),
        ("Description: x", "Template format error: At least one Resources member must be defined."),
        (json.dumps({"Resources": {"A": {}}}), "Template format error: [/Resources/A] Every Resources object must contain a Type member."),
        (json.dumps({"Resources": {"A": parameter()}, "Extra": 1}), "Invalid template property or properties [Extra]"),
        (template({"A": parameter(Colour="red")}), "Invalid template resource property 'Colour'"),
        (template({"A-B": parameter()}), "Template format error: Resource name A-B is non alphanumeric."),
        (template({"A": {"Type": "AWS::Nope::Thing"}}), "Template format error: Unrecognized resource types: [AWS::Nope::Thing]"),
        (template({"A": parameter({"Ref": "B"})}), "Template format error: Unresolved resource dependencies [B] in the Resources block of the template"),
        (template({"A": parameter(DependsOn=["B"])}), "Template format error: Unresolved resource dependencies [B] in the Resources block of the template"),
        (template({"A": parameter({"Fn::Sub": "${B}"})}), "Template format error: Unresolved resource dependencies [B] in the Resources block of the template"),
        (template({"A": parameter({"Fn::GetAtt": ["B", "Arn"]})}), "Template error: instance of Fn::GetAtt references undefined resource B"),
        (template(Outputs={"O": {"Value": {"Ref": "B"}}}), "Template format error: Unresolved resource dependencies [B] in the Outputs block of the template"),
        (template(Outputs={"O": {}}), "Template format error: Every Outputs member must contain a Value object"),
        (template({"A": parameter({"Ref": "B"}), "B": parameter({"Ref": "A"})}), "Circular dependency between resources: [A, B]"),
        (template({"A": parameter(Condition="C")}), "Template format error: Unresolved condition dependency C in the Resources block of the template"),
        (template(Parameters={"P": {}}), "Template format error: Every Parameters object must contain a Type member."),
        (template(Parameters={"P": {"Type": "Text"}}), "Template format error: Unrecognized parameter type: Text"),
    ],
)  # fmt: skip
def test_a_flawed_template_is_refused_in_awss_words(client: Client, refused: Refused, body: str, said: str) -> None:
    assert refused(client.validate_template, TemplateBody=body) == ("ValidationError", said)
    assert refused(client.create_stack, StackName="a", TemplateBody=body) == ("ValidationError", said)
    change_set = {"StackName": "a", "ChangeSetName": "c", "ChangeSetType": "CREATE", "TemplateBody": body}
    assert refused(client.create_change_set, **change_set) == ("ValidationError", said)
    assert client.list_stacks()["StackSummaries"] == []


def test_a_template_over_51200_bytes_must_come_from_a_bucket(cloud: Cloud, stack: Stack, refused: Refused) -> None:
    body = template(Metadata={"Padding": "x" * 51_200})
    code, said = refused(stack.client.create_stack, StackName=stack.name, TemplateBody=body)
    assert code == "ValidationError"
    assert said.endswith("Member must have length less than or equal to 51200")
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="templates", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    s3.put_object(Bucket="templates", Key="big.json", Body=body.encode())
    created = stack.client.create_stack(StackName=stack.name, TemplateURL=f"{cloud.endpoint_url}/templates/big.json")
    stack.stack_id = created["StackId"]
    assert stack.rest() == "CREATE_COMPLETE"
    s3.put_object(Bucket="templates", Key="huge.json", Body=template(Metadata={"Padding": "x" * 1_000_001}).encode())
    _, said = refused(stack.client.create_stack, StackName="b", TemplateURL=f"{cloud.endpoint_url}/templates/huge.json")
    assert "may not exceed 1000000 bytes" in said


@pytest.mark.parametrize(
    ("role", "given", "needed"),
    [
        (ROLE, [], "CAPABILITY_IAM"),
        (NAMED_ROLE, [], "CAPABILITY_NAMED_IAM"),
        (NAMED_ROLE, ["CAPABILITY_IAM"], "CAPABILITY_NAMED_IAM"),
    ],
)
def test_identities_need_their_capability(
    stack: Stack, refused: Refused, role: dict[str, Any], given: list[str], needed: str
) -> None:
    body, expected = template({"R": role}), ("InsufficientCapabilitiesException", f"Requires capabilities : [{needed}]")
    options = {"StackName": "other", "TemplateBody": body, "Capabilities": given}
    assert refused(stack.client.create_stack, **options) == expected
    assert refused(stack.client.create_change_set, ChangeSetName="c", ChangeSetType="CREATE", **options) == expected
    assert stack.create(template()) == "CREATE_COMPLETE"
    assert refused(stack.client.update_stack, **{**options, "StackName": stack.name}) == expected
    assert stack.update(body, Capabilities=[needed]) == "UPDATE_COMPLETE"


def test_a_template_is_summed_up_with_constraints_types_metadata_and_capabilities(client: Client) -> None:
    body = template(
        {"R": NAMED_ROLE, "P": parameter(), "Q": parameter()},
        AWSTemplateFormatVersion="2010-09-09",
        Description="what it is",
        Parameters={"Size": {"Type": "Number", "Default": 5, "AllowedValues": [5, 10], "Description": "how big"}},
        Metadata={"AWS::CloudFormation::Interface": {"ParameterGroups": []}},
    )
    summary = client.get_template_summary(TemplateBody=body)
    assert summary["Parameters"] == [
        {
            "ParameterKey": "Size",
            "DefaultValue": "5",
            "ParameterType": "Number",
            "NoEcho": False,
            "Description": "how big",
            "ParameterConstraints": {"AllowedValues": ["5", "10"]},
        }
    ]
    assert summary["ResourceTypes"] == ["AWS::IAM::Role", "AWS::SSM::Parameter"]
    assert summary["Capabilities"] == ["CAPABILITY_NAMED_IAM"]
    assert summary["CapabilitiesReason"] == "The following resource(s) require capabilities: [AWS::IAM::Role]"
    assert json.loads(summary["Metadata"]) == {"AWS::CloudFormation::Interface": {"ParameterGroups": []}}
    assert (summary["Description"], summary["Version"]) == ("what it is", "2010-09-09")
    validated = client.validate_template(TemplateBody=body)
    assert validated["Capabilities"] == ["CAPABILITY_NAMED_IAM"]
    assert [found["ParameterKey"] for found in validated["Parameters"]] == ["Size"]


def test_a_dynamic_reference_to_an_unknown_service_is_refused(client: Client, refused: Refused) -> None:
    code, said = refused(
        client.create_stack, StackName="a", TemplateBody=template({"A": parameter("{{resolve:vault:x}}")})
    )
    assert code == "ValidationError"
    assert "resolve:vault:x" in said
