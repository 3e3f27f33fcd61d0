"""What XML 1.0 can carry: every XML answer of the cloud passes here, so that no odd character makes one unreadable.

Source: Extensible Markup Language (XML) 1.0, fifth edition, section 2.2, Characters.
"""

from __future__ import annotations

import re

from semanticworld.local.asgi import App, Message, Receive, Scope, Send

_RAW = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xed[\xa0-\xbf][\x80-\xbf]|\xef\xbf[\xbe\xbf]")
_REFERENCE = re.compile(rb"&#(x[0-9a-fA-F]{1,6}|[0-9]{1,7});")
_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def is_legal(text: str) -> bool:
    """Whether XML 1.0 can carry every character of the text."""
    return _TEXT.search(text) is None


def legal(document: bytes) -> bytes:
    """The document without the characters that XML 1.0 cannot carry, not even as a reference."""
    return _REFERENCE.sub(_kept, _RAW.sub(b"", document))


def _kept(reference: re.Match[bytes]) -> bytes:
    digits = reference[1]
    number = int(digits[1:], 16) if digits.startswith(b"x") else int(digits)
    return reference[0] if number <= 0x10FFFF and is_legal(chr(number)) else b""  # noqa: PLR2004 - Unicode's last


def legal_xml(inner: App) -> App:
    """The app, whose XML answers can always be read. What somebody stored in a bucket is his own and left alone."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        start: Message | None = None
        body = b""

        async def check(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and _is_answer_in_xml(message):
                start = message
            elif start is None or message["type"] != "http.response.body":
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body"):
                    await send(_sized(start, body := legal(body)))
                    await send({"type": "http.response.body", "body": body})

        await inner(scope, receive, check)

    return app


def _is_answer_in_xml(start: Message) -> bool:
    headers = {bytes(name).lower(): bytes(value).lower() for name, value in start.get("headers", [])}
    return b"xml" in headers.get(b"content-type", b"") and b"etag" not in headers


def _sized(start: Message, body: bytes) -> Message:
    """The start of an answer with the length that its body has now. An answer without one (HEAD, 204) keeps what it says."""
    if not body:
        return start
    kept = [(name, value) for name, value in start["headers"] if bytes(name).lower() != b"content-length"]
    return {**start, "headers": [*kept, (b"content-length", str(len(body)).encode())]}
