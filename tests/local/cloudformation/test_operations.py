from __future__ import annotations

from collections.abc import Callable

from cfn_stacks import TOPIC, TRUST, Client, Fail, Refused, Stack, failing, parameter, template
from cloud import Cloud


def _statuses(stack: Stack, logical_id: str) -> list[str]:
    return [event["ResourceStatus"] for event in stack.events() if event["LogicalResourceId"] == logical_id]


def _values(cloud: Cloud) -> list[str]:
    found = cloud.client("ssm").describe_parameters()["Parameters"]
    names = [entry["Name"] for entry in found]
    ssm = cloud.client("ssm")
    return sorted(ssm.get_parameter(Name=name)["Parameter"]["Value"] for name in names)


def test_resources_are_made_in_dependency_order_each_with_its_events(stack: Stack) -> None:
    assert stack.create(template({"B": parameter({"Ref": "A"}), "A": parameter(), "C": TOPIC})) == "CREATE_COMPLETE"
    told = stack.told()
    assert told[0] == "stack CREATE_IN_PROGRESS User Initiated"
    assert told[-1] == "stack CREATE_COMPLETE"
    steps = ["A CREATE_IN_PROGRESS", "A CREATE_IN_PROGRESS Resource creation Initiated", "A CREATE_COMPLETE"]
    assert [line for line in told if line.startswith("A ")] == steps
    assert told.index("A CREATE_COMPLETE") < told.index("B CREATE_IN_PROGRESS")
    assert told.index("C CREATE_IN_PROGRESS") < told.index("A CREATE_COMPLETE")  # what is independent starts at once


def test_a_stack_is_done_within_a_second(stack: Stack) -> None:
    body = template({f"P{number}": parameter() for number in range(30)})
    stack.stack_id = stack.client.create_stack(StackName=stack.name, TemplateBody=body)["StackId"]
    assert stack.rest(within_s=1) == "CREATE_COMPLETE"


def test_a_failed_create_names_the_cause_cancels_the_rest_and_takes_everything_back(cloud: Cloud, stack: Stack) -> None:
    slow = failing(CreationPolicy={"ResourceSignal": {"Timeout": "PT1M"}})
    body = template({"Ok": parameter(), "Bad": failing(DependsOn="Ok"), "Slow": slow})
    assert stack.create(body) == "ROLLBACK_COMPLETE"
    told = stack.told()
    assert "Bad CREATE_FAILED WaitCondition timed out. Received 0 conditions when expecting 1" in told
    assert "Slow CREATE_FAILED Resource creation cancelled" in told
    assert (
        "stack ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [Bad, Slow]. "
        "Rollback requested by user." in told
    )
    assert told.index("Ok DELETE_COMPLETE") < told.index("stack ROLLBACK_COMPLETE")
    assert (_values(cloud), stack.resources()) == ([], {})


def test_without_rollback_a_failed_create_keeps_what_it_made_until_it_is_rolled_back(
    cloud: Cloud, stack: Stack
) -> None:
    body = template({"Ok": parameter(), "Bad": failing(DependsOn="Ok")})
    assert stack.create(body, DisableRollback=True) == "CREATE_FAILED"
    assert stack.describe()["StackStatusReason"] == "The following resource(s) failed to create: [Bad]. "
    assert {name: found["ResourceStatus"] for name, found in stack.resources().items()} == {
        "Ok": "CREATE_COMPLETE",
        "Bad": "CREATE_FAILED",
    }
    stack.client.rollback_stack(StackName=stack.name)
    assert stack.rest() == "ROLLBACK_COMPLETE"
    assert _values(cloud) == []


def test_a_failed_create_goes_on_with_an_update_that_does_not_roll_back(stack: Stack) -> None:
    assert stack.create(template({"Ok": parameter(), "Bad": failing()}), DisableRollback=True) == "CREATE_FAILED"
    assert stack.update(template({"Ok": parameter(), "Bad": parameter()}), DisableRollback=True) == "UPDATE_COMPLETE"
    assert stack.resources()["Bad"]["ResourceType"] == "AWS::SSM::Parameter"


def test_a_create_that_shall_be_deleted_on_failure_is_gone(stack: Stack) -> None:
    assert stack.create(template({"Bad": failing()}), OnFailure="DELETE") in {"ROLLBACK_COMPLETE", "DELETE_COMPLETE"}
    assert stack.until("DELETE_COMPLETE") == "DELETE_COMPLETE"


def test_retained_resources_live_on_after_a_rollback_unless_excepted(cloud: Cloud, stack: Stack) -> None:
    kept = template({"Kept": parameter("kept", DeletionPolicy="Retain"), "Bad": failing(DependsOn="Kept")})
    assert stack.create(kept) == "ROLLBACK_COMPLETE"
    assert _statuses(stack, "Kept")[-1] == "DELETE_SKIPPED"
    assert _values(cloud) == ["kept"]
    stack.delete()
    assert stack.create(kept, RetainExceptOnCreate=True) == "ROLLBACK_COMPLETE"
    assert _statuses(stack, "Kept")[-1] == "DELETE_COMPLETE"
    assert _values(cloud) == ["kept"]


def test_an_update_touches_only_what_changed_and_says_create_for_what_is_new(stack: Stack) -> None:
    stack.create(template({"Same": parameter(), "Changed": parameter("a"), "Gone": parameter()}))
    body = template({"Same": parameter(), "Changed": parameter("b"), "New": parameter()})
    assert stack.update(body) == "UPDATE_COMPLETE"
    told = stack.told()
    since = told[told.index("stack UPDATE_IN_PROGRESS User Initiated") :]
    assert not any(line.startswith("Same ") for line in since)
    assert _statuses(stack, "Changed")[-2:] == ["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"]
    assert _statuses(stack, "New") == ["CREATE_IN_PROGRESS", "CREATE_IN_PROGRESS", "CREATE_COMPLETE"]
    cleanup = since.index("stack UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
    assert since[cleanup + 1 :] == ["Gone DELETE_IN_PROGRESS", "Gone DELETE_COMPLETE", "stack UPDATE_COMPLETE"]


def test_a_replacement_makes_the_new_before_the_old_goes(cloud: Cloud, stack: Stack) -> None:
    def topic(name: str) -> str:
        return template({"T": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": name}}})

    stack.create(topic("first"))
    assert stack.update(topic("second")) == "UPDATE_COMPLETE"
    assert [line for line in stack.told() if line.startswith("T ")][3:] == [
        "T UPDATE_IN_PROGRESS Requested update requires the creation of a new physical resource; hence creating one.",
        "T UPDATE_IN_PROGRESS Resource creation Initiated",
        "T UPDATE_COMPLETE",
        "T DELETE_IN_PROGRESS",
        "T DELETE_COMPLETE",
    ]
    topics = [found["TopicArn"].rpartition(":")[2] for found in cloud.client("sns").list_topics()["Topics"]]
    assert topics == ["second"]


def test_a_custom_named_resource_is_not_replaced_under_its_name(stack: Stack) -> None:
    def role(path: str) -> str:
        properties = {"RoleName": "fixed", "Path": path, "AssumeRolePolicyDocument": TRUST}
        return template({"R": {"Type": "AWS::IAM::Role", "Properties": properties}})

    stack.create(role("/a/"), Capabilities=["CAPABILITY_NAMED_IAM"])
    assert stack.update(role("/b/"), Capabilities=["CAPABILITY_NAMED_IAM"]) == "UPDATE_ROLLBACK_COMPLETE"
    assert (
        "R UPDATE_FAILED CloudFormation cannot update a stack when a custom-named resource requires replacing. "
        "Rename fixed and update the stack again." in stack.told()
    )


def test_a_failed_update_brings_everything_back_to_what_it_was(cloud: Cloud, stack: Stack) -> None:
    before = template({"One": parameter("old")}, Outputs={"O": {"Value": {"Fn::GetAtt": ["One", "Value"]}}})
    stack.create(before, Tags=[{"Key": "Owner", "Value": "a"}])
    after = template({"One": parameter("new"), "New": parameter("n", DependsOn="One"), "Bad": failing(DependsOn="New")})
    assert stack.update(after, Tags=[{"Key": "Owner", "Value": "b"}]) == "UPDATE_ROLLBACK_COMPLETE"
    described = stack.describe()
    assert described["Outputs"][0]["OutputValue"] == "old"
    assert described["Tags"] == [{"Key": "Owner", "Value": "a"}]
    assert stack.client.get_template(StackName=stack.name)["TemplateBody"]["Resources"].keys() == {"One"}
    assert (_values(cloud), set(stack.resources())) == (["old"], {"One"})
    told = stack.told()
    assert "stack UPDATE_ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [Bad]." in told
    cleanup = told.index("stack UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
    assert told.index("One UPDATE_COMPLETE") < cleanup < told.index("New DELETE_COMPLETE")


def test_an_update_without_rollback_stops_and_is_rolled_back_on_request(cloud: Cloud, stack: Stack) -> None:
    stack.create(template({"One": parameter("old")}))
    after = template({"One": parameter("new"), "Bad": failing(DependsOn="One")})
    assert stack.update(after, DisableRollback=True) == "UPDATE_FAILED"
    assert _values(cloud) == ["new"]
    stack.client.rollback_stack(StackName=stack.name)
    assert stack.rest() == "UPDATE_ROLLBACK_COMPLETE"
    assert _values(cloud) == ["old"]


def test_a_cancelled_update_goes_back(cloud: Cloud, stack: Stack) -> None:
    stack.create(template({"One": parameter("old")}))
    slow = failing(CreationPolicy={"ResourceSignal": {"Timeout": "PT10M"}}, DependsOn="One")
    stack.client.update_stack(StackName=stack.name, TemplateBody=template({"One": parameter("new"), "Slow": slow}))
    stack.until("UPDATE_IN_PROGRESS")
    stack.client.cancel_update_stack(StackName=stack.name, ClientRequestToken="cancel-1")
    assert stack.rest() == "UPDATE_ROLLBACK_COMPLETE"
    told = stack.told()
    assert "Slow CREATE_FAILED Resource creation cancelled" in told
    assert "stack UPDATE_ROLLBACK_IN_PROGRESS User Initiated" in told
    assert stack.events()[-1]["ClientRequestToken"] == "cancel-1"
    assert _values(cloud) == ["old"]


def test_a_stack_may_be_deleted_while_it_is_being_created(cloud: Cloud, stack: Stack) -> None:
    slow = failing(CreationPolicy={"ResourceSignal": {"Timeout": "PT10M"}}, DependsOn="One")
    body = template({"One": parameter(), "Slow": slow})
    stack.stack_id = stack.client.create_stack(StackName=stack.name, TemplateBody=body)["StackId"]
    stack.until("CREATE_IN_PROGRESS")
    stack.client.delete_stack(StackName=stack.name)
    assert stack.rest() == "DELETE_COMPLETE"
    assert _values(cloud) == []


def test_a_stack_may_be_deleted_while_it_is_rolled_back(cloud: Cloud, stack: Stack, slow: Callable[..., None]) -> None:
    slow("Slow2", 0.5, "delete")
    body = template({"Slow2": parameter(), "Bad": failing(DependsOn="Slow2")})
    stack.stack_id = stack.client.create_stack(StackName=stack.name, TemplateBody=body)["StackId"]
    stack.until("ROLLBACK_IN_PROGRESS")
    stack.client.delete_stack(StackName=stack.name)
    assert stack.rest() == "DELETE_COMPLETE"
    assert "stack ROLLBACK_COMPLETE" not in stack.told()
    assert _values(cloud) == []


def test_delete_goes_in_reverse_and_leaves_what_is_to_be_retained(cloud: Cloud, stack: Stack) -> None:
    stack.create(template({"A": parameter("a", DeletionPolicy="Retain"), "B": parameter({"Ref": "A"})}))
    assert stack.delete() == "DELETE_COMPLETE"
    told = stack.told()
    assert told.index("B DELETE_COMPLETE") < told.index("A DELETE_SKIPPED")
    assert _values(cloud) == ["a"]


def test_a_delete_that_fails_names_what_stays_and_can_be_tried_again(stack: Stack, fail: Fail) -> None:
    stack.create(template({"Under": parameter(), "Stuck1": parameter({"Ref": "Under"}), "Other": parameter()}))
    fail("Stuck1", "delete", times=1)
    assert stack.delete() == "DELETE_FAILED"
    assert stack.describe()["StackStatusReason"].strip() == "The following resource(s) failed to delete: [Stuck1]."
    assert {name: found["ResourceStatus"] for name, found in stack.resources().items()} == {
        "Stuck1": "DELETE_FAILED",
        "Under": "CREATE_COMPLETE",  # what a stuck resource needs is not touched
    }
    assert stack.resources()["Stuck1"]["ResourceStatusReason"] == "ordered by test"
    assert stack.delete() == "DELETE_COMPLETE"


def test_only_what_failed_to_delete_can_be_retained(cloud: Cloud, stack: Stack, fail: Fail, refused: Refused) -> None:
    stack.create(template({"Under": parameter("under"), "Stuck2": parameter("stuck", DependsOn="Under")}))
    fail("Stuck2", "delete")
    assert stack.delete() == "DELETE_FAILED"
    assert refused(stack.client.delete_stack, StackName=stack.name, RetainResources=["Under"])[0] == "ValidationError"
    assert stack.delete(RetainResources=["Stuck2"]) == "DELETE_COMPLETE"
    assert "Stuck2 DELETE_SKIPPED" in stack.told()
    assert _values(cloud) == ["stuck"]


def test_a_forced_delete_keeps_what_it_cannot_delete_and_what_that_needs(
    cloud: Cloud, stack: Stack, fail: Fail
) -> None:
    stack.create(
        template({"Under": parameter("under"), "Stuck3": parameter("stuck", DependsOn="Under"), "Free": parameter()})
    )
    fail("Stuck3", "delete")
    assert stack.delete() == "DELETE_FAILED"
    assert stack.delete(DeletionMode="FORCE_DELETE_STACK") == "DELETE_COMPLETE"
    assert stack.describe()["DeletionMode"] == "FORCE_DELETE_STACK"
    assert _values(cloud) == ["stuck", "under"]


def test_a_rollback_that_fails_is_continued_or_skipped(
    cloud: Cloud, stack: Stack, fail: Fail, refused: Refused
) -> None:
    stack.create(template({"Stuck4": parameter("old"), "Fine": parameter("old")}))
    after = template({"Stuck4": parameter("new"), "Fine": parameter("new"), "Bad": failing(DependsOn="Stuck4")})
    stack.client.update_stack(StackName=stack.name, TemplateBody=after)
    stack.until_told("Stuck4 UPDATE_COMPLETE")
    fail("Stuck4", "rollback")
    assert stack.rest() == "UPDATE_ROLLBACK_FAILED"
    assert stack.describe()["StackStatusReason"].strip() == "The following resource(s) failed to update: [Stuck4]."
    assert _values(cloud) == ["new", "old"]
    assert refused(stack.client.update_stack, StackName=stack.name, TemplateBody=after)[1].endswith(
        "is in UPDATE_ROLLBACK_FAILED state and can not be updated."
    )
    continued = {"StackName": stack.name}
    assert refused(stack.client.continue_update_rollback, ResourcesToSkip=["Fine"], **continued)[0] == "ValidationError"
    stack.client.continue_update_rollback(**continued)
    assert stack.rest() == "UPDATE_ROLLBACK_FAILED"
    stack.client.continue_update_rollback(ResourcesToSkip=["Stuck4"], **continued)
    assert stack.rest() == "UPDATE_ROLLBACK_COMPLETE"
    assert "Stuck4 UPDATE_COMPLETE Resource rollback skipped by user" in stack.told()
    assert _values(cloud) == ["new", "old"]  # skipped: it stays as the failed update left it


def test_a_rollback_of_a_create_that_fails_leaves_rollback_failed(stack: Stack, fail: Fail) -> None:
    fail("Stuck5", "delete")
    assert stack.create(template({"Stuck5": parameter(), "Bad": failing(DependsOn="Stuck5")})) == "ROLLBACK_FAILED"
    assert stack.resources()["Stuck5"]["ResourceStatus"] == "DELETE_FAILED"


def test_an_update_that_cannot_clean_up_is_complete_all_the_same(stack: Stack, fail: Fail) -> None:
    stack.create(template({"Stuck6": parameter(), "One": parameter()}))
    fail("Stuck6", "delete", times=1)
    assert stack.update(template({"One": parameter()})) == "UPDATE_COMPLETE"
    assert stack.describe()["StackStatusReason"] == "One or more resources could not be deleted."
    assert stack.resources()["Stuck6"]["ResourceStatus"] == "DELETE_FAILED"
    assert stack.delete() == "DELETE_COMPLETE"


def test_a_slow_resource_is_seen_in_progress(stack: Stack, slow: Callable[..., None]) -> None:
    slow("Slow1", 0.5)
    stack.stack_id = stack.client.create_stack(StackName=stack.name, TemplateBody=template({"Slow1": parameter()}))[
        "StackId"
    ]
    stack.until("CREATE_IN_PROGRESS")
    assert stack.resources()["Slow1"]["ResourceStatus"] == "CREATE_IN_PROGRESS"
    assert stack.rest() == "CREATE_COMPLETE"


def test_stack_tags_and_cloudformations_own_reach_the_resources(cloud: Cloud, stack: Stack) -> None:
    role = {
        "Type": "AWS::IAM::Role",
        "Properties": {"RoleName": "tagged", "AssumeRolePolicyDocument": TRUST},
    }
    vpc = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16", "Tags": [{"Key": "Name", "Value": "n"}]}}
    stack.create(
        template({"Vpc": vpc, "Role": role}),
        Tags=[{"Key": "Owner", "Value": "me"}],
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    physical = stack.resources()["Vpc"]["PhysicalResourceId"]
    tags = cloud.client("ec2").describe_tags(Filters=[{"Name": "resource-id", "Values": [physical]}])["Tags"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == {
        "Name": "n",
        "Owner": "me",
        "aws:cloudformation:stack-name": stack.name,
        "aws:cloudformation:stack-id": stack.stack_id,
        "aws:cloudformation:logical-id": "Vpc",
    }
    assert cloud.client("iam").list_role_tags(RoleName="tagged")["Tags"] == [{"Key": "Owner", "Value": "me"}]


def test_conditions_decide_over_resources_and_outputs(stack: Stack) -> None:
    body = template(
        {"Always": parameter(), "Maybe": parameter(Condition="Yes")},
        Parameters={"P": {"Type": "String", "Default": "no"}},
        Conditions={"Yes": {"Fn::Equals": [{"Ref": "P"}, "yes"]}},
        Outputs={"Maybe": {"Condition": "Yes", "Value": {"Ref": "Maybe"}}},
    )
    stack.create(body)
    assert (set(stack.resources()), stack.describe().get("Outputs")) == ({"Always"}, None)
    stack.update(body, Parameters=[{"ParameterKey": "P", "ParameterValue": "yes"}])
    assert stack.resources().keys() == {"Always", "Maybe"}
    assert [found["OutputKey"] for found in stack.describe()["Outputs"]] == ["Maybe"]


def test_too_many_reserved_and_repeated_tags_are_refused(client: Client, refused: Refused) -> None:
    def tagged(*keys: str) -> tuple[str, str]:
        tags = [{"Key": key, "Value": "v"} for key in keys]
        answer: tuple[str, str] = refused(client.create_stack, StackName="a", TemplateBody=template(), Tags=tags)
        return answer

    assert tagged(*(f"k{number}" for number in range(51)))[0] == "ValidationError"
    assert tagged("aws:mine")[0] == "ValidationError"
    assert tagged("a", "a")[0] == "ValidationError"


def test_an_update_that_may_not_roll_back_does_not_replace(stack: Stack) -> None:
    def topic(name: str) -> str:
        return template({"T": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": name}}})

    stack.create(topic("first"))
    assert stack.update(topic("second"), DisableRollback=True) == "UPDATE_FAILED"
    assert "T UPDATE_FAILED Replacement type updates not supported on stack with disable-rollback." in stack.told()


def test_a_stopped_update_is_mended_or_rolled_back_to_the_last_stable_state(cloud: Cloud, stack: Stack) -> None:
    stack.create(template({"One": parameter("stable")}))
    first = template({"One": parameter("first"), "Bad": failing(DependsOn="One")})
    second = template({"One": parameter("second"), "Bad": failing(DependsOn="One")})
    assert stack.update(first, DisableRollback=True) == "UPDATE_FAILED"
    assert stack.update(second, DisableRollback=True) == "UPDATE_FAILED"
    assert _values(cloud) == ["second"]
    stack.client.rollback_stack(StackName=stack.name)
    assert stack.rest() == "UPDATE_ROLLBACK_COMPLETE"
    assert _values(cloud) == ["stable"]
    assert stack.update(template({"One": parameter("mended")})) == "UPDATE_COMPLETE"


def test_a_stopped_update_is_deleted_with_all_it_made_but_what_it_was_told_to_keep(cloud: Cloud, stack: Stack) -> None:
    stack.create(template({"One": parameter("one")}))
    new = parameter("new", DependsOn="One")
    kept = parameter("kept", DependsOn="One", DeletionPolicy="Retain")
    body = template({"One": parameter("one"), "New": new, "Kept": kept, "Bad": failing(DependsOn=["New", "Kept"])})
    assert stack.update(body, DisableRollback=True) == "UPDATE_FAILED"
    assert stack.delete() == "DELETE_COMPLETE"
    assert _values(cloud) == ["kept"]


def test_modes_that_are_not_offered_are_refused(client: Client, refused: Refused) -> None:
    options = {"StackName": "a", "TemplateBody": template(), "DeploymentConfig": {"Mode": "EXPRESS"}}
    assert refused(client.create_stack, **options)[0] == "ValidationError"


def test_events_are_told_by_operation_with_failures_on_request(stack: Stack) -> None:
    stack.create(template({"Ok": parameter(), "Bad": failing(DependsOn="Ok")}))
    failures = stack.client.describe_events(StackName=stack.name, Filters={"FailedEvents": True})["OperationEvents"]
    assert [(found["LogicalResourceId"], found["EventType"]) for found in failures] == [("Bad", "PROVISIONING_ERROR")]
    operation = failures[0]["OperationId"]
    assert (failures[0]["OperationType"], operation) == ("CREATE_STACK", stack.events()[-1]["OperationId"])
    stack.delete()
    by_operation = stack.client.describe_events(StackName=stack.stack_id, OperationId=operation)["OperationEvents"]
    assert {found["OperationType"] for found in by_operation} == {"CREATE_STACK"}


def test_a_bucket_name_that_is_taken_fails_validation_before_anything_is_made(cloud: Cloud, stack: Stack) -> None:
    cloud.client("s3").create_bucket(
        Bucket="taken-already", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
    )
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "taken-already"}}
    assert stack.create(template({"Ok": parameter(), "Bucket": bucket})) == "ROLLBACK_COMPLETE"
    assert not any(line.startswith("Ok ") for line in stack.told())
    found = stack.client.describe_events(StackName=stack.name, Filters={"FailedEvents": True})["OperationEvents"]
    errors = [event for event in found if event["EventType"] == "VALIDATION_ERROR"]
    assert [(event["LogicalResourceId"], event["ValidationPath"]) for event in errors] == [
        ("Bucket", "/Resources/Bucket")
    ]
