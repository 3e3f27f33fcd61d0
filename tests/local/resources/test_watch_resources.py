"""Alarms, composite alarms and dashboards as resources."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from small_stacks import Client, Stacks


def alarm(**more: object) -> dict[str, Any]:
    given = {
        "AlarmName": "disk",
        "Namespace": "Small",
        "MetricName": "DiskUsedPercent",
        "Dimensions": [{"Name": "InstanceId", "Value": "i-1"}],
        "Statistic": "Maximum",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 90,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "notBreaching",
    }
    return {"Type": "AWS::CloudWatch::Alarm", "Properties": {**given, **more}}


def put(cloudwatch: Client, name: str, value: float, instance: str = "i-1", *, back_s: float = 0) -> None:
    datum = {
        "MetricName": name,
        "Dimensions": [{"Name": "InstanceId", "Value": instance}],
        "Value": value,
        "Timestamp": datetime.now(UTC) - timedelta(seconds=back_s),
    }
    cloudwatch.put_metric_data(Namespace="Small", MetricData=[datum])


def state(cloudwatch: Client, name: str = "disk") -> str:
    found = cloudwatch.describe_alarms(AlarmNames=[name], AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    (one,) = found["MetricAlarms"] + found["CompositeAlarms"]
    text: str = one["StateValue"]
    return text


def test_an_alarm_looks_at_its_own_dimensions_only(stacks: Stacks) -> None:
    outputs = {"Arn": {"Value": {"Fn::GetAtt": ["Alarm", "Arn"]}}}
    assert stacks.put({"Alarm": alarm()}, outputs=outputs) == "CREATE_COMPLETE"
    cloudwatch = stacks.client("cloudwatch")
    arn = stacks.outputs()["Arn"]
    assert arn == f"arn:aws:cloudwatch:eu-central-1:{stacks.account}:alarm:disk"
    put(cloudwatch, "DiskUsedPercent", 99, "i-2")
    assert state(cloudwatch) == "INSUFFICIENT_DATA"
    put(cloudwatch, "DiskUsedPercent", 95)
    assert state(cloudwatch) == "ALARM"
    tags = {tag["Key"] for tag in cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"]}
    assert tags >= {"Project", "aws:cloudformation:stack-id"}


def test_an_alarm_keeps_its_state_when_its_text_changes_and_is_replaced_by_name(stacks: Stacks) -> None:
    stacks.put({"Alarm": alarm()})
    cloudwatch = stacks.client("cloudwatch")
    put(cloudwatch, "DiskUsedPercent", 95)
    assert stacks.put({"Alarm": alarm(AlarmDescription="new")}) == "UPDATE_COMPLETE"
    (one,) = cloudwatch.describe_alarms()["MetricAlarms"]
    assert (one["AlarmDescription"], one["StateValue"]) == ("new", "ALARM")
    assert stacks.put({"Alarm": alarm(AlarmName="other")}) == "UPDATE_COMPLETE"
    assert [one["AlarmName"] for one in cloudwatch.describe_alarms()["MetricAlarms"]] == ["other"]
    assert stacks.delete() == "DELETE_COMPLETE"
    assert cloudwatch.describe_alarms()["MetricAlarms"] == []


def test_an_alarm_needs_its_number_of_bad_periods(stacks: Stacks) -> None:
    stacks.put({"Alarm": alarm(EvaluationPeriods=3, DatapointsToAlarm=2)})
    cloudwatch = stacks.client("cloudwatch")
    put(cloudwatch, "DiskUsedPercent", 95, back_s=70)
    assert state(cloudwatch) == "OK"
    put(cloudwatch, "DiskUsedPercent", 95)
    assert state(cloudwatch) == "ALARM"


HEARTBEAT = [
    {"Id": "alive", "Expression": "MAX([heartbeat, floor])", "ReturnData": True},
    {"Id": "floor", "Expression": "status * 0", "ReturnData": False},
    *(
        {
            "Id": name,
            "ReturnData": False,
            "MetricStat": {
                "Metric": {
                    "Namespace": "Small",
                    "MetricName": metric,
                    "Dimensions": [{"Name": "InstanceId", "Value": "i-1"}],
                },
                "Period": 60,
                "Stat": "Maximum",
            },
        }
        for name, metric in (("heartbeat", "Heartbeat"), ("status", "StatusCheckFailed"))
    ),
]


def test_an_alarm_over_an_expression_sees_silence_of_a_running_node_only(stacks: Stacks) -> None:
    given = {
        "AlarmName": "heartbeat",
        "Metrics": HEARTBEAT,
        "EvaluationPeriods": 1,
        "Threshold": 1,
        "ComparisonOperator": "LessThanThreshold",
        "TreatMissingData": "notBreaching",
    }
    assert stacks.put({"Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": given}}) == "CREATE_COMPLETE"
    cloudwatch = stacks.client("cloudwatch")
    (one,) = cloudwatch.describe_alarms()["MetricAlarms"]
    assert [query["Id"] for query in one["Metrics"]] == ["alive", "floor", "heartbeat", "status"]
    assert "Namespace" not in one
    put(cloudwatch, "StatusCheckFailed", 0)
    assert state(cloudwatch, "heartbeat") == "ALARM"
    put(cloudwatch, "Heartbeat", 1)
    assert state(cloudwatch, "heartbeat") == "OK"


def test_a_composite_alarm_follows_its_children_and_holds_them(stacks: Stacks) -> None:
    composite = {
        "Type": "AWS::CloudWatch::CompositeAlarm",
        "Properties": {"AlarmName": "any", "AlarmRule": {"Fn::Sub": "ALARM(${Alarm})"}},
    }
    assert stacks.put({"Alarm": alarm(), "Any": composite}) == "CREATE_COMPLETE"
    cloudwatch = stacks.client("cloudwatch")
    put(cloudwatch, "DiskUsedPercent", 95)
    assert state(cloudwatch, "any") == "ALARM"
    with pytest.raises(ClientError, match="composite alarm"):
        cloudwatch.delete_alarms(AlarmNames=["disk"])
    bad = {**composite, "Properties": {"AlarmName": "any", "AlarmRule": "ALARM("}}
    assert stacks.put({"Alarm": alarm(), "Any": bad}) == "UPDATE_ROLLBACK_COMPLETE"
    assert "Error in AlarmRule" in stacks.reason("Any")
    assert stacks.delete() == "DELETE_COMPLETE"


@pytest.mark.parametrize(
    ("properties", "reason"),
    [
        ({"Period": 45}, "Period must be 10, 20, 30 or a multiple of 60"),
        ({"EvaluationPeriods": 0}, "EvaluationPeriods"),
        ({"DatapointsToAlarm": 2}, "DatapointsToAlarm must be less than or equal to EvaluationPeriods"),
        ({"Treshold": 2}, "Encountered unsupported property Treshold"),
        ({"EvaluationPeriods": 2000}, "more than a day"),
        ({"ComparisonOperator": "Above"}, "Above"),
    ],
)
def test_an_alarm_that_cannot_be_fails(stacks: Stacks, properties: dict[str, Any], reason: str) -> None:
    assert stacks.put({"Alarm": alarm(**properties)}) == "ROLLBACK_COMPLETE"
    assert reason in stacks.reason("Alarm")


def dashboard(body: object) -> dict[str, Any]:
    text = body if isinstance(body, str) else json.dumps(body)
    return {"Type": "AWS::CloudWatch::Dashboard", "Properties": {"DashboardName": "node", "DashboardBody": text}}


def widget(**more: object) -> dict[str, Any]:
    return {"type": "text", "x": 0, "y": 0, "width": 6, "height": 3, "properties": {"markdown": "hello"}, **more}


def test_a_dashboard_is_read_back_changed_and_gone(stacks: Stacks) -> None:
    assert stacks.put({"Board": dashboard({"widgets": [widget()]})}) == "CREATE_COMPLETE"
    cloudwatch = stacks.client("cloudwatch")
    assert json.loads(cloudwatch.get_dashboard(DashboardName="node")["DashboardBody"])["widgets"] == [widget()]
    assert stacks.put({"Board": dashboard({"widgets": [widget(width=12)]})}) == "UPDATE_COMPLETE"
    assert json.loads(cloudwatch.get_dashboard(DashboardName="node")["DashboardBody"])["widgets"][0]["width"] == 12
    arn = f"arn:aws:cloudwatch::{stacks.account}:dashboard/node"
    assert {"Key": "Project", "Value": "semanticworld"} in cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"]
    assert stacks.delete() == "DELETE_COMPLETE"
    assert cloudwatch.list_dashboards()["DashboardEntries"] == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("{not json", "must be a valid JSON object"),
        ({"widget": []}, "Should have required property 'widgets'"),
        ({"widgets": [widget(type="chart")]}, "/widgets/0/type"),
        ({"widgets": [widget(width=25)]}, "/widgets/0/width"),
        ({"widgets": [widget(type="metric", properties={"metrics": [["A", "B"]]})]}, "'region'"),
    ],
)
def test_a_dashboard_that_cloudwatch_cannot_read_fails(stacks: Stacks, body: object, reason: str) -> None:
    assert stacks.put({"Board": dashboard(body)}) == "ROLLBACK_COMPLETE"
    assert reason in stacks.reason("Board")
    assert stacks.client("cloudwatch").list_dashboards()["DashboardEntries"] == []
