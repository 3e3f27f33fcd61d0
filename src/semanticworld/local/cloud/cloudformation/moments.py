"""Moments as CloudFormation writes them."""

from __future__ import annotations

from datetime import datetime

from semanticworld.local.cloud.cloudformation.seam import responses


def now() -> datetime:
    """The cloud's time, aware, UTC."""
    return parse(responses.now_iso())


def parse(text: str) -> datetime:
    """An aware moment from `2026-11-23T13:00:00.000Z`."""
    return datetime.fromisoformat(text)
