"""The server's vow: it opens no connection that leaves this machine, whatever ministack or a template asks for.

Python's audit events see every connect and every name look-up of the process, and cannot be removed again.
"""

from __future__ import annotations

import ipaddress
import sys

_LOCAL_NAMES = frozenset({"", "localhost", "ip6-localhost", "localhost.localdomain"})


def is_local(host: object) -> bool:
    """Whether a host, as given to the socket functions, is this machine."""
    if host is None:
        return True
    name = host.decode("idna", "replace") if isinstance(host, bytes | bytearray) else str(host)
    if name.lower() in _LOCAL_NAMES or name.lower().endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name.split("%", 1)[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def guard(event: str, arguments: tuple[object, ...]) -> None:
    """Raise PermissionError for an event that would leave this machine."""
    if event == "socket.connect":
        address = arguments[1]
        if isinstance(address, tuple) and not is_local(address[0]):
            raise PermissionError(f"the embedded cloud connects nowhere outside this machine: {address[0]!r}")
    elif event == "socket.getaddrinfo" and not is_local(arguments[0]):
        raise PermissionError(f"the embedded cloud looks no name up outside this machine: {arguments[0]!r}")


def forbid_outside_connections() -> None:
    """Hold this process to the vow for the rest of its life."""
    sys.addaudithook(guard)
