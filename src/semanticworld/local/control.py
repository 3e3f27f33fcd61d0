"""The client's side of the control API: loopback only, with the token from the server's record."""

from __future__ import annotations

import http.client
import json
from typing import Any

from semanticworld.errors import Refused
from semanticworld.local.record import Record

CONTROL_PATH = "/_semanticworld/control"
_TIMEOUT_S = 30.0


def ask(record: Record, do: str, *, timeout_s: float = _TIMEOUT_S, **values: object) -> dict[str, Any]:
    """The server's answer to one thing to do.

    Raises:
        Refused: LOC004 when it does not answer, or says no.

    """
    body = json.dumps({"do": do, **values})
    headers = {"content-type": "application/json", "x-semanticworld-token": record.token}
    connection = http.client.HTTPConnection("127.0.0.1", record.port, timeout=timeout_s)
    try:
        connection.request("POST", CONTROL_PATH, body=body, headers=headers)
        answer = connection.getresponse()
        content = answer.read()
    except (OSError, http.client.HTTPException) as wrong:
        raise refused(f"no answer from {record.endpoint_url}: {wrong}") from wrong
    finally:
        connection.close()
    try:
        answered: dict[str, Any] = json.loads(content)
    except ValueError as wrong:
        raise refused(f"no JSON in the answer (HTTP {answer.status})") from wrong
    if answer.status != http.HTTPStatus.OK:
        raise refused(str(answered.get("error", f"HTTP {answer.status}")))
    return answered


def refused(why: str) -> Refused:
    """The refusal of a thing to do, for this reason."""
    return Refused(
        "The embedded cloud did not do it",
        why=why,
        hint="`local status` tells whether it runs; `local stop` and `local start` give it a fresh start",
        code="LOC004",
    )
