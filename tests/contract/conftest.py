"""What the adapters' tests share: our calls into the embedded cloud, and into an AWS that says what it is told."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from canned_aws import CannedWorld, PatientClock, canned_aws
from semanticworld.aws.calls import Calls
from semanticworld.aws.session import Access
from semanticworld.local.folder import Folder
from semanticworld.local.record import Record
from semanticworld.system.clock import SystemClock

REGION = "eu-central-1"
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def cache_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def calls(embedded: tuple[Folder, Record], cache_home: Path) -> Calls:
    """Our calls into an empty account of the embedded cloud (an access key of 12 digits is its own account)."""
    account = f"7{os.getpid() % 100_000:05d}{next(_numbers):06d}"
    access = Access(region=REGION, endpoint_url=embedded[1].endpoint_url, made_up_key=account)
    return Calls(access, clock=SystemClock(), environ={"XDG_CACHE_HOME": str(cache_home)})


@pytest.fixture
def canned(cache_home: Path) -> Iterator[CannedWorld]:
    """Our calls into the canned AWS, with two attempts each and two seconds of patience."""
    clock = PatientClock()
    with canned_aws() as aws:
        access = Access(region=REGION, endpoint_url=aws.url, made_up_key="key")
        environ = {"XDG_CACHE_HOME": str(cache_home)}
        yield CannedWorld(
            aws=aws, clock=clock, calls=Calls(access, clock=clock, environ=environ, patience_s=2.0, attempts=2)
        )
