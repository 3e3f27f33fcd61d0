"""The next command leads to the same place, with what shapes its result, and without secrets."""

from __future__ import annotations

import pytest

from semanticworld.cli.programs import COMPUTE, NETWORKING
from semanticworld.cli.spoken import spoken_words
from semanticworld.core.commands import Subject
from semanticworld.model.environment import Environment, EnvironmentName, Layer
from semanticworld.model.spoken import Spoken
from stage import Stage

DEV = Environment(name=EnvironmentName.DEV)
SAID = spoken_words(
    COMPUTE.script,
    "create",
    {
        "--region": "eu-west-1",
        "--endpoint-url": "https://me:secret@cloud.test:4566/x",
        "--instance-type": "g5.xlarge",
        "--parameters": "my files/dev.json",
        "--timeout": "10m",
    },
)


def subject(layer: Layer = Layer.COMPUTE, spoken: Spoken = SAID, *, local: bool = False) -> Subject:
    return Subject(environment=DEV, layer=layer, local=local, spoken=spoken)


def test_the_same_command_again_carries_what_shapes_it_and_no_secret() -> None:
    assert subject().command("create") == (
        "./manage-compute.sh create dev --parameters 'my files/dev.json' --instance-type g5.xlarge"
        " --region eu-west-1 --endpoint-url 'https://***@cloud.test:4566/x'"
    )


def test_another_verb_carries_the_place_and_the_file_only() -> None:
    assert subject().command("status") == (
        "./manage-compute.sh status dev --parameters 'my files/dev.json'"
        " --region eu-west-1 --endpoint-url 'https://***@cloud.test:4566/x'"
    )


def test_the_other_layers_script_carries_the_place_only() -> None:
    line = subject().of(Layer.NETWORKING).command("create")
    assert line == "./manage-networking.sh create dev --region eu-west-1 --endpoint-url 'https://***@cloud.test:4566/x'"


def test_what_the_hint_says_itself_is_not_said_twice() -> None:
    assert subject().command("create", "--instance-type", "t3.medium").count("--instance-type") == 1


@pytest.mark.parametrize("said", ["--local", "--region eu-west-1", "--local --region eu-west-1", "--profile ml"])
def test_the_answer_of_a_command_leads_to_the_same_place(stage: Stage, said: str) -> None:
    assert f"./manage-compute.sh status dev {said}, or" in stage.run("create", "dev", *said.split()).out


def test_local_is_told_by_itself() -> None:
    assert spoken_words(NETWORKING.script, "delete", {"--local": True, "--profile": "ml"}).connection == (
        ("--profile", "ml"),
    )


def test_a_missing_environment_is_suggested_with_the_same_place(stage: Stage) -> None:
    assert "./manage-compute.sh create dev --local" in stage.run("create", "--local").err
