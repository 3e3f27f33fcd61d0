"""Conditions, values, references and parameters read as CloudFormation reads them."""

from __future__ import annotations

import pytest

from semanticworld.core.template import (
    Given,
    broken_rules,
    check_parameters,
    decide_conditions,
    living_resources,
    references,
    resolve_template,
)
from semanticworld.errors import UsageError

GIVEN = Given(parameters={"Env": "dev"})


def resolved(value: object, **given: object) -> object:
    body = {
        "Parameters": {
            "Env": {"Type": "String", "Default": "x"},
            "Many": {"Type": "CommaDelimitedList", "Default": "a, b"},
        },
        "Mappings": {"M": {"r": {"c": "found"}}},
        "Conditions": {"Yes": {"Fn::Equals": [1, "1"]}, "No": {"Fn::Equals": ["a", "b"]}},
        "Resources": {
            "A": {"Type": "T", "Properties": {"P": value}},
            "B": {"Type": "T"},
            "C": {"Type": "T", "Condition": "No"},
        },
    }
    parameters = Given(parameters={"Env": "dev"}, **given)  # type: ignore[arg-type]
    return resolve_template(body, parameters).resources["A"]["Properties"].get("P")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        ({"Ref": "Env"}, "dev"),
        ({"Ref": "Many"}, ["a", "b"]),
        ({"Ref": "B"}, "<B>"),
        ({"Ref": "AWS::Region"}, "eu-central-1"),
        ({"Ref": "AWS::NoValue"}, None),
        ({"Fn::GetAtt": ["B", "Arn"]}, "<B.Arn>"),
        ({"Fn::GetAtt": "B.Arn"}, "<B.Arn>"),
        ({"Fn::Sub": "${Env}-${AWS::AccountId}-${B}-${B.Arn}-${!Literal}"}, "dev-123456789012-<B>-<B.Arn>-${Literal}"),
        ({"Fn::Sub": ["${Env}-${Own}", {"Own": {"Ref": "B"}}]}, "dev-<B>"),
        ({"Fn::If": ["Yes", "then", "else"]}, "then"),
        ([{"Fn::If": ["No", "then", {"Ref": "AWS::NoValue"}]}, "rest"], ["rest"]),
        ({"Key": {"Fn::If": ["No", 1, {"Ref": "AWS::NoValue"}]}}, {}),
        ({"Fn::Join": ["-", ["a", {"Ref": "Env"}]]}, "a-dev"),
        ({"Fn::Select": ["1", {"Fn::Split": [",", "a,b,c"]}]}, "b"),
        ({"Fn::Select": [0, {"Fn::GetAZs": ""}]}, "eu-central-1a"),
        ({"Fn::Cidr": ["10.0.0.0/16", 3, "8"]}, ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"]),
        ({"Fn::FindInMap": ["M", "r", "c"]}, "found"),
        ({"Fn::ImportValue": {"Fn::Sub": "${Env}-vpc"}}, "<import dev-vpc>"),
        ({"Fn::Base64": "hi"}, "aGk="),
        ({"Fn::ToJsonString": {"a": {"Ref": "Env"}}}, '{"a": "dev"}'),
        ({"Ref": "Env", "Other": 1}, {"Ref": "Env", "Other": 1}),
    ],
)
def test_a_function_becomes_its_value(value: object, plain: object) -> None:
    assert resolved(value) == plain


def test_exports_that_are_known_are_put_in() -> None:
    assert resolved({"Fn::ImportValue": "x-vpc"}, exports={"x-vpc": "vpc-1"}) == "vpc-1"


@pytest.mark.parametrize(
    "value",
    [
        {"Ref": "Nothing"},
        {"Ref": "C"},
        {"Fn::GetAtt": ["C", "Arn"]},
        {"Fn::Sub": "${Nothing}"},
        {"Fn::Nonsense": 1},
        {"Fn::Join": "x"},
    ],
)
def test_what_makes_no_sense_is_a_usage_error(value: object) -> None:
    with pytest.raises((UsageError, ValueError)) as caught:
        resolved(value)
    assert isinstance(caught.value, UsageError)
    assert caught.value.code == "CFG028"


def conditions(**expressions: object) -> dict[str, bool]:
    declared = {"Env": {"Type": "String"}, "Many": {"Type": "CommaDelimitedList", "Default": ""}}
    return decide_conditions({"Parameters": declared, "Conditions": expressions}, GIVEN)


def test_conditions_are_decided() -> None:
    dev = {"Fn::Equals": [{"Ref": "Env"}, "dev"]}
    found = conditions(
        Dev=dev,
        NotDev={"Fn::Not": [{"Condition": "Dev"}]},
        Both={"Fn::And": [{"Condition": "Dev"}, {"Condition": "NotDev"}]},
        One={"Fn::Or": [{"Condition": "Dev"}, {"Condition": "NotDev"}]},
        Empty={"Fn::Equals": [{"Fn::Join": ["", {"Ref": "Many"}]}, ""]},
    )
    assert found == {"Dev": True, "NotDev": False, "Both": False, "One": True, "Empty": True}


@pytest.mark.parametrize(
    "expression",
    [{"Condition": "A"}, {"Condition": "Missing"}, {"Fn::Equals": [{"Ref": "Missing"}, "x"]}, {"Fn::Xor": []}, "yes"],
)
def test_a_condition_that_makes_no_sense_is_a_usage_error(expression: object) -> None:
    with pytest.raises(UsageError) as caught:
        conditions(A=expression)
    assert caught.value.code == "CFG028"


def test_a_parameter_without_a_value_is_named() -> None:
    with pytest.raises(UsageError, match="Env"):
        decide_conditions({"Parameters": {"Env": {"Type": "String"}}}, Given())


def test_references_follow_only_what_stands() -> None:
    body = {
        "Conditions": {"Yes": {"Fn::Equals": ["a", "a"]}, "No": {"Fn::Equals": ["a", "b"]}},
        "Resources": {
            "A": {"Type": "T"},
            "B": {"Type": "T", "Condition": "No"},
            "C": {"Type": "T", "DependsOn": ["A", "B"]},
            "D": {"Type": "T", "DependsOn": "C", "Properties": {"x": {"Fn::If": ["Yes", {"Ref": "A"}, {"Ref": "C"}]}}},
            "E": {
                "Type": "T",
                "Properties": {"x": {"Fn::Sub": ["${A.Arn}${Own}${AWS::Region}", {"Own": {"Fn::GetAtt": "D.x"}}]}},
            },
            "F": {"Type": "T", "Properties": {"x": {"Fn::Sub": "${F}-${E}"}, "y": [{"Fn::GetAtt": ["C", "x"]}]}},
        },
    }
    found = references(body, Given())
    assert found == {"A": set(), "C": {"A"}, "D": {"A", "C"}, "E": {"A", "D"}, "F": {"E", "C"}}
    assert list(living_resources(body, Given())) == ["A", "C", "D", "E", "F"]


def test_rules_are_asked_only_under_their_condition() -> None:
    rule = {
        "RuleCondition": {"Fn::Equals": [{"Ref": "Env"}, "prod"]},
        "Assertions": [{"Assert": {"Fn::Equals": ["a", "b"]}}],
    }
    body = {"Parameters": {"Env": {"Type": "String"}}, "Rules": {"ProdOnly": rule}}
    assert broken_rules(body, GIVEN) == ()
    assert broken_rules(body, Given(parameters={"Env": "prod"})) == ("ProdOnly",)


@pytest.mark.parametrize(
    ("declared", "value", "why"),
    [
        ({"Type": "String", "AllowedValues": [True, 1, "a"]}, "b", "one of true, 1, a"),
        ({"Type": "String", "AllowedPattern": "a+"}, "aab", "does not match"),
        ({"Type": "String", "MinLength": 2}, "a", "2 characters or more"),
        ({"Type": "String", "MaxLength": 2}, "abc", "may have 2 characters"),
        ({"Type": "Number", "MinValue": 2}, "1", "2 or more"),
        ({"Type": "Number", "MaxValue": 2}, "3", "2 or less"),
        ({"Type": "Number", "MaxValue": 2.5}, "2.6", "2.5 or less"),
        ({"Type": "Number"}, "two", "not a number"),
        ({"Type": "Number"}, "Infinity", "not a number"),
        ({"Type": "CommaDelimitedList", "AllowedPattern": "a+"}, "a, b", "does not match"),
    ],
)
def test_a_wrong_value_is_named_with_its_reason(declared: object, value: str, why: str) -> None:
    assert why in check_parameters({"Parameters": {"P": declared}}, {"P": value})["P"]


def test_right_values_pass() -> None:
    declared = {
        "A": {"Type": "String", "AllowedValues": [True, 1]},
        "B": {"Type": "Number", "MinValue": 1, "MaxValue": 3, "Default": 2},
        "C": {"Type": "CommaDelimitedList", "AllowedPattern": "[ab]"},
    }
    assert check_parameters({"Parameters": declared}, {"A": "true", "C": "a, b"}) == {}
    assert check_parameters({"Parameters": declared}, {"A": "1", "B": "3"}) == {
        "C": "it has no default, so it needs a value"
    }
    assert check_parameters({"Parameters": declared}, {"A": "1", "C": "a", "D": ""}) == {
        "D": "the template has no such parameter"
    }
