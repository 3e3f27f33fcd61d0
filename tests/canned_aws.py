"""A clock that moves only when somebody sleeps, and an AWS on loopback that says what it is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from semanticworld.aws.calls import Calls

START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@dataclass
class PatientClock:
    """Time passes in sleep and nowhere else."""

    slept_s: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return START + timedelta(seconds=sum(self.slept_s))

    def monotonic(self) -> float:
        return sum(self.slept_s)

    def sleep(self, seconds: float) -> None:
        self.slept_s.append(seconds)


@dataclass
class CannedAws:
    """Answers (status, body) in order, the last one again and again; keeps what it was asked."""

    url: str = ""
    answers: list[tuple[int, bytes]] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class CannedWorld:
    """Our calls, the AWS they reach and the clock they look at."""

    aws: CannedAws
    calls: Calls
    clock: PatientClock


@contextmanager
def canned_aws() -> Iterator[CannedAws]:
    """The AWS, listening."""
    state = CannedAws()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            asked = parse_qs(self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode())
            state.asked.append({name: values[0] for name, values in asked.items()})
            state.headers.append(dict(self.headers))
            status, body = state.answers.pop(0) if len(state.answers) > 1 else state.answers[0]
            self.send_response_only(status)
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(body)))
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
