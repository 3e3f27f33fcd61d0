"""Parameter files fit their templates, differ as the environments do, and are CloudFormation's own format."""

from __future__ import annotations

import json

import pytest

from semanticworld.core.template import Given, broken_rules, check_parameters
from template_gate.worlds import ENVIRONMENTS, LAYERS, ROOT, parameter_file, template

FILES = [(layer, environment) for layer in LAYERS for environment in ENVIRONMENTS]


@pytest.mark.parametrize(("layer", "environment"), FILES)
def test_a_file_fits_its_template(layer: str, environment: str) -> None:
    values = parameter_file(layer, environment)
    assert check_parameters(template(layer), values) == {}
    assert broken_rules(template(layer), Given(parameters=values)) == ()
    assert values["Environment"] == environment


@pytest.mark.parametrize(("layer", "environment"), FILES)
def test_a_file_is_cloudformations_own_format(layer: str, environment: str) -> None:
    rows = json.loads((ROOT / "infrastructure" / "parameters" / f"{layer}-{environment}.json").read_text())
    assert all(set(row) == {"ParameterKey", "ParameterValue"} for row in rows)
    assert all(isinstance(row["ParameterValue"], str) for row in rows)
    assert len({row["ParameterKey"] for row in rows}) == len(rows)


def test_test_is_small_and_prod_is_safe() -> None:
    test, prod = parameter_file("compute", "test"), parameter_file("compute", "prod")
    assert (test["InstanceType"], test["GpuAlarm"]) == ("t3.medium", "false")
    assert (prod["TerminationProtection"], int(prod["DataVolumeSize"]) > 0) == ("true", True)
    assert parameter_file("compute", "dev")["InstanceType"] == "g4dn.xlarge"
    assert parameter_file("networking", "prod")["NatGateways"] == "2"
    kept = {environment: int(parameter_file("base", environment)["LogRetentionDays"]) for environment in ENVIRONMENTS}
    assert kept["test"] < kept["dev"] < kept["staging"] < kept["prod"]
    assert int(parameter_file("base", "prod")["SnapshotsKept"]) > 0


def test_environments_have_ranges_that_can_be_peered() -> None:
    ranges = [parameter_file("networking", environment)["VpcCidr"] for environment in ENVIRONMENTS]
    assert len(set(ranges)) == len(ranges)


def test_the_image_is_chosen_in_the_file_and_pinned_by_the_tool() -> None:
    for environment in ENVIRONMENTS:
        text = (ROOT / "infrastructure" / "parameters" / f"compute-{environment}.json").read_text()
        assert "ImageId" not in text
        assert '"Image"' in text


@pytest.mark.parametrize(
    ("layer", "name", "value"),
    [
        ("networking", "VpcCidr", "8.8.0.0/16"),
        ("networking", "VpcCidr", "10.0.0.0/8"),
        ("networking", "VpcCidr", "10.300.0.0/16"),
        ("networking", "NatGateways", "3"),
        ("networking", "ProjectName", "Über"),
        ("networking", "ProjectName", "a; rm -rf /"),
        ("networking", "Owner", "<script>"),
        ("base", "AlertEmail", "nobody"),
        ("base", "BastionSecurityGroup", "sg-xyz"),
        ("base", "IngressPort1", "70000"),
        ("base", "IngressPort1", "65536"),
        ("base", "IngressPort1", "022"),
        ("base", "IngressPort1", "22.0"),
        ("base", "IngressPort1", "NaN"),
        ("base", "MonthlyBudget", "-1"),
        ("base", "NodeEgressAddresses", "198.51.100.7/32, 0.0.0.0/0"),
        ("base", "SnapshotTime", "24:00"),
        ("compute", "ImageId", "ami-XYZ"),
        ("compute", "Image", "windows"),
        ("compute", "InstanceType", "g4dn"),
        ("compute", "InstanceType", "g4dn.huge"),
        ("compute", "RootVolumeSize", "8"),
        ("compute", "RootVolumeSize", "fifty"),
        ("compute", "TerminationProtection", "yes"),
        ("compute", "NoSuchParameter", "1"),
    ],
)
def test_a_value_outside_its_constraint_is_refused(layer: str, name: str, value: str) -> None:
    wrong = check_parameters(template(layer), {**parameter_file(layer, "dev"), name: value})
    assert set(wrong) == {name}


@pytest.mark.parametrize(
    "instance_type",
    ["t3.medium", "g4dn.xlarge", "g4dn.metal", "g5g.16xlarge", "g6e.48xlarge", "gr6.4xlarge", "p4de.24xlarge", "p5en.48xlarge",
     "p6-b200.48xlarge", "p6e-gb200.36xlarge", "m7i.metal-24xl", "c7g.large", "u-6tb1.metal", "trn1.2xlarge"],
)  # fmt: skip
def test_any_current_type_is_allowed(instance_type: str) -> None:
    values = {**parameter_file("compute", "dev"), "InstanceType": instance_type}
    assert check_parameters(template("compute"), values) == {}


@pytest.mark.parametrize(
    ("layer", "change", "words"),
    [
        ("networking", {"NatGateways": "0"}, "InterfaceEndpoints must be all"),
        ("networking", {"NatGateways": "0", "InterfaceEndpoints": "sessions"}, "InterfaceEndpoints must be all"),
        ("networking", {"AvailabilityZone1": "eu-central-1a"}, "two different zones"),
        (
            "networking",
            {"AvailabilityZone1": "eu-central-1a", "AvailabilityZone2": "eu-central-1a"},
            "two different zones",
        ),
        ("base", {"IngressPort2": "22"}, "must not be 22"),
        ("base", {"IngressPort3": "3389"}, "must not be 22"),
        ("compute", {"DataVolumeIops": "6000"}, "there is no data volume"),
    ],
)
def test_rules_refuse_what_does_not_go_together(layer: str, change: dict[str, str], words: str) -> None:
    (broken,) = broken_rules(template(layer), Given(parameters={**parameter_file(layer, "dev"), **change}))
    assert words in broken
