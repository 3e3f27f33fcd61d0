"""A template is read once: what is remembered is what the file says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from semanticworld.config.cache import Cache
from semanticworld.config.declarations import declared_in

TEMPLATE = """
Parameters:
  Size: { Type: Number, Default: 50 }
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties: { BucketName: !Sub "data-${Size}" }
"""


def test_the_remembered_template_is_the_read_one_and_a_changed_file_is_read_again(tmp_path: Path) -> None:
    path, cache = tmp_path / "template.yaml", Cache(folder=tmp_path / "cache")
    path.write_text(TEMPLATE)
    first = declared_in(path, cache)
    assert first.parameters == {"Size": {"Type": "Number", "Default": 50}}
    assert declared_in(path, cache) == first
    path.write_text(TEMPLATE.replace("50", "60"))
    assert declared_in(path, cache).parameters["Size"]["Default"] == 60


def test_a_known_template_costs_no_yaml(tmp_path: Path) -> None:
    path, folder = tmp_path / "template.yaml", tmp_path / "cache"
    path.write_text(TEMPLATE)
    declared_in(path, Cache(folder=folder))
    program = (
        "import sys; from pathlib import Path; from semanticworld.config.cache import Cache; "
        "from semanticworld.config.declarations import declared_in; "
        "declared_in(Path(sys.argv[1]), Cache(folder=Path(sys.argv[2]))); print('yaml' in sys.modules)"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", program, str(path), str(folder)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"
