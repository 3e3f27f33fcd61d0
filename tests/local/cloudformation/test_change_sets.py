from __future__ import annotations

from typing import Any

import pytest

from cfn_stacks import Client, Refused, Stack, failing, parameter, template
from cloud import Cloud

EMPTY = "The submitted information didn't contain changes. Submit different information to create a change set."


def _changes(change_set: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {change["ResourceChange"]["LogicalResourceId"]: change["ResourceChange"] for change in change_set["Changes"]}


def _details(change: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [
        (
            detail["Target"].get("Name"),
            detail["Target"]["RequiresRecreation"],
            detail["Evaluation"],
            detail.get("ChangeSource"),
            detail.get("CausingEntity"),
        )
        for detail in change["Details"]
    ]


def test_a_create_change_set_leaves_a_stack_under_review_that_execution_makes(stack: Stack) -> None:
    described = stack.change_set(template(), ChangeSetType="CREATE")
    assert (described["Status"], described["ExecutionStatus"]) == ("CREATE_COMPLETE", "AVAILABLE")
    assert _changes(described)["One"]["Action"] == "Add"
    assert stack.status() == "REVIEW_IN_PROGRESS"
    stack_id = stack.describe()["StackId"]
    assert stack.execute() == "CREATE_COMPLETE"
    assert stack.describe()["StackId"] == stack_id


def test_a_second_create_change_set_belongs_to_the_same_stack(stack: Stack) -> None:
    first = stack.change_set(template(), "first", ChangeSetType="CREATE")
    second = stack.change_set(template({"Two": parameter()}), "second", ChangeSetType="CREATE")
    assert first["StackId"] == second["StackId"] == stack.describe()["StackId"]
    assert stack.execute("second") == "CREATE_COMPLETE"
    assert stack.resources().keys() == {"Two"}


def test_a_refused_change_set_leaves_the_stack_under_review_alone(stack: Stack, refused: Refused) -> None:
    stack.change_set(template(), "first", ChangeSetType="CREATE")
    options = {"StackName": stack.name, "ChangeSetName": "second", "ChangeSetType": "CREATE"}
    refused(stack.client.create_change_set, TemplateBody="{", **options)
    assert stack.execute("first") == "CREATE_COMPLETE"


def test_an_empty_change_set_fails_with_awss_words_and_is_not_executed(stack: Stack, refused: Refused) -> None:
    stack.create(template())
    described = stack.change_set(template())
    assert (described["Status"], described["ExecutionStatus"]) == ("FAILED", "UNAVAILABLE")
    assert described["StatusReason"] == EMPTY
    assert refused(stack.client.execute_change_set, StackName=stack.name, ChangeSetName="changes") == (
        "InvalidChangeSetStatus",
        f"ChangeSet [{described['ChangeSetId']}] cannot be executed in its current status of [FAILED]",
    )
    assert refused(stack.client.update_stack, StackName=stack.name, TemplateBody=template()) == (
        "ValidationError",
        "No updates are to be performed.",
    )


def test_a_change_of_outputs_alone_is_worth_a_change_set(stack: Stack) -> None:
    stack.create(template())
    described = stack.change_set(template(Outputs={"O": {"Value": "x"}}))
    assert (described["Status"], described["Changes"]) == ("CREATE_COMPLETE", [])
    assert stack.execute() == "UPDATE_COMPLETE"
    assert stack.describe()["Outputs"][0]["OutputValue"] == "x"


def test_a_change_set_is_obsolete_once_the_stack_has_changed(stack: Stack, refused: Refused) -> None:
    stack.create(template())
    described = stack.change_set(template({"One": parameter("a")}))
    stack.update(template({"One": parameter("b")}))
    assert stack.client.describe_change_set(ChangeSetName=described["ChangeSetId"])["ExecutionStatus"] == "OBSOLETE"
    assert refused(stack.client.execute_change_set, ChangeSetName=described["ChangeSetId"]) == (
        "InvalidChangeSetStatus",
        f"ChangeSet [{described['ChangeSetId']}] cannot be executed in its current execution status of [OBSOLETE]",
    )


def test_a_change_set_is_executed_once(stack: Stack, refused: Refused) -> None:
    described = stack.change_set(template(), ChangeSetType="CREATE")
    assert stack.execute() == "CREATE_COMPLETE"
    assert refused(stack.client.execute_change_set, ChangeSetName=described["ChangeSetId"])[0] == (
        "InvalidChangeSetStatus"
    )
    executed = stack.client.describe_change_set(ChangeSetName=described["ChangeSetId"])
    assert executed["ExecutionStatus"] == "EXECUTE_COMPLETE"
    assert stack.describe()["ChangeSetId"] == described["ChangeSetId"]


def test_a_change_set_whose_execution_failed_says_so(stack: Stack) -> None:
    described = stack.change_set(template({"Bad": failing()}), ChangeSetType="CREATE", OnStackFailure="ROLLBACK")
    assert stack.execute() == "ROLLBACK_COMPLETE"
    executed = stack.client.describe_change_set(ChangeSetName=described["ChangeSetId"])
    assert executed["ExecutionStatus"] == "EXECUTE_FAILED"


def test_a_failed_first_change_set_takes_its_stack_away_when_told_to(stack: Stack) -> None:
    stack.change_set(template({"Bad": failing()}), ChangeSetType="CREATE", OnStackFailure="DELETE")
    stack.stack_id = stack.describe()["StackId"]
    stack.client.execute_change_set(StackName=stack.name, ChangeSetName="changes")
    assert stack.until("DELETE_COMPLETE") == "DELETE_COMPLETE"


def test_a_change_set_that_is_not_there_is_not_found(client: Client, stack: Stack, refused: Refused) -> None:
    stack.create(template())
    answer = refused(client.describe_change_set, StackName=stack.name, ChangeSetName="none")
    assert answer == ("ChangeSetNotFound", "ChangeSet [none] does not exist")
    assert refused(client.execute_change_set, StackName=stack.name, ChangeSetName="none")[0] == "ChangeSetNotFound"


def test_a_name_that_is_taken_is_refused_with_what_differs(client: Client, refused: Refused) -> None:
    options = {"StackName": "a", "ChangeSetName": "c", "ChangeSetType": "CREATE"}
    client.create_change_set(TemplateBody=template(), **options)
    assert refused(client.create_change_set, TemplateBody=template({"Two": parameter()}), **options) == (
        "AlreadyExistsException",
        "ChangeSet c cannot be created due to a mismatch with existing attribute Template",
    )
    assert refused(client.create_change_set, TemplateBody=template(), ClientToken="other", **options) == (
        "AlreadyExistsException",
        "ChangeSet c cannot be created due to a mismatch with existing attribute ClientToken",
    )


def test_the_same_request_with_its_token_gets_the_same_change_set(client: Client) -> None:
    options = {"StackName": "a", "ChangeSetName": "c", "ChangeSetType": "CREATE", "ClientToken": "t"}
    first = client.create_change_set(TemplateBody=template(), **options)
    again = client.create_change_set(TemplateBody=template(), **options)
    assert (first["Id"], first["StackId"]) == (again["Id"], again["StackId"])
    assert len(client.list_change_sets(StackName="a")["Summaries"]) == 1


@pytest.mark.parametrize(
    ("resource_type", "before", "after", "replacement", "detail"),
    [
        (
            "AWS::SSM::Parameter",
            {"Type": "String", "Value": "a"},
            {"Type": "String", "Value": "b"},
            "False",
            ("Value", "Never", "Static", "DirectModification", None),
        ),
        (
            "AWS::SSM::Parameter",
            {"Type": "String", "Value": "a", "Name": "/a"},
            {"Type": "String", "Value": "a", "Name": "/b"},
            "True",
            ("Name", "Always", "Static", "DirectModification", None),
        ),
        (
            "AWS::EC2::VPC",
            {"CidrBlock": "10.0.0.0/16"},
            {"CidrBlock": "10.1.0.0/16"},
            "True",
            ("CidrBlock", "Always", "Static", "DirectModification", None),
        ),
        (
            "AWS::EC2::VPC",
            {"CidrBlock": "10.0.0.0/16"},
            {"CidrBlock": "10.0.0.0/16", "InstanceTenancy": "dedicated"},
            "Conditional",
            ("InstanceTenancy", "Conditionally", "Static", "DirectModification", None),
        ),
        (
            "AWS::EC2::VPC",
            {"CidrBlock": "10.0.0.0/16"},
            {"CidrBlock": "10.0.0.0/16", "EnableDnsHostnames": True},
            "False",
            ("EnableDnsHostnames", "Never", "Static", "DirectModification", None),
        ),
    ],
)
def test_a_change_says_whether_it_replaces_by_the_registrys_own_schema(
    stack: Stack,
    resource_type: str,
    before: dict[str, Any],
    after: dict[str, Any],
    replacement: str,
    detail: tuple[Any, ...],
) -> None:
    stack.create(template({"R": {"Type": resource_type, "Properties": before}}))
    change = _changes(stack.change_set(template({"R": {"Type": resource_type, "Properties": after}})))["R"]
    assert (change["Action"], change["Replacement"], change["Scope"]) == ("Modify", replacement, ["Properties"])
    assert _details(change) == [detail]
    assert change["PhysicalResourceId"] == stack.resources()["R"]["PhysicalResourceId"]


def test_a_changed_parameter_is_named_as_the_cause(stack: Stack) -> None:
    body = template({"R": parameter({"Ref": "P"})}, Parameters={"P": {"Type": "String"}})
    stack.create(body, Parameters=[{"ParameterKey": "P", "ParameterValue": "a"}])
    change = _changes(stack.change_set(body, Parameters=[{"ParameterKey": "P", "ParameterValue": "b"}]))["R"]
    assert ("Value", "Never", "Static", "ParameterReference", "P") in _details(change)
    assert ("Value", "Never", "Dynamic", "DirectModification", None) in _details(change)


def test_what_refers_to_a_replaced_resource_changes_with_it(stack: Stack) -> None:
    def body(cidr: str) -> str:
        vpc = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": cidr}}
        subnet = {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.0.0/24"}}
        return template({"Vpc": vpc, "Subnet": subnet})

    stack.create(body("10.0.0.0/16"))
    change = _changes(stack.change_set(body("10.0.0.0/20")))["Subnet"]
    assert change["Replacement"] == "True"
    assert _details(change) == [("VpcId", "Always", "Static", "ResourceReference", "Vpc")]


def test_a_resource_that_a_parameter_switches_on_or_off_is_added_or_removed(stack: Stack) -> None:
    body = template(
        {"One": parameter(), "Maybe": parameter(Condition="Yes", DeletionPolicy="Retain")},
        Parameters={"Size": {"Type": "Number", "Default": 0}},
        Conditions={"Yes": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Size"}, 0]}]}},
    )
    stack.create(body)
    on = stack.change_set(body, "on", Parameters=[{"ParameterKey": "Size", "ParameterValue": "100"}])
    assert {name: change["Action"] for name, change in _changes(on).items()} == {"Maybe": "Add"}
    assert stack.execute("on") == "UPDATE_COMPLETE"
    off = stack.change_set(body, "off", Parameters=[{"ParameterKey": "Size", "ParameterValue": "0"}])
    assert {name: (change["Action"], change["PolicyAction"]) for name, change in _changes(off).items()} == {
        "Maybe": ("Remove", "Retain")
    }


def test_changed_stack_tags_change_every_resource_that_takes_tags(stack: Stack) -> None:
    stack.create(template(), Tags=[{"Key": "Owner", "Value": "a"}])
    change = _changes(stack.change_set(template(), Tags=[{"Key": "Owner", "Value": "b"}]))["One"]
    assert (change["Replacement"], change["Scope"]) == ("False", ["Tags"])


def _bucket(name: Any, **attributes: Any) -> dict[str, Any]:  # noqa: ANN401 - a name or a function
    return {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": name}, **attributes}


_KEPT = {"DeletionPolicy": "RetainExceptOnCreate"}


@pytest.fixture
def name(cloud: Cloud) -> str:
    """A bucket's name, which no other account has."""
    return f"left-{cloud.account}"


@pytest.fixture
def left(stack: Stack, name: str) -> Stack:
    """The successor of a stack that was deleted and left its bucket."""
    stack.create(template({"Bucket": _bucket(name, **_KEPT)}), Tags=[{"Key": "Owner", "Value": "first"}])
    assert stack.delete() == "DELETE_COMPLETE"
    return Stack(client=stack.client, name="again")


def test_a_bucket_that_stayed_is_taken_in_again(cloud: Cloud, left: Stack, name: str) -> None:
    body = template({"Bucket": _bucket(name, **_KEPT), "New": parameter({"Ref": "Bucket"})})
    described = left.change_set(
        body, ChangeSetType="CREATE", ImportExistingResources=True, Tags=[{"Key": "Owner", "Value": "second"}]
    )
    assert (described["Status"], described["ImportExistingResources"]) == ("CREATE_COMPLETE", True)
    changes = _changes(described)
    assert (changes["Bucket"]["Action"], changes["Bucket"]["PhysicalResourceId"]) == ("Import", name)
    assert changes["New"]["Action"] == "Add"
    left.stack_id = described["StackId"]
    assert left.execute() == "CREATE_COMPLETE"
    assert left.resources()["Bucket"]["PhysicalResourceId"] == name
    assert "Bucket IMPORT_COMPLETE Resource import completed." in left.told()
    tags = {tag["Key"]: tag["Value"] for tag in cloud.client("s3").get_bucket_tagging(Bucket=name)["TagSet"]}
    assert (tags["Owner"], tags["aws:cloudformation:stack-name"]) == ("second", "again")
    assert left.delete() == "DELETE_COMPLETE"
    assert [bucket["Name"] for bucket in cloud.client("s3").list_buckets()["Buckets"]] == [name]


def test_a_failed_create_lets_go_of_what_it_took_in(cloud: Cloud, left: Stack, name: str) -> None:
    body = template({"Bucket": _bucket(name, **_KEPT), "Bad": failing(DependsOn="Bucket")})
    left.change_set(body, ChangeSetType="CREATE", ImportExistingResources=True)
    assert left.execute() == "ROLLBACK_COMPLETE"
    assert [bucket["Name"] for bucket in cloud.client("s3").list_buckets()["Buckets"]] == [name]


@pytest.mark.parametrize(
    "options",
    [{}, {"ImportExistingResources": True}],
    ids=["not asked for", "a name that a function makes"],
)
def test_what_exists_is_not_created_again(left: Stack, name: str, options: dict[str, Any]) -> None:
    given = {"Fn::Sub": name} if options else name
    described = left.change_set(template({"Bucket": _bucket(given, **_KEPT)}), ChangeSetType="CREATE", **options)
    assert (described["Status"], described["ExecutionStatus"]) == ("FAILED", "UNAVAILABLE")
    assert "[AWS::EarlyValidation::ResourceExistenceCheck]" in described["StatusReason"]
    events = left.client.describe_events(ChangeSetName=described["ChangeSetId"])["OperationEvents"]
    assert [(event["ValidationName"], event["ValidationPath"]) for event in events] == [
        ("NAME_CONFLICT_VALIDATION", "/Resources/Bucket")
    ]
    assert events[0]["ValidationStatusReason"].endswith(f"identifier '{name}' already exists.")


def test_what_is_taken_in_must_be_retained(left: Stack, name: str) -> None:
    described = left.change_set(
        template({"Bucket": _bucket(name, DeletionPolicy="Delete")}),
        ChangeSetType="CREATE",
        ImportExistingResources=True,
    )
    assert described["Status"] == "FAILED"
    assert "must have the DeletionPolicy attribute set to 'Retain'" in described["StatusReason"]
