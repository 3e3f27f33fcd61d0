from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semanticworld.config.parameters import read_parameters
from semanticworld.config.project import infrastructure_folder
from semanticworld.config.sources import read_environment, read_sources, read_templates
from semanticworld.core.template.parameters import Declaration, violation
from semanticworld.errors import UsageError
from semanticworld.model.environment import EnvironmentName, Layer

INFRASTRUCTURE = Path(__file__).resolve().parents[2] / "infrastructure"
LIST = '[\n  {"ParameterKey": "A", "ParameterValue": "1"},\n  {"ParameterKey": "B", "ParameterValue": "two"}\n]\n'
BOMB = "a: &a [x, x, x]\n" + "\n".join(f"b{n}: &b{n} [*a, *a, *a]" for n in range(20))


def written(folder: Path, text: str | bytes, suffix: str = ".json") -> Path:
    path = folder / f"parameters{suffix}"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        (LIST, ".json"),
        (LIST.replace("  ", "\t"), ".json"),
        ("\ufeff" + LIST, ".json"),
        ('{"Parameters": {"A": "1", "B": "two"}}', ".json"),
        ('{"A":"1","B":"two"}', ".json"),
        ("- ParameterKey: A\n  ParameterValue: '1'\n- ParameterKey: B\n  ParameterValue: two\n", ".yaml"),
        ("Parameters:\n  A: '1'\n  B: two\n", ".yml"),
    ],
)
def test_every_form_gives_the_same_parameters(tmp_path: Path, text: str, suffix: str) -> None:
    found = read_parameters(written(tmp_path, text, suffix))
    assert [(item.name, item.value) for item in found] == [("A", "1"), ("B", "two")]


def test_a_parameter_knows_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, LIST)
    assert [item.place for item in read_parameters(path)] == [f"{path}:2", f"{path}:3"]


@pytest.mark.parametrize(
    ("text", "suffix", "code", "line"),
    [
        ('[\n  {"ParameterKey": "A",}\n]', ".json", "CFG011", 2),
        ("[1, 2", ".json", "CFG011", 1),
        ("a: [1\nb: }", ".yaml", "CFG011", 2),
        ("", ".yaml", "CFG011", None),
        (b"\xff\xfe\n", ".json", "CFG011", 1),
        ('{\n "A": "1",\n "A": "2"\n}', ".json", "CFG012", 3),
        (
            '[{"ParameterKey": "A", "ParameterValue": "1"},\n {"ParameterKey": "A", "ParameterValue": "2"}]',
            ".json",
            "CFG012",
            2,
        ),
        ('[{"ParameterKey": "A",\n "ParameterKey": "B", "ParameterValue": "2"}]', ".json", "CFG012", 2),
        ("a: &x one\nb: *x\n", ".yaml", "CFG013", 1),
        (BOMB, ".yaml", "CFG013", 1),
        ("a: !!python/object:os.system x\n", ".yaml", "CFG013", 1),
        ("a: one\nb: !Ref x\n", ".yaml", "CFG013", 2),
        ("Account: 012345670123\n", ".yaml", "CFG014", 1),
        ("Version: 1.10\n", ".yaml", "CFG014", 1),
        ("Time: 22:22\n", ".yaml", "CFG014", 1),
        ("Answer: no\n", ".yaml", "CFG014", 1),
        ("Day: 2026-11-23\n", ".yaml", "CFG014", 1),
        ("Nothing:\n", ".yaml", "CFG014", 1),
        ("1: one\n", ".yaml", "CFG014", 1),
        ('{"A": 5}', ".json", "CFG014", 1),
        ('{"A": ["x"]}', ".json", "CFG014", 1),
        ('{"A": "x\\u0000y"}', ".json", "CFG014", 1),
        ('["A"]', ".json", "CFG014", 1),
        ('[{"ParameterKey": "A"}]', ".json", "CFG014", 1),
        ('"text"', ".json", "CFG014", 1),
        ("[" * 30 + "]" * 30, ".json", "CFG017", 1),
        ("[" * 100_000 + "]" * 100_000, ".json", "CFG017", None),
        ("x" * 300_000, ".yaml", "CFG017", None),
    ],
)
def test_a_file_that_could_mislead_is_refused_with_its_line(
    tmp_path: Path, text: str, suffix: str, code: str, line: int | None
) -> None:
    path = written(tmp_path, text, suffix)
    started = time.monotonic()
    with pytest.raises(UsageError) as caught:
        read_parameters(path)
    assert caught.value.code == code
    assert caught.value.what == f"cannot use {path}" + (f":{line}" if line else "")
    assert caught.value.hint
    assert time.monotonic() - started < 1


@pytest.mark.parametrize("path", ["/nonexistent/x.json", "/", "with\0nul", "/dev/null/x"])
def test_a_file_that_cannot_be_read_is_a_usage_error(path: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_parameters(Path(path))
    assert caught.value.code == "CFG010"


@given(st.text(max_size=80) | st.binary(max_size=80))
def test_any_file_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: str | bytes) -> None:
    for suffix in (".json", ".yaml"):
        path = tmp_path_factory.getbasetemp() / f"any{suffix}"
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "replace"))
        try:
            read_parameters(path)
        except UsageError as error:
            assert error.code.startswith("CFG01")  # noqa: PT017 - a property over any input


@pytest.mark.parametrize(
    ("value", "declaration", "fits"),
    [
        ("a", {"Type": "String", "AllowedValues": ["a", "b"]}, True),
        ("c", {"Type": "String", "AllowedValues": ["a", "b"]}, False),
        ("true", {"Type": "String", "AllowedValues": [True, False]}, True),
        ("3", {"Type": "Number", "AllowedValues": [1, 2, 3]}, True),
        ("30", {"Type": "Number", "MinValue": 30}, True),
        ("29", {"Type": "Number", "MinValue": 30}, False),
        ("16385", {"Type": "Number", "MaxValue": "16384"}, False),
        ("many", {"Type": "Number"}, False),
        ("NaN", {"Type": "Number"}, False),
        ("Infinity", {"Type": "Number"}, False),
        ("abc", {"Type": "String", "AllowedPattern": "[a-c]+"}, True),
        ("abcd", {"Type": "String", "AllowedPattern": "[a-c]+"}, False),
        ("abc\n", {"Type": "String", "AllowedPattern": "^[a-c]+$"}, False),
        ("ab", {"Type": "String", "MinLength": 3}, False),
        ("abcd", {"Type": "String", "MaxLength": "3"}, False),
        ("1, 2,3", {"Type": "List<Number>", "MaxValue": 3}, True),
        ("1,2,4", {"Type": "List<Number>", "MaxValue": 3}, False),
        ("a,b", {"Type": "CommaDelimitedList", "AllowedValues": ["a", "b"]}, True),
    ],
)
def test_a_value_is_judged_as_cloudformation_judges_it(value: str, declaration: Declaration, fits: bool) -> None:  # noqa: FBT001 - a column of the table
    assert (violation("X", value, declaration) is None) is fits


@pytest.fixture
def infrastructure(tmp_path: Path) -> Path:
    shutil.copytree(INFRASTRUCTURE, tmp_path / "infrastructure")
    return tmp_path / "infrastructure"


def refused(infrastructure: Path, **options: Any) -> UsageError:  # noqa: ANN401 - passed on
    with pytest.raises(UsageError) as caught:
        read_sources(infrastructure, EnvironmentName.DEV, Layer.COMPUTE, **options)
    return caught.value


def test_our_own_files_fit_our_own_templates() -> None:
    for name in EnvironmentName:
        sources = read_sources(INFRASTRUCTURE, name, Layer.COMPUTE)
        assert sources.environment.name is name
        assert list(sources.layers) == list(Layer)
        assert read_environment(INFRASTRUCTURE, name, Layer.NETWORKING) == sources.environment


def test_an_unknown_parameter_suggests_the_nearest(infrastructure: Path) -> None:
    path = written(infrastructure, '{"InstanceTyp": "g5.xlarge"}')
    error = refused(infrastructure, parameters_file=path)
    assert (error.code, error.hint) == ("CFG015", "did you mean InstanceType?")
    assert error.what == f"cannot use {path}:1"


def test_a_mistyped_instance_type_suggests_the_nearest(infrastructure: Path) -> None:
    error = refused(infrastructure, overrides={"InstanceType": ("g5.xlrge", "--instance-type")})
    assert (error.code, error.hint, error.what) == ("CFG018", "did you mean g5.xlarge?", "cannot use --instance-type")


def test_a_value_outside_its_constraint_says_what_fits(infrastructure: Path) -> None:
    error = refused(infrastructure, overrides={"RootVolumeSize": ("5", "--storage-size")})
    assert error.code == "CFG016"
    assert "30 to 16384 GiB" in error.why


def test_another_environments_file_never_reaches_this_one(infrastructure: Path) -> None:
    error = refused(infrastructure, parameters_file=infrastructure / "parameters" / "compute-prod.json")
    assert error.code == "CFG016"
    assert "'prod'" in error.why


def test_layers_of_two_projects_do_not_mix(infrastructure: Path) -> None:
    path = infrastructure / "parameters" / "base-dev.json"
    path.write_text(path.read_text().replace('"semanticworld"', '"elsewhere"'))
    error = refused(infrastructure)
    assert (error.code, error.what.startswith(f"cannot use {path}:")) == ("CFG016", True)


def test_a_missing_file_leaves_the_templates_defaults(infrastructure: Path) -> None:
    (infrastructure / "parameters" / "compute-dev.json").unlink()
    sources = read_sources(infrastructure, EnvironmentName.DEV, Layer.COMPUTE)
    assert sources.layers[Layer.COMPUTE].parameters == {}
    assert sources.layers[Layer.COMPUTE].parameters_path is None


def test_templates_can_be_read_without_an_environment() -> None:
    assert read_templates(INFRASTRUCTURE, Layer.COMPUTE)[Layer.COMPUTE].declared >= {"InstanceType", "ImageId"}


def test_the_project_is_found_from_the_package_or_said_to_be_missing(tmp_path: Path) -> None:
    assert infrastructure_folder(INFRASTRUCTURE.parent / "src" / "semanticworld") == INFRASTRUCTURE
    with pytest.raises(UsageError) as caught:
        infrastructure_folder(tmp_path)
    assert caught.value.code == "CFG019"


@pytest.mark.parametrize("value", ["1e2", "100.5", "1_00", "\u0661\u0660\u0660", " 100", "1" * 5000, "NaN", "0x40"])
def test_a_count_takes_digits_and_nothing_else(value: str) -> None:
    declaration = {
        "Type": "Number",
        "Default": 50,
        "MinValue": 30,
        "MaxValue": 16384,
        "ConstraintDescription": "30 to 16384.",
    }
    said = violation("RootVolumeSize", value, declaration)
    assert said is not None
    assert "whole number" in said
    assert "30 to 16384." in said
    assert len(said) < 250


@pytest.mark.parametrize("value", ["0.5", "1e2", "-3", ".5"])
def test_a_number_that_counts_nothing_may_be_a_fraction(value: str) -> None:
    assert violation("Share", value, {"Type": "Number"}) is None
    assert violation("Share", value, {"Type": "Number", "Default": 0.5}) is None


def test_every_number_of_our_templates_is_a_count() -> None:
    for source in read_templates(INFRASTRUCTURE, Layer.COMPUTE).values():
        declared: Any = source.template["Parameters"]
        for name, declaration in declared.items():
            if declaration["Type"] == "Number":
                assert violation(name, "1e2", declaration), name
                assert violation(name, str(declaration["Default"]), declaration) is None, name


@pytest.mark.parametrize(
    ("text", "suffix", "line"),
    [
        ('[\n  {"ParameterKey": "A",\n   "ParameterValue": ' + "9" * 5000 + "}\n]", ".json", 3),
        ("A: '1'\nB: 'x\0y'\n", ".yaml", 2),
        ('{"A": "1",\n "B": "x\\u0000y"}', ".json", 2),
        ('{"A": "1",\n "B": "x\0y"}', ".json", 2),
        ("A: '1'\nB: " + "9" * 5000, ".yaml", 2),
    ],
)
def test_hostile_values_have_a_line_and_a_short_message(tmp_path: Path, text: str, suffix: str, line: int) -> None:
    path = written(tmp_path, text, suffix)
    with pytest.raises(UsageError) as wrong:
        read_parameters(path)
    assert f"{path}:{line}" in str(wrong.value)
    assert len(str(wrong.value)) + len(wrong.value.hint) < 400


def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    for path in (tmp_path / "pipe.json", tmp_path, Path("/dev/zero")):
        with pytest.raises(UsageError) as wrong:
            read_parameters(path)
        assert wrong.value.code == "CFG010"
        assert "not a regular file" in wrong.value.why
