"""The loader reads what CloudFormation reads and refuses what fools it, with file and line."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from semanticworld.config.template import MAX_BYTES, parse_template, read_template
from semanticworld.errors import UsageError

MINIMAL = "Resources:\n  A:\n    Type: AWS::SNS::Topic\n"


def properties(text: str) -> object:
    body = parse_template(f"Resources:\n  A:\n    Type: T\n    Properties:\n      P: {text}\n", source="t.yaml")
    return body["Resources"]["A"]["Properties"]["P"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("!Ref Vpc", {"Ref": "Vpc"}),
        ("!GetAtt Vpc.CidrBlock", {"Fn::GetAtt": ["Vpc", "CidrBlock"]}),
        ("!GetAtt Stack.Outputs.Name", {"Fn::GetAtt": ["Stack", "Outputs.Name"]}),
        ("!GetAtt [Vpc, CidrBlock]", {"Fn::GetAtt": ["Vpc", "CidrBlock"]}),
        ("!Sub '${A}-b'", {"Fn::Sub": "${A}-b"}),
        ("!Sub ['${A}', {A: !Ref B}]", {"Fn::Sub": ["${A}", {"A": {"Ref": "B"}}]}),
        ("!If [C, !Ref A, !Ref AWS::NoValue]", {"Fn::If": ["C", {"Ref": "A"}, {"Ref": "AWS::NoValue"}]}),
        ("!Select [0, !GetAZs '']", {"Fn::Select": [0, {"Fn::GetAZs": ""}]}),
        ("!Condition C", {"Condition": "C"}),
        ("!ImportValue {'Fn::Sub': '${A}-x'}", {"Fn::ImportValue": {"Fn::Sub": "${A}-x"}}),
        ("!Base64 x", {"Fn::Base64": "x"}),
        ("true", True),
        ("no", "no"),
        ("on", "on"),
        ("012345670123", "012345670123"),
        ("22:22", "22:22"),
        ("2012-10-17", "2012-10-17"),
        ("0x1F", "0x1F"),
        ("1e3", "1e3"),
        ("42", 42),
        ("-7", -7),
        ("0", 0),
        ("1.5", 1.5),
        (".inf", ".inf"),
        ("", None),
        ("null", None),
        ("'null'", "null"),
    ],
)
def test_a_value_is_what_its_author_sees(text: str, value: object) -> None:
    assert properties(text) == value
    assert type(properties(text)) is type(value)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("Resources:\n  A: &a {Type: T}\n  B: *a\n", "CFG023", 2),
        ("Resources:\n  A: {Type: T}\n  B: *a\n", "CFG023", 3),
        ("Resources:\n  A: {Type: T}\n  A: {Type: U}\n", "CFG024", 3),
        ("Resources: {A: {Type: T, Type: U}}\n", "CFG024", 1),
        ("Resources:\n  A:\n    P: !Foo x\n", "CFG025", 3),
        ("Resources:\n  A: !!python/object/apply:os.system ['id']\n", "CFG025", 2),
        ("Resources:\n  A: !!binary aGk=\n", "CFG025", 2),
        ("Resources:\n  A: !!set {a, b}\n", "CFG025", 2),
        ("Resources:\n  A: " + "[" * 25 + "]" * 25, "CFG026", 2),
        ("Resources:\n  A:\n    <<: {Type: T}\n", "CFG027", 3),
        ("Resources:\n  ? [a, b]\n  : x\n", "CFG027", 2),
        ("Resources: {}\n", "CFG027", 1),
        ("- a\n- b\n", "CFG027", 1),
        ("", "CFG027", 1),
        ("Resources:\n  A: [1, 2\n", "CFG022", 3),
        ("Resources:\n\tA: b\n", "CFG022", 2),
        ("Resources: {A: b}\n---\nResources: {A: b}\n", "CFG022", 2),
        ("Resources:\n  A: \x07\n", "CFG022", 2),
        ("Resources:\n  A: !!int x\n", "CFG022", None),
        ('Resources:\n  A: "\\UFFFFFFFF"\n', "CFG022", None),
    ],
)
def test_what_fools_people_or_parsers_is_refused_with_its_line(text: str, code: str, line: int | None) -> None:
    with pytest.raises(UsageError) as caught:
        parse_template(text, source="some/t.yaml")
    assert caught.value.code == code
    assert "some/t.yaml" in caught.value.what
    assert line is None or caught.value.what.endswith(f"line {line}")
    assert caught.value.hint


def test_a_yaml_bomb_is_refused_at_once() -> None:
    layers = "\n".join(
        f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    started = time.perf_counter()
    with pytest.raises(UsageError, match="aliases"):
        parse_template(f"a: &a x\n{layers}\nResources: *i\n", source="bomb.yaml")
    with pytest.raises(UsageError, match="nested"):
        parse_template("[" * 100_000, source="deep.yaml")
    assert time.perf_counter() - started < 1


def test_without_libyaml_the_same_comes_back() -> None:
    program = """
import json, pathlib, sys
if sys.argv[1] == "pure":
    sys.modules["yaml._yaml"] = None
from semanticworld.config.template import read_template
print("yaml.cyaml" in sys.modules, json.dumps([read_template(path) for path in map(pathlib.Path, sys.argv[2:])]))
"""
    paths = sorted(map(str, (Path(__file__).resolve().parents[2] / "infrastructure").glob("*.yaml")))
    answers = []
    for kind in ("pure", "fast"):
        command = [sys.executable, "-c", program, kind, *paths]
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own program
        answers.append(done.stdout.split(" ", 1))
    assert [answer[0] for answer in answers] == ["False", "True"]
    assert answers[0][1] == answers[1][1]


def test_json_is_read_too() -> None:
    body = parse_template('{"Resources": {"A": {"Type": "T", "Properties": {"N": 1, "B": true}}}}', source="t.json")
    assert body == {"Resources": {"A": {"Type": "T", "Properties": {"N": 1, "B": True}}}}


def test_a_byte_order_mark_is_no_part_of_the_first_key() -> None:
    assert "Resources" in parse_template("\ufeff" + MINIMAL, source="t.yaml")


def test_a_file_too_large_or_missing_or_not_text_is_refused(tmp_path: Path) -> None:
    large, binary = tmp_path / "large.yaml", tmp_path / "binary.yaml"
    large.write_text(MINIMAL + "#" * MAX_BYTES)
    binary.write_bytes(b"Resources:\n  A: \xff\n")
    for path, code in ((large, "CFG021"), (binary, "CFG020"), (tmp_path / "none.yaml", "CFG020"), (tmp_path, "CFG020")):
        with pytest.raises(UsageError) as caught:
            read_template(path)
        assert caught.value.code == code
        assert str(path) in caught.value.what


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_but_never_fails_otherwise(text: str) -> None:
    try:
        parse_template(text, source="t.yaml")
    except UsageError as error:
        assert error.code.startswith("CFG02")  # noqa: PT017 - either way out is right, so raises() does not fit
