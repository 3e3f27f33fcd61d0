"""Topics, subscriptions, log groups, metric filters as resources."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from small_stacks import Stacks


def topic(**more: object) -> dict[str, Any]:
    return {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "notices", **more}}


def test_a_topic_has_its_key_its_tags_and_its_name(stacks: Stacks) -> None:
    outputs = {"Ref": {"Value": {"Ref": "Topic"}}, "Name": {"Value": {"Fn::GetAtt": ["Topic", "TopicName"]}}}
    assert (
        stacks.put({"Topic": topic(KmsMasterKeyId="alias/aws/sns", DisplayName="Notices")}, outputs=outputs)
        == "CREATE_COMPLETE"
    )
    arn = f"arn:aws:sns:eu-central-1:{stacks.account}:notices"
    assert stacks.outputs() == {"Ref": arn, "Name": "notices"}
    sns = stacks.client("sns")
    attributes = sns.get_topic_attributes(TopicArn=arn)["Attributes"]
    assert (attributes["KmsMasterKeyId"], attributes["DisplayName"]) == ("alias/aws/sns", "Notices")
    tags = {tag["Key"] for tag in sns.list_tags_for_resource(ResourceArn=arn)["Tags"]}
    assert tags >= {"Project", "Environment", "aws:cloudformation:stack-name"}
    assert stacks.put({"Topic": topic(DisplayName="Other")}) == "UPDATE_COMPLETE"
    attributes = sns.get_topic_attributes(TopicArn=arn)["Attributes"]
    assert (attributes.get("KmsMasterKeyId", ""), attributes["DisplayName"]) == ("", "Other")
    assert stacks.put({"Topic": {"Type": "AWS::SNS::Topic"}}) == "UPDATE_COMPLETE"
    assert stacks.physical_id("Topic") != arn
    assert len(sns.list_topics()["Topics"]) == 1
    assert stacks.delete() == "DELETE_COMPLETE"
    assert sns.list_topics()["Topics"] == []


def test_an_email_subscription_waits_for_its_owner(stacks: Stacks) -> None:
    def subscription(endpoint: str) -> dict[str, Any]:
        given = {"TopicArn": {"Ref": "Topic"}, "Protocol": "email", "Endpoint": endpoint}
        return {"Type": "AWS::SNS::Subscription", "Properties": given}

    assert stacks.put({"Topic": topic(), "Mail": subscription("a@example.com")}) == "CREATE_COMPLETE"
    sns = stacks.client("sns")
    first = stacks.physical_id("Mail")
    assert sns.get_subscription_attributes(SubscriptionArn=first)["Attributes"]["PendingConfirmation"] == "true"
    (listed,) = sns.list_subscriptions()["Subscriptions"]
    assert listed["SubscriptionArn"] == "PendingConfirmation"
    assert stacks.put({"Topic": topic(), "Mail": subscription("b@example.com")}) == "UPDATE_COMPLETE"
    assert stacks.physical_id("Mail") != first
    assert [one["Endpoint"] for one in sns.list_subscriptions()["Subscriptions"]] == ["b@example.com"]
    assert stacks.put({"Topic": topic(), "Mail": subscription("nobody")}) == "UPDATE_ROLLBACK_COMPLETE"
    assert "Invalid parameter: Email address" in stacks.reason("Mail")


def test_a_topic_policy_is_on_the_topic_and_leaves_the_default_behind(stacks: Stacks) -> None:
    statement = {
        "Sid": "Budgets",
        "Effect": "Allow",
        "Principal": {"Service": "budgets.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": {"Ref": "Topic"},
    }
    document = {"Version": "2012-10-17", "Statement": [statement]}
    policy = {"Type": "AWS::SNS::TopicPolicy", "Properties": {"Topics": [{"Ref": "Topic"}], "PolicyDocument": document}}
    stacks.put({"Topic": topic(), "Policy": policy})
    sns, arn = stacks.client("sns"), stacks.physical_id("Topic")
    assert (
        json.loads(sns.get_topic_attributes(TopicArn=arn)["Attributes"]["Policy"])["Statement"][0]["Sid"] == "Budgets"
    )
    stacks.put({"Topic": topic()})
    sid = json.loads(sns.get_topic_attributes(TopicArn=arn)["Attributes"]["Policy"])["Statement"][0]["Sid"]
    assert sid == "__default_statement_ID"


def test_a_topic_has_no_attribute_of_another_name(stacks: Stacks) -> None:
    stacks.put({"Topic": topic()})
    with pytest.raises(ClientError, match="Invalid parameter: AttributeName"):
        stacks.client("sns").set_topic_attributes(
            TopicArn=stacks.physical_id("Topic"), AttributeName="Colour", AttributeValue="red"
        )


def group(**more: object) -> dict[str, Any]:
    return {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/small/node", **more}}


def test_a_log_group_keeps_its_streams_when_its_retention_changes(stacks: Stacks) -> None:
    outputs = {"Arn": {"Value": {"Fn::GetAtt": ["Group", "Arn"]}}}
    assert stacks.put({"Group": group(RetentionInDays="14")}, outputs=outputs) == "CREATE_COMPLETE"
    assert stacks.outputs()["Arn"] == f"arn:aws:logs:eu-central-1:{stacks.account}:log-group:/small/node:*"
    logs = stacks.client("logs")
    logs.create_log_stream(logGroupName="/small/node", logStreamName="one")
    (made,) = logs.describe_log_groups(logGroupNamePrefix="/small")["logGroups"]
    assert made["retentionInDays"] == 14
    assert stacks.put({"Group": group(Tags=[{"Key": "Owner", "Value": "me"}])}) == "UPDATE_COMPLETE"
    (made,) = logs.describe_log_groups(logGroupNamePrefix="/small")["logGroups"]
    assert "retentionInDays" not in made
    arn = f"arn:aws:logs:eu-central-1:{stacks.account}:log-group:/small/node"
    assert (
        logs.list_tags_for_resource(resourceArn=arn)["tags"].items()
        >= {"Owner": "me", "Project": "semanticworld"}.items()
    )
    assert len(logs.describe_log_streams(logGroupName="/small/node")["logStreams"]) == 1
    assert stacks.delete() == "DELETE_COMPLETE"
    assert logs.describe_log_groups()["logGroups"] == []


@pytest.mark.parametrize(
    ("properties", "reason"),
    [
        ({"RetentionInDays": 8}, "8 is not a valid enum value"),
        ({"Retention": 8}, "Encountered unsupported property Retention"),
        ({"LogGroupName": "no spaces"}, "[#/LogGroupName: failed validation constraint for keyword [pattern]]"),
    ],
)
def test_a_log_group_that_cannot_be_fails(stacks: Stacks, properties: dict[str, Any], reason: str) -> None:
    assert stacks.put({"Group": group(**properties)}) == "ROLLBACK_COMPLETE"
    assert reason in stacks.reason("Group")


def test_a_metric_filter_stands_on_its_group(stacks: Stacks) -> None:
    def metric_filter(pattern: str) -> dict[str, Any]:
        transformation = {"MetricName": "Errors", "MetricNamespace": "Small", "MetricValue": "1", "DefaultValue": 0}
        given = {"LogGroupName": {"Ref": "Group"}, "FilterPattern": pattern, "MetricTransformations": [transformation]}
        return {"Type": "AWS::Logs::MetricFilter", "Properties": given}

    assert stacks.put({"Group": group(), "Filter": metric_filter("ERROR")}) == "CREATE_COMPLETE"
    assert stacks.put({"Group": group(), "Filter": metric_filter("FATAL")}) == "UPDATE_COMPLETE"
    logs = stacks.client("logs")
    (made,) = logs.describe_metric_filters(logGroupName="/small/node")["metricFilters"]
    assert (made["filterName"], made["filterPattern"]) == (stacks.physical_id("Filter"), "FATAL")
    assert stacks.put({"Group": group()}) == "UPDATE_COMPLETE"
    assert logs.describe_metric_filters(logGroupName="/small/node")["metricFilters"] == []
