"""What a refusal for lack of permission says: who may not do what, on what, and because of which policy."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

_SENTENCE = re.compile(
    r"User: (?P<who>\S+) is not authorized to perform: (?P<action>[\w*:-]+)"
    r"(?: on resource: (?P<resource>\S+))?"
    r"(?: (?P<because>because .+?|with an explicit deny.*?))?"
    r"(?:\.? *Encoded authorization failure message: .*)?$",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """A refusal, read: `resource` and `because` are None when AWS did not say."""

    who: str
    action: str
    resource: str | None
    because: str | None

    @property
    def explicit(self) -> bool:
        """True when some policy forbids it, so that allowing it elsewhere will not help."""
        return self.because is not None and "explicit deny" in self.because

    @property
    def statement(self) -> str:
        """The missing IAM statement as one line of JSON."""
        return json.dumps({"Effect": "Allow", "Action": self.action, "Resource": self.resource or "*"})


def read_denial(message: str) -> Denial | None:
    """The refusal, or None for texts of another shape (such as EC2's old "You are not authorized to ...").

    Source: "Troubleshoot access denied error messages", IAM User Guide.
    """
    match = _SENTENCE.search(message.strip())
    if match is None:
        return None
    because = match["because"]
    return Denial(
        who=match["who"],
        action=match["action"],
        resource=match["resource"].rstrip(".,") if match["resource"] else None,
        because=because.strip().rstrip(".") if because else None,
    )


def without_encoded_part(message: str) -> str:
    """The message without the encoded authorization failure message: hundreds of characters that nobody can read."""
    return message.partition("Encoded authorization failure message:")[0].strip()
