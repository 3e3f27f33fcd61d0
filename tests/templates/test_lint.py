"""cfn-lint finds nothing at its strictest, in the regions people use most."""

from __future__ import annotations

import pytest
from cfnlint.api import ManualArgs, lint

from semanticworld.config.template import MAX_INLINE_BYTES
from template_gate.worlds import LAYERS, ROOT


@pytest.mark.parametrize("layer", LAYERS)
def test_cfn_lint_finds_nothing(layer: str) -> None:
    text = (ROOT / "infrastructure" / f"semanticworld-{layer}.yaml").read_text()
    config = ManualArgs(include_checks=["I"], regions=["eu-central-1", "us-east-1", "us-west-2"])
    assert [str(match) for match in lint(text, config=config)] == []


@pytest.mark.parametrize("layer", LAYERS)
def test_a_template_is_small_enough_to_be_sent_in_a_request(layer: str) -> None:
    size = (ROOT / "infrastructure" / f"semanticworld-{layer}.yaml").stat().st_size
    assert size < MAX_INLINE_BYTES * 0.8
