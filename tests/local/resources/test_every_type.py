"""Every resource type of the templates is made by the pack, and documented."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
TEMPLATES = sorted((ROOT / "infrastructure").glob("*.yaml"))
COVERAGE = ROOT / "src" / "semanticworld" / "local" / "COVERAGE.md"
# Types that CloudFormation itself is, made by the engine.
OF_THE_ENGINE = {"AWS::CloudFormation::WaitCondition", "AWS::CloudFormation::WaitConditionHandle"}
ASK = """
import json
from semanticworld.local.environment import ministack_settings
import os
os.environ.update(ministack_settings())
from semanticworld.local import cloud
cloud.install()
from ministack.services.cloudformation import provisioners
print(json.dumps({
    name: {verb: getattr(entry.get(verb), "__module__", "") for verb in ("create", "update", "delete")}
    for name, entry in provisioners._RESOURCE_HANDLERS.items()
}))
"""


def resource_types() -> set[str]:
    texts = [path.read_text(encoding="utf-8") for path in TEMPLATES]
    after = [text.split("\nResources:", 1)[1] for text in texts]
    return {name for text in after for name in re.findall(r"^ {4}Type: (AWS::\S+)$", text, re.MULTILINE)}


@pytest.fixture(scope="module")
def handlers() -> dict[str, dict[str, str]]:
    done = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True)  # noqa: S603 - this Python, this text
    found: dict[str, dict[str, str]] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_the_three_templates_are_read() -> None:
    assert [path.stem for path in TEMPLATES] == [
        f"semanticworld-{layer}" for layer in ("base", "compute", "networking")
    ]
    assert len(resource_types()) > 25


def test_every_type_of_the_templates_is_made_changed_and_removed_by_the_pack(
    handlers: dict[str, dict[str, str]],
) -> None:
    wanted = resource_types() - OF_THE_ENGINE
    missing = {
        f"{name}.{verb}"
        for name in wanted
        for verb in ("create", "update", "delete")
        if not handlers.get(name, {}).get(verb, "").startswith("semanticworld.local.cloud.")
    }
    assert not missing


def test_every_type_stands_in_the_coverage(handlers: dict[str, dict[str, str]]) -> None:
    text = COVERAGE.read_text(encoding="utf-8")
    ours = {name for name, verbs in handlers.items() if verbs["create"].startswith("semanticworld.local.cloud.")}
    assert len(ours) > 35
    assert {name for name in ours if f"| {name} |" not in text} == set()
