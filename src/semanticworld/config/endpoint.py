"""Which texts are the address of an API."""

from __future__ import annotations

from urllib.parse import urlsplit


def why_no_endpoint(url: str) -> str | None:
    """Why the text is no address of an API; None when it is one."""
    if not url.startswith(("https://", "http://")):
        return "an endpoint is a URL with http:// or https://"
    if not url.isascii() or any(character.isspace() or not character.isprintable() for character in url):
        return "a URL holds neither spaces nor characters beyond ASCII"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        return str(error)
    if not parts.hostname:
        return "the name of the host is missing"
    return "port 0 cannot be called" if port == 0 else None
