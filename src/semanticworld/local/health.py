"""Is it there, and is it ours: the question every command asks first, so it costs a plain socket and nothing more."""

from __future__ import annotations

import json
import socket

HEALTH_PATH = "/_semanticworld/health"
_LONGEST_ANSWER_BYTES = 65_536


def ask(port: int, *, timeout_s: float = 2.0) -> dict[str, object] | None:
    """What the server on this loopback port says of itself; None when nobody answers or something else does."""
    request = f"GET {HEALTH_PATH} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=timeout_s) as connection:
            connection.settimeout(timeout_s)
            connection.sendall(request.encode())
            answer = b""
            while len(answer) < _LONGEST_ANSWER_BYTES and (piece := connection.recv(4096)):
                answer += piece
    except OSError:
        return None
    head, _, body = answer.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        return None
    try:
        values = json.loads(body)
    except ValueError:
        return None
    return values if isinstance(values, dict) and "identity" in values else None


def problems(port: int, identity: str, *, timeout_s: float = 2.0) -> tuple[str, ...]:
    """What the server with this identity finds wrong with itself now; nothing when it does not answer."""
    answer = ask(port, timeout_s=timeout_s)
    if answer is None or answer["identity"] != identity:
        return ()
    told = answer.get("problems")
    return tuple(str(problem) for problem in told) if isinstance(told, list) else ()


def is_identity(port: int, identity: str, *, timeout_s: float = 2.0) -> bool:
    """Whether the server with this identity, and no other process, answers on the port."""
    answer = ask(port, timeout_s=timeout_s)
    return answer is not None and answer["identity"] == identity
