from __future__ import annotations

import time
from pathlib import Path

from semanticworld.config.cache import Cache
from semanticworld.config.lint import lint
from semanticworld.model.finding import Outcome

BROKEN = "Resources:\n  Bucket:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketNam: x\n"


def test_a_complaint_is_a_finding_with_its_line_and_remembered(tmp_path: Path) -> None:
    path, cache = tmp_path / "t.yaml", Cache(folder=tmp_path / "cache")
    path.write_text(BROKEN)
    first = lint(path, cache)
    assert [(item.outcome, item.evidence) for item in first] == [(Outcome.FAIL, "t.yaml:5")]
    started = time.monotonic()
    assert lint(path, cache) == first
    assert time.monotonic() - started < 0.5


def test_a_changed_template_is_judged_anew(tmp_path: Path) -> None:
    path, cache = tmp_path / "t.yaml", Cache(folder=tmp_path / "cache")
    path.write_text(BROKEN)
    lint(path, cache)
    path.write_text(BROKEN.replace("BucketNam: x", "BucketName: a-good-name"))
    assert [item.outcome for item in lint(path, cache)] == [Outcome.PASS]


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    cache = Cache(folder=blocked / "cache")
    cache.put("kind", "content", "answer")
    assert cache.get("kind", "content") is None
    assert Cache.of_user({"XDG_CACHE_HOME": str(tmp_path)}).folder == Path(tmp_path) / "semanticworld"
