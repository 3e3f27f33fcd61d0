"""What a failed call says of itself: code, words, status, and whether another try may help."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from botocore import exceptions as boto

from semanticworld.aws import codes

CONNECTION = (boto.ConnectionError, boto.HTTPClientError, boto.IncompleteReadError)
"""No answer, or half of one."""


def error_code(exception: boto.ClientError) -> str:
    """AWS's own error code, or an empty string."""
    return str(exception.response.get("Error", {}).get("Code", ""))


def error_message(exception: boto.ClientError) -> str:
    """AWS's own words."""
    return str(exception.response.get("Error", {}).get("Message", ""))


def status_of(exception: boto.ClientError) -> int:
    """The HTTP status of the answer, 0 when there is none."""
    return int(metadata_of(exception).get("HTTPStatusCode", 0))


def is_throttled(exception: boto.ClientError) -> bool:
    """Whether AWS asks us to come back later (a quota that is used up is not that)."""
    code = error_code(exception)
    if code == "LimitExceededException":
        return status_of(exception) == 429  # noqa: PLR2004 - HTTP: too many requests
    return code in codes.THROTTLED


def is_passing(exception: Exception) -> bool:
    """Whether the same call may work later: throttling, a fault at AWS, a connection that broke."""
    if isinstance(exception, boto.ClientError):
        return is_throttled(exception) or error_code(exception) in codes.PASSING or status_of(exception) >= 500  # noqa: PLR2004
    return isinstance(exception, CONNECTION) and not isinstance(exception, boto.SSLError)


def metadata_of(exception: boto.ClientError) -> Any:  # noqa: ANN401 - botocore's own untyped mapping
    """What botocore says of the answer itself: status, headers, request id."""
    return exception.response.get("ResponseMetadata", {})


def request_id(exception: boto.ClientError) -> str | None:
    """The request's id, for AWS's support."""
    found = metadata_of(exception).get("RequestId")
    return str(found) if found else None


def clock_skew(exception: boto.ClientError, *, now: datetime) -> timedelta | None:
    """How far our clock is ahead of AWS's, by the Date header of its answer; None when there is none to read."""
    stamp = metadata_of(exception).get("HTTPHeaders", {}).get("date")
    try:
        told = parsedate_to_datetime(stamp) if stamp else None
    except ValueError:
        return None
    if told is None:
        return None
    return now - (told.replace(tzinfo=UTC) if told.tzinfo is None else told)
