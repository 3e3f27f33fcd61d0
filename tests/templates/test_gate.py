"""Every check holds in every world: four parameter files a layer, and each parameter changed once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from semanticworld.core.template import decide_conditions
from semanticworld.core.template.given import Given
from template_gate import CHECKS
from template_gate.worlds import LAYERS, World, all_worlds, template


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_holds_in_every_world(check: Callable[[World], Iterator[str]]) -> None:
    wrong = [(world.layer, world.name, text) for world in all_worlds() for text in check(world)]
    assert wrong == []


@pytest.mark.parametrize("layer", LAYERS)
def test_both_sides_of_every_condition_are_among_the_worlds(layer: str) -> None:
    body = template(layer)
    seen: dict[str, set[bool]] = {name: set() for name in body.get("Conditions", {})}
    for world in all_worlds():
        if world.layer == layer:
            for name, value in decide_conditions(body, Given(parameters=world.parameters)).items():
                seen[name].add(value)
    assert {name for name, values in seen.items() if values != {True, False}} == set()


def test_there_are_enough_worlds() -> None:
    counted = {layer: sum(1 for world in all_worlds() if world.layer == layer) for layer in LAYERS}
    assert all(count >= 20 for count in counted.values()), counted


def test_a_world_names_itself() -> None:
    assert len({(world.layer, world.name) for world in all_worlds()}) == len(all_worlds())


def test_the_dashboard_is_json_and_shows_the_metrics_that_alarms_watch() -> None:
    shown = [world.resources["DashboardOfNode"] for world in all_worlds() if "DashboardOfNode" in world.resources]
    bodies = [json.loads(dashboard["Properties"]["DashboardBody"]) for dashboard in shown]
    assert bodies
    assert all(name in json.dumps(body) for body in bodies for name in ("Heartbeat", "DiskUsedPercent", "GpuFailures"))
    assert all("${" not in json.dumps(body) for body in bodies)
