"""Who may ask at all: this machine's programs, and no web page in this machine's browser.

The embedded cloud runs user data, so a page that could post to it could run programs here. A page can reach loopback in
two ways: by posting across sites (the browser then says Origin or Sec-Fetch-Site), or by DNS rebinding (the Host is then
a name of the page's own).
"""

from __future__ import annotations

from collections.abc import Mapping

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
# A node reaches the cloud under AWS's own names; buckets may stand in front of `localhost`.
_SUFFIXES = (".localhost", ".amazonaws.com", ".amazonaws.com.cn", ".api.aws")
_CLOSED_PREFIXES = ("/_ministack/", "/_localstack/")
# Where wait conditions and custom resources answer CloudFormation; the token in the path is the permission.
_ANSWER_PREFIXES = ("/_ministack/cfn-signal/", "/_ministack/cfn-response/")


def refusal(path: str, headers: Mapping[str, str]) -> str | None:
    """Why this request is not let in; None when it may come."""
    if not is_known_host(headers.get("host", "")):
        return "this host name is not the embedded cloud's"
    if "origin" in headers or headers.get("sec-fetch-site", "none") != "none":
        return "web pages may not use the embedded cloud"
    if path.startswith(_CLOSED_PREFIXES) and not path.startswith(_ANSWER_PREFIXES):
        return "ministack's own administration is closed; use the local commands"
    return None


def is_known_host(host: str) -> bool:
    """Whether a Host header names this machine, or AWS as nodes know it."""
    name = _without_port(host)
    return name in _LOOPBACK or name.endswith(_SUFFIXES)


def is_loopback_host(host: str) -> bool:
    """Whether a Host header names this machine and nothing else."""
    return _without_port(host) in _LOOPBACK


def _without_port(host: str) -> str:
    name, colon, port = host.lower().rpartition(":")
    return name if colon and port.isdigit() else host.lower()
