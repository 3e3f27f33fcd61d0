"""The resource schemas that the embedded cloud reads."""

import pytest

from semanticworld.local.cloud import schemas


@pytest.mark.parametrize(
    ("resource_type", "name"),
    [
        ("AWS::IAM::Role", "RoleName"),
        ("AWS::S3::Bucket", "BucketName"),
        ("AWS::EC2::Instance", "SubnetId"),
        ("AWS::SSM::Document", "DocumentType"),
        ("AWS::Budgets::Budget", "NotificationsWithSubscribers"),
    ],
)
def test_a_create_only_property_is_named(resource_type: str, name: str) -> None:
    assert name in schemas.create_only(resource_type)


def test_a_nested_create_only_property_is_a_path_and_not_a_top_level_name() -> None:
    assert ("Budget", "BudgetName") in schemas.create_only_paths("AWS::Budgets::Budget")
    assert "Budget" not in schemas.create_only("AWS::Budgets::Budget")


def test_the_instance_type_replaces_only_sometimes() -> None:
    assert "InstanceType" in schemas.conditional_create_only("AWS::EC2::Instance")
    assert "InstanceType" not in schemas.create_only("AWS::EC2::Instance")


def test_required_properties_are_named() -> None:
    assert schemas.required("AWS::IAM::InstanceProfile") == {"Roles"}


@pytest.mark.parametrize(
    ("resource_type", "name"),
    [
        ("AWS::S3::Bucket", "Tags"),
        ("AWS::Budgets::Budget", "ResourceTags"),
        ("AWS::IAM::InstanceProfile", None),
        ("AWS::S3::BucketPolicy", None),
        ("AWS::IAM::Policy", None),
    ],
)
def test_the_tag_property_is_named_for_what_can_be_tagged(resource_type: str, name: str | None) -> None:
    assert schemas.taggable(resource_type) == name


def test_roles_take_no_tags_of_cloudformation_itself() -> None:
    assert not schemas.system_tags("AWS::IAM::Role")
    assert schemas.system_tags("AWS::S3::Bucket")


def test_misspelt_and_read_only_properties_are_unknown_in_the_order_of_the_template() -> None:
    given = {"Bucketname": "x", "BucketName": "y", "Arn": "z", "Tagz": []}
    assert schemas.unknown_properties("AWS::S3::Bucket", given) == ("Bucketname", "Arn", "Tagz")


def test_an_unknown_type_is_an_error_in_the_words_of_aws() -> None:
    with pytest.raises(schemas.UnknownTypeError, match=r"Unrecognized resource types: \[AWS::EC2::Instanze\]"):
        schemas.properties("AWS::EC2::Instanze")


@pytest.mark.parametrize(
    ("old", "new", "path", "expected"),
    [
        ({"Budget": {"BudgetName": "a"}}, {"Budget": {"BudgetName": "b"}}, ("Budget", "BudgetName"), True),
        (
            {"Budget": {"BudgetName": "a", "X": 1}},
            {"Budget": {"BudgetName": "a", "X": 2}},
            ("Budget", "BudgetName"),
            False,
        ),
        ({"A": [{"B": 1}]}, {"A": [{"B": 2}]}, ("A", "*", "B"), True),
        ({"A": [{"B": 1, "C": 1}]}, {"A": [{"B": 1, "C": 2}]}, ("A", "*", "B"), False),
        ({}, {"Name": "a"}, ("Name",), True),
        ({}, {}, ("Name",), False),
    ],
)
def test_a_difference_is_looked_for_at_a_path(
    old: dict[str, object], new: dict[str, object], path: tuple[str, ...], *, expected: bool
) -> None:
    assert schemas.differs(old, new, path) is expected
