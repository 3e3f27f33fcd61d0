from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from semanticworld.local.keeper import Keeper
from semanticworld.local.snapshots import Snapshots


class FakeStores:
    """Stores whose content a test sets, and whose reading it can disturb."""

    def __init__(self) -> None:
        self.content: dict[str, Any] = {}
        self.restored: dict[str, Any] | None = None
        self.disturb: Callable[[], None] = lambda: None

    def read(self) -> dict[str, Any]:
        self.disturb()
        return self.content

    def replace(self, content: dict[str, Any]) -> tuple[str, ...]:
        self.restored = content
        return ("gone:_store",) if "gone:_store" in content else ()


@pytest.fixture
def stores() -> FakeStores:
    return FakeStores()


@pytest.fixture
def keeper(tmp_path: Path, stores: FakeStores) -> Keeper:
    return Keeper(snapshots=Snapshots(tmp_path), stores=stores)


def test_what_did_not_change_is_not_written_again(keeper: Keeper, stores: FakeStores, tmp_path: Path) -> None:
    stores.content = {"m:_a": {"x": 1}}
    assert asyncio.run(keeper.save())
    assert not asyncio.run(keeper.save())
    stores.content = {"m:_a": {"x": 2}}
    assert asyncio.run(keeper.save())
    assert len(list(tmp_path.glob("snapshot-*"))) == 2


def test_a_store_that_holds_no_data_costs_only_itself(keeper: Keeper, stores: FakeStores) -> None:
    stores.content = {"m:_locks": {"a": threading.Lock()}, "m:_data": {"x": 1}}
    assert asyncio.run(keeper.save())
    assert keeper.restore().number == 1
    assert stores.restored == {"m:_data": {"x": 1}}


def test_a_store_that_changes_under_the_saver_is_read_again(keeper: Keeper, stores: FakeStores) -> None:
    class Growing:
        """Adds to the dict that is being written, once."""

        def __reduce__(self) -> tuple[type[list[int]], tuple[()]]:
            if len(store) < 3:
                store["late"] = 1
            return list, ()

    store: dict[str, Any] = {"first": Growing(), "second": 2}
    stores.content = {"m:_a": store}
    assert asyncio.run(keeper.save())
    assert "late" in store


def test_a_store_without_a_place_is_told(keeper: Keeper, stores: FakeStores) -> None:
    stores.content = {"gone:_store": {}}
    asyncio.run(keeper.save())
    assert keeper.restore().problems == ("gone:_store has no place any more",)


def test_a_snapshot_that_cannot_be_restored_is_set_aside_for_the_one_before(
    keeper: Keeper, stores: FakeStores, tmp_path: Path
) -> None:
    stores.content = {"m:_a": 1}
    asyncio.run(keeper.save())
    Snapshots(tmp_path).save(b"no pickle", ())
    restored = keeper.restore()
    assert restored.number == 1
    assert restored.problems
    assert (tmp_path / "damaged").exists()
    assert stores.restored == {"m:_a": 1}
