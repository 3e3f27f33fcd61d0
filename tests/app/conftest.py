"""A world of fakes with nothing in it, and one in which dev stands."""

from __future__ import annotations

import pytest

from fakes.creating import make
from fakes.world import Stage


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def standing(stage: Stage) -> Stage:
    make(stage)
    stage.stacks.changed.clear()
    return stage
