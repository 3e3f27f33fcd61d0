from __future__ import annotations

import pytest

from semanticworld.config.endpoint import why_no_endpoint
from semanticworld.core.endpoint import masked


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:4566", "https://example.com", "http://[::1]:80/x", "https://me:secret@example.com/"]
)
def test_an_address_is_taken(url: str) -> None:
    assert why_no_endpoint(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "",
        "no url",
        "ftp://x",
        "http://",
        "http://[::1",
        "http://127.0.0.1:99999",
        "http://x:0",
        "http://x:y",
        "http://a b",
    ],
)
def test_anything_else_has_a_reason(url: str) -> None:
    assert why_no_endpoint(url)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("at http://me:se@cret@host:1/x?", "at http://***@host:1/x?"),
        ("https://token@host", "https://***@host"),
        ("http://host/a@b", "http://host/a@b"),
        ("http://host/?user=a@b", "http://host/?user=a@b"),
    ],
)
def test_credentials_are_hidden_wherever_the_url_stands(text: str, shown: str) -> None:
    assert masked(text) == shown
