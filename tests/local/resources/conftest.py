"""Small stacks on the embedded cloud, each in an account of its own."""

from __future__ import annotations

import pytest

from small_stacks import Stacks, World


@pytest.fixture
def stacks(cloud: World) -> Stacks:
    return Stacks(world=cloud)
