from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cfn_stacks import parameter, template
from cloud import REGION, Cloud
from ec2_talk import refusal
from semanticworld.local.legal_xml import is_legal, legal


@given(st.text())
def test_what_is_left_can_be_read_and_what_was_legal_is_untouched(text: str) -> None:
    plain = text.replace("<", "").replace("&", "").replace("]]>", "")
    document = f"<a>{plain}</a>".encode("utf-8", "surrogatepass")
    assert ET.fromstring(legal(document)).tag == "a"  # noqa: S314 - our own words
    assert not is_legal(plain) or legal(document) == document


@pytest.mark.parametrize("reference", ["&#27;", "&#x1b;", "&#x1B;", "&#0;", "&#xFFFE;", "&#x110000;", "&#xD800;"])
def test_references_to_what_cannot_be_carried_go_as_well(reference: str) -> None:
    assert legal(f"<a>x{reference}&#13;&#x41;&amp;</a>".encode()) == b"<a>x&#13;&#x41;&amp;</a>"


@pytest.mark.parametrize("style", ["json", "yaml"])
def test_a_logical_id_with_a_control_character_is_refused_readably(cloud: Cloud, style: str) -> None:
    body = template({"A\x1bB": parameter()})
    if style == "yaml":
        body = 'Resources:\n  "A\\eB":\n    Type: AWS::SNS::Topic\n'
    cloudformation = cloud.client("cloudformation")
    assert refusal(cloudformation.create_stack, StackName="a", TemplateBody=body) == (
        "ValidationError",
        "Template format error: Resource name AB is non alphanumeric.",
    )


def test_answers_of_ministacks_own_can_be_read_too(cloud: Cloud) -> None:
    sns, iam = cloud.client("sns"), cloud.client("iam")
    topic = sns.create_topic(Name="t", Attributes={"DisplayName": "a\x1bb"})["TopicArn"]
    assert sns.get_topic_attributes(TopicArn=topic)["Attributes"]["DisplayName"] == "ab"
    iam.create_user(UserName="u", Tags=[{"Key": "Note", "Value": "a\x1bb"}])
    assert iam.get_user(UserName="u")["User"]["Tags"] == [{"Key": "Note", "Value": "ab"}]


def test_what_is_stored_in_a_bucket_is_left_alone(cloud: Cloud) -> None:
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="odd", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket="odd", Key="k.xml", Body=b"<a>\x1b&#27;</a>", ContentType="text/xml")
    assert s3.get_object(Bucket="odd", Key="k.xml")["Body"].read() == b"<a>\x1b&#27;</a>"
    assert s3.head_object(Bucket="odd", Key="k.xml")["ContentLength"] == len(b"<a>\x1b&#27;</a>")
