from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from cloud import REGION, TRUST, Cloud
from semanticworld.local import commands, control, process
from semanticworld.local.folder import Folder

TOPIC = {
    "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
    "Outputs": {"Arn": {"Value": {"Ref": "Topic"}, "Export": {"Name": "topic-arn"}}},
}
NEVER_DONE = {
    "Resources": {
        "Topic": {"Type": "AWS::SNS::Topic"},
        "Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
        "Signal": {
            "Type": "AWS::CloudFormation::WaitCondition",
            "DependsOn": "Topic",
            "Properties": {"Handle": {"Ref": "Handle"}, "Timeout": "3", "Count": 1},
        },
    }
}


def kill(cloud: Cloud) -> None:
    os.kill(cloud.record.pid, signal.SIGKILL)


def settled(cloud: Cloud, name: str) -> str:
    deadline = time.monotonic() + 10
    while True:
        status = str(cloud.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]["StackStatus"])
        if not status.endswith("_IN_PROGRESS") or time.monotonic() > deadline:
            return status
        time.sleep(0.05)


def save(cloud: Cloud) -> None:
    control.ask(cloud.record, "save")


def test_kill_9_loses_nothing_that_is_older_than_two_seconds(started: Callable[[], Cloud]) -> None:
    cloud = started()
    body = os.urandom(200_000)
    s3, ec2 = cloud.client("s3"), cloud.client("ec2")
    s3.create_bucket(Bucket="kept", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(Bucket="kept", VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket="kept", Key="large", Body=body)
    s3.put_object(Bucket="kept", Key="small", Body=b"first")
    s3.put_object(Bucket="kept", Key="small", Body=b"second", Tagging="a=b")
    vpc = ec2.create_vpc(CidrBlock="10.7.0.0/16")["Vpc"]["VpcId"]
    cloud.client("iam").create_role(RoleName="kept", AssumeRolePolicyDocument=TRUST)
    cloud.client("ssm").put_parameter(Name="/kept", Value="v", Type="SecureString")
    cloud.client("logs").create_log_group(logGroupName="/kept")
    cloud.client("scheduler").create_schedule_group(Name="kept")
    cloud.client("cloudwatch").put_metric_data(Namespace="Kept", MetricData=[{"MetricName": "m", "Value": 1.0}])
    cloud.client("budgets").create_budget(
        AccountId=cloud.account,
        Budget={
            "BudgetName": "kept",
            "BudgetLimit": {"Amount": "10", "Unit": "USD"},
            "TimeUnit": "MONTHLY",
            "BudgetType": "COST",
        },
    )
    cloud.client("cloudformation").create_stack(StackName="kept", TemplateBody=json.dumps(TOPIC))
    assert settled(cloud, "kept") == "CREATE_COMPLETE"
    time.sleep(2)
    kill(cloud)

    cloud = started()
    s3 = cloud.client("s3")
    assert s3.get_object(Bucket="kept", Key="large")["Body"].read() == body
    assert s3.get_object(Bucket="kept", Key="small")["Body"].read() == b"second"
    assert len(s3.list_object_versions(Bucket="kept", Prefix="small")["Versions"]) == 2
    assert s3.get_object_tagging(Bucket="kept", Key="small")["TagSet"] == [{"Key": "a", "Value": "b"}]
    assert cloud.client("ec2").describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["CidrBlock"] == "10.7.0.0/16"
    assert cloud.client("iam").get_role(RoleName="kept")["Role"]["RoleName"] == "kept"
    assert cloud.client("ssm").get_parameter(Name="/kept", WithDecryption=True)["Parameter"]["Value"] == "v"
    assert cloud.client("logs").describe_log_groups(logGroupNamePrefix="/kept")["logGroups"]
    assert cloud.client("scheduler").get_schedule_group(Name="kept")["State"] == "ACTIVE"
    assert cloud.client("cloudwatch").list_metrics(Namespace="Kept")["Metrics"]
    assert cloud.client("budgets").describe_budgets(AccountId=cloud.account)["Budgets"]
    stack = cloud.client("cloudformation").describe_stacks(StackName="kept")["Stacks"][0]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    assert cloud.client("sns").get_topic_attributes(TopicArn=stack["Outputs"][0]["OutputValue"])["Attributes"]
    assert cloud.client("cloudformation").list_exports()["Exports"][0]["Name"] == "topic-arn"


def test_what_a_service_holds_that_is_loaded_on_demand_is_kept(started: Callable[[], Cloud]) -> None:
    cloud = started()
    made = cloud.client("signer").put_signing_profile(profileName="kept", platformId="AWSLambda-SHA384-ECDSA")[
        "profileVersion"
    ]
    save(cloud)
    kill(cloud)
    cloud = started()
    assert cloud.client("signer").get_signing_profile(profileName="kept")["profileVersion"] == made


def test_an_orderly_stop_saves_at_once(started: Callable[[], Cloud]) -> None:
    cloud = started()
    cloud.client("ssm").put_parameter(Name="/late", Value="v", Type="String")
    process.stop(cloud.folder)
    assert started().client("ssm").get_parameter(Name="/late")["Parameter"]["Value"] == "v"


def test_a_create_that_was_cut_off_comes_to_an_end(started: Callable[[], Cloud]) -> None:
    cloud = started()
    cloud.client("cloudformation").create_stack(StackName="cut", TemplateBody=json.dumps(NEVER_DONE))
    time.sleep(0.3)
    save(cloud)
    kill(cloud)
    cloud = started()
    assert settled(cloud, "cut") == "ROLLBACK_COMPLETE"
    assert cloud.client("sns").list_topics()["Topics"] == []
    events = cloud.client("cloudformation").describe_stack_events(StackName="cut")["StackEvents"]
    failed = [event for event in events if event["ResourceStatus"] == "CREATE_FAILED"]
    assert [event["LogicalResourceId"] for event in failed] == ["Signal"]


def test_a_damaged_snapshot_costs_one_step_and_is_told(started: Callable[[], Cloud]) -> None:
    cloud = started()
    ssm = cloud.client("ssm")
    for value in ("one", "two"):
        ssm.put_parameter(Name="/p", Value=value, Type="String", Overwrite=True)
        save(cloud)
    kill(cloud)
    newest = max(cloud.folder.cloud.glob("snapshot-*"))
    newest.write_bytes(newest.read_bytes()[:-100])
    cloud = started()
    assert cloud.client("ssm").get_parameter(Name="/p")["Parameter"]["Value"] == "one"
    problems = control.ask(cloud.record, "state")["problems"]
    assert [problem for problem in problems if newest.name in problem]


def test_with_every_snapshot_damaged_the_cloud_starts_empty_and_says_so(started: Callable[[], Cloud]) -> None:
    cloud = started()
    cloud.client("ssm").put_parameter(Name="/p", Value="v", Type="String")
    save(cloud)
    kill(cloud)
    for snapshot in cloud.folder.cloud.glob("snapshot-*"):
        snapshot.write_bytes(b"rubbish")
    cloud = started()
    assert cloud.client("ssm").describe_parameters()["Parameters"] == []
    assert control.ask(cloud.record, "state")["problems"]


def test_reset_leaves_nothing(started: Callable[[], Cloud], tmp_path: Path) -> None:
    cloud = started()
    cloud.client("ssm").put_parameter(Name="/p", Value="v", Type="String")
    save(cloud)
    environ = {**os.environ, "MANAGE_COMPUTE_STATE": str(tmp_path)}
    assert Folder.of(environ) == cloud.folder
    status = commands.reset(environ)
    assert status.running
    assert status.endpoint_url == cloud.endpoint_url
    assert started().client("ssm").describe_parameters()["Parameters"] == []
    assert not list(cloud.folder.root.glob("wiped-*"))
