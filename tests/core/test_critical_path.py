"""The critical path is the longest chain, forwards to create and backwards to delete."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from semanticworld.core.critical_path import Operation, critical_path
from semanticworld.core.resource_durations import UNKNOWN, Duration
from semanticworld.core.template import Given
from semanticworld.errors import UsageError

DURATIONS = {
    name: Duration(create_s=seconds, delete_s=seconds * 2) for name, seconds in zip("STUV", (1, 5, 10, 3), strict=True)
}
Graph = dict[str, tuple[str, list[str]]]


def template(graph: Graph, **more: dict[str, str]) -> dict[str, object]:
    resources = {
        name: {"Type": kind, "DependsOn": others, **more.get(name, {})} for name, (kind, others) in graph.items()
    }
    return {"Resources": resources}


def path(body: dict[str, object], operation: Operation = Operation.CREATE) -> tuple[int, list[str]]:
    found = critical_path(body, Given(), operation, durations=DURATIONS)
    return found.seconds, [step.logical_id for step in found.steps]


DIAMOND: Graph = {"A": ("S", []), "B": ("T", ["A"]), "C": ("U", ["A"]), "D": ("V", ["B", "C"]), "E": ("T", [])}


def test_the_longest_chain_decides() -> None:
    assert path(template(DIAMOND)) == (14, ["A", "C", "D"])


def test_deleting_goes_backwards() -> None:
    assert path(template(DIAMOND), Operation.DELETE) == (28, ["D", "C", "A"])


def test_what_is_kept_is_not_waited_for() -> None:
    body = template(DIAMOND, C={"DeletionPolicy": "Retain"})
    assert path(body, Operation.DELETE) == (18, ["D", "B", "A"])
    assert path(body) == (14, ["A", "C", "D"])


def test_an_unknown_type_counts_as_slow() -> None:
    assert path(template({"A": ("AWS::New::Thing", [])})) == (UNKNOWN.create_s, ["A"])


def test_a_circle_is_named() -> None:
    with pytest.raises(UsageError, match="wait for each other"):
        path(template({"A": ("S", ["B"]), "B": ("S", ["A"])}))


def test_no_resources_take_no_time() -> None:
    assert path(
        {"Conditions": {"No": {"Fn::Equals": ["a", "b"]}}, "Resources": {"A": {"Type": "S", "Condition": "No"}}}
    ) == (0, [])


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    names = [f"N{i}" for i in range(draw(st.integers(1, 6)))]
    return {
        name: (draw(st.sampled_from("STUV")), draw(st.lists(st.sampled_from(names[:i]), unique=True)) if i else [])
        for i, name in enumerate(names)
    }


@settings(max_examples=80, deadline=None)
@given(graphs())
def test_no_chain_is_longer(graph: Graph) -> None:
    def is_chain(names: tuple[str, ...]) -> bool:
        return all(before in graph[after][1] for before, after in itertools.pairwise(names))

    chains = (
        names for size in range(1, len(graph) + 1) for names in itertools.combinations(graph, size) if is_chain(names)
    )
    longest = max(sum(DURATIONS[graph[name][0]].create_s for name in names) for names in chains)
    seconds, steps = path(template(graph))
    assert seconds == longest
    assert is_chain(tuple(steps))
    assert path(template(graph), Operation.DELETE)[0] == longest * 2
