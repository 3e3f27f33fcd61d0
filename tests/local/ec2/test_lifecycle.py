"""An instance's life after its launch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ec2_talk import Client, look, refusal, until

Run = Callable[..., dict[str, Any]]


def test_stop_and_start_pass_through_their_states_and_keep_the_address(ec2: Client, run: Run) -> None:
    made = run()
    instance = made["InstanceId"]
    until(ec2, instance, "running")
    change = ec2.stop_instances(InstanceIds=[instance])["StoppingInstances"][0]
    assert (change["PreviousState"]["Name"], change["CurrentState"]["Name"]) == ("running", "stopping")
    assert refusal(ec2.start_instances, InstanceIds=[instance])[0] == "IncorrectInstanceState"
    stopped = until(ec2, instance, "stopped")
    assert stopped["StateReason"]["Code"] == "Client.UserInitiatedShutdown"
    assert stopped["StateTransitionReason"].startswith("User initiated (")
    assert ec2.start_instances(InstanceIds=[instance])["StartingInstances"][0]["CurrentState"]["Name"] == "pending"
    again = until(ec2, instance, "running")
    assert again["PrivateIpAddress"] == made["PrivateIpAddress"]
    assert "StateReason" not in again


def test_reboot_needs_a_running_instance(ec2: Client, run: Run) -> None:
    instance = run()["InstanceId"]
    assert refusal(ec2.reboot_instances, InstanceIds=[instance])[0] == "IncorrectInstanceState"
    until(ec2, instance, "running")
    ec2.reboot_instances(InstanceIds=[instance])
    assert look(ec2, instance)["State"]["Name"] == "running"


def test_terminate_takes_disks_and_interface_but_not_what_shall_stay(ec2: Client, run: Run) -> None:
    made = run(
        BlockDeviceMappings=[
            {"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 10, "VolumeType": "gp3", "DeleteOnTermination": False}}
        ]
    )
    instance = made["InstanceId"]
    change = ec2.terminate_instances(InstanceIds=[instance])["TerminatingInstances"][0]
    assert change["CurrentState"]["Name"] == "shutting-down"
    gone = until(ec2, instance, "terminated")
    assert "SubnetId" not in gone
    volumes = ec2.describe_volumes()["Volumes"]
    assert [(v["Size"], v["State"]) for v in volumes] == [(10, "available")]
    assert ec2.describe_network_interfaces()["NetworkInterfaces"] == []
    assert ec2.terminate_instances(InstanceIds=[instance])["TerminatingInstances"][0]["CurrentState"]["Code"] == 48
    assert refusal(ec2.start_instances, InstanceIds=[instance])[0] == "IncorrectInstanceState"


def test_termination_protection_holds_until_it_is_taken_away(ec2: Client, run: Run) -> None:
    instance = run(DisableApiTermination=True)["InstanceId"]
    code, text = refusal(ec2.terminate_instances, InstanceIds=[instance])
    assert code == "OperationNotPermitted"
    assert text == (
        f"The instance '{instance}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try "
        "again."
    )
    ec2.modify_instance_attribute(InstanceId=instance, DisableApiTermination={"Value": False})
    ec2.terminate_instances(InstanceIds=[instance])
    until(ec2, instance, "terminated")


def test_dry_runs_of_state_changes_change_nothing(ec2: Client, run: Run) -> None:
    instance = run()["InstanceId"]
    until(ec2, instance, "running")
    for action in (ec2.stop_instances, ec2.terminate_instances, ec2.reboot_instances):
        assert refusal(action, InstanceIds=[instance], DryRun=True)[0] == "DryRunOperation"
    assert look(ec2, instance)["State"]["Name"] == "running"
    code, _ = refusal(ec2.terminate_instances, InstanceIds=["i-0123456789abcdef9"], DryRun=True)
    assert code == "InvalidInstanceID.NotFound"


def test_the_type_changes_only_while_stopped(ec2: Client, run: Run) -> None:
    instance = run()["InstanceId"]
    until(ec2, instance, "running")
    change = {"InstanceId": instance, "InstanceType": {"Value": "g5.xlarge"}}
    code, text = refusal(ec2.modify_instance_attribute, **change)
    assert code == "IncorrectInstanceState"
    assert text == f"The instance '{instance}' is not in the 'stopped' state."
    ec2.stop_instances(InstanceIds=[instance])
    until(ec2, instance, "stopped")
    ec2.modify_instance_attribute(**change)
    assert look(ec2, instance)["InstanceType"] == "g5.xlarge"
    assert refusal(ec2.modify_instance_attribute, InstanceId=instance, InstanceType={"Value": "g5g.xlarge"})[0] == (
        "InvalidInstanceAttributeValue"
    )


def test_status_checks_are_listed_for_running_instances_only(ec2: Client, run: Run) -> None:
    first, second = run()["InstanceId"], run()["InstanceId"]
    until(ec2, first, "running")
    until(ec2, second, "running")
    ec2.stop_instances(InstanceIds=[second])
    until(ec2, second, "stopped")
    statuses = ec2.describe_instance_status()["InstanceStatuses"]
    assert [s["InstanceId"] for s in statuses] == [first]
    assert statuses[0]["SystemStatus"]["Status"] == "ok"
    everything = ec2.describe_instance_status(IncludeAllInstances=True)["InstanceStatuses"]
    assert {s["InstanceState"]["Name"] for s in everything} == {"running", "stopped"}


def test_pages_hold_every_instance_once(ec2: Client, run: Run) -> None:
    made = {run()["InstanceId"] for _ in range(7)}
    pages = list(ec2.get_paginator("describe_instances").paginate(PaginationConfig={"PageSize": 5}))
    found = [i["InstanceId"] for page in pages for r in page["Reservations"] for i in r["Instances"]]
    assert len(pages) == 2
    assert sorted(found) == sorted(made)
    assert refusal(ec2.describe_instances, MaxResults=3)[0] == "InvalidParameterValue"
    assert refusal(ec2.describe_instances, MaxResults=10, InstanceIds=[found[0]])[0] == "InvalidParameterCombination"
    assert refusal(ec2.describe_instances, NextToken="nonsense")[0] == "InvalidNextToken"


def test_filters_select_and_an_unknown_filter_is_refused(ec2: Client, run: Run) -> None:
    specs = [{"ResourceType": "instance", "Tags": [{"Key": "Project", "Value": "semanticworld"}]}]
    tagged, other = run(TagSpecifications=specs)["InstanceId"], run()["InstanceId"]

    def found(name: str, *values: str) -> list[str]:
        answer = ec2.describe_instances(Filters=[{"Name": name, "Values": list(values)}])
        return [i["InstanceId"] for r in answer["Reservations"] for i in r["Instances"]]

    assert found("tag:Project", "semantic*") == [tagged]
    assert found("tag-key", "Project") == [tagged]
    assert found("private-ip-address", look(ec2, other)["PrivateIpAddress"]) == [other]
    assert found("instance-state-name", "stopped") == []
    assert set(found("instance-state-name", "pending", "running")) == {tagged, other}
    code, text = refusal(found, name="colour")
    assert (code, text) == ("InvalidParameterValue", "The filter 'colour' is invalid")


def test_ids_are_checked_for_their_form_before_they_are_looked_up(ec2: Client) -> None:
    assert refusal(ec2.describe_instances, InstanceIds=["i-nonsense"]) == (
        "InvalidInstanceID.Malformed",
        'Invalid id: "i-nonsense"',
    )
    assert refusal(ec2.describe_instances, InstanceIds=["i-0123456789abcdef9"])[0] == "InvalidInstanceID.NotFound"
