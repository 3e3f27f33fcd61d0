"""What the adapters' tests share: the embedded cloud through our own calls, and a canned AWS that says what it is told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from semanticworld.aws.calls import Calls
from semanticworld.aws.session import Access

REGION = "eu-central-1"


@dataclass
class PatientClock:
    """A clock that moves only when somebody sleeps."""

    slept_s: list[float] = field(default_factory=list)
    start: datetime = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.start + timedelta(seconds=sum(self.slept_s))

    def monotonic(self) -> float:
        return sum(self.slept_s)

    def sleep(self, seconds: float) -> None:
        self.slept_s.append(seconds)


@dataclass
class CannedAws:
    """Answers in order; the last one again and again. Each is (status, headers, body)."""

    url: str
    answers: list[tuple[int, dict[str, str], bytes]]
    asked: list[dict[str, Any]] = field(default_factory=list)


@pytest.fixture(scope="session")
def cache_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def calls(cloud: Any, cache_home: Path) -> Calls:
    """Our calls into an empty account of the embedded cloud."""
    from semanticworld.system.clock import SystemClock

    access = Access(region=REGION, endpoint_url=cloud.endpoint_url, made_up_key=cloud.account)
    return Calls(access, clock=SystemClock(), environ={"XDG_CACHE_HOME": str(cache_home)})


@pytest.fixture
def canned() -> Iterator[CannedAws]:
    """An AWS on loopback that says what it is told."""
    state = CannedAws(url="", answers=[])

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            asked = parse_qs(self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode())
            state.asked.append({"headers": dict(self.headers), **{name: values[0] for name, values in asked.items()}})
            status, headers, body = state.answers.pop(0) if len(state.answers) > 1 else state.answers[0]
            self.send_response_only(status)
            for name, value in {"Content-Type": "text/xml", "Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01), daemon=True)
    thread.start()
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def canned_calls(canned: CannedAws, cache_home: Path) -> Callable[..., tuple[Calls, PatientClock]]:
    def make(**options: Any) -> tuple[Calls, PatientClock]:
        clock = PatientClock()
        access = Access(region=REGION, endpoint_url=canned.url, made_up_key="key")
        return Calls(access, clock=clock, environ={"XDG_CACHE_HOME": str(cache_home)}, **options), clock

    return make
