"""Seconds for a node, minutes for an environment, by published durations per resource type."""

from __future__ import annotations

import pytest

from semanticworld.core.critical_path import Operation, critical_path
from semanticworld.core.resource_durations import DURATIONS
from semanticworld.core.template import Given
from template_gate.worlds import ENVIRONMENTS, LAYERS, all_worlds, parameter_file, template


def seconds(layer: str, environment: str, operation: Operation) -> int:
    return critical_path(template(layer), Given(parameters=parameter_file(layer, environment)), operation).seconds


def test_a_node_comes_in_45_seconds_and_goes_in_30_whatever_the_parameters() -> None:
    worlds = [world for world in all_worlds() if world.layer == "compute"]
    given = [(world.name, Given(parameters=world.parameters)) for world in worlds]
    slow = [name for name, g in given if critical_path(template("compute"), g, Operation.CREATE).seconds >= 45]
    late = [name for name, g in given if critical_path(template("compute"), g, Operation.DELETE).seconds >= 30]
    assert (slow, late) == ([], [])


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_whole_first_create_is_under_10_minutes_and_the_whole_teardown_under_5(environment: str) -> None:
    assert sum(seconds(layer, environment, Operation.CREATE) for layer in LAYERS) < 600
    assert sum(seconds(layer, environment, Operation.DELETE) for layer in LAYERS) < 300


def test_no_node_waits_for_a_profile_or_a_gateway() -> None:
    used = {
        str(r["Type"]) for world in all_worlds() if world.layer == "compute" for r in world.resolved.resources.values()
    }
    assert not {name for name in used if DURATIONS[name].create_s > 20}


def test_every_type_in_use_has_a_figure() -> None:
    used = {str(resource["Type"]) for world in all_worlds() for resource in world.resolved.resources.values()}
    assert used == set(DURATIONS)
