"""Buckets, versioned ones above all: what is in them, and how they are emptied and deleted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from semanticworld.aws import codes
from semanticworld.aws.calls import Calls, answered
from semanticworld.errors import AwsAnswer, AwsError

OWN_PREFIXES = ("semanticworld/",)
"""Where this tool keeps its own artifacts in an environment's bucket; anything else is somebody's work."""
SHOWN_KEYS = 20
_BATCH = 1000
"""The most that DeleteObjects takes. Source: S3 API Reference, DeleteObjects."""
_SIZED_PAGES = 20
"""Listing more than 20,000 versions to know a size would take longer than the size is worth."""
_GIB = Decimal(1024**3)


def contents(calls: Calls, name: str) -> tuple[int, Sequence[str]]:
    """How many object versions (delete markers too) there are, and up to 20 keys that are not our own artifacts."""
    count = 0
    foreign: dict[str, None] = {}
    for told in _entries(calls, name):
        count += 1
        if len(foreign) < SHOWN_KEYS and not told["Key"].startswith(OWN_PREFIXES):
            foreign[told["Key"]] = None
    return count, tuple(foreign)


def size_gib(calls: Calls, name: str) -> Decimal | None:
    """The size of all versions in GiB, or None when there are too many to add up or the bucket cannot be read."""
    total = 0
    try:
        for number, page in enumerate(calls.pages("s3", "ListObjectVersions", Bucket=name)):
            if number >= _SIZED_PAGES:
                return None
            total += sum(int(told.get("Size", 0)) for told in page.get("Versions", ()))
    except AwsError:
        return None
    return Decimal(total) / _GIB


def empty(calls: Calls, name: str) -> None:
    """Deletes every version, delete marker and incomplete upload; a missing bucket is no error."""
    batch: list[dict[str, str]] = []
    for told in _entries(calls, name):
        batch.append({"Key": told["Key"], "VersionId": told["VersionId"]})
        if len(batch) == _BATCH:
            _delete(calls, name, batch)
            batch = []
    if batch:
        _delete(calls, name, batch)
    try:
        for told in calls.items("s3", "ListMultipartUploads", "Uploads", Bucket=name):
            _unless_missing(calls, "AbortMultipartUpload", Bucket=name, Key=told["Key"], UploadId=told["UploadId"])
    except AwsError as error:
        if not answered(error, codes.MISSING):
            raise


def delete(calls: Calls, name: str) -> None:
    """Deletes an empty bucket; a missing one is no error."""
    _unless_missing(calls, "DeleteBucket", Bucket=name)


def _entries(calls: Calls, name: str) -> Iterator[Any]:
    try:
        for page in calls.pages("s3", "ListObjectVersions", Bucket=name):
            yield from page.get("Versions", ())
            yield from page.get("DeleteMarkers", ())
    except AwsError as error:
        if not answered(error, codes.MISSING):
            raise


def _delete(calls: Calls, name: str, batch: Sequence[dict[str, str]]) -> None:
    answer = calls.call("s3", "DeleteObjects", Bucket=name, Delete={"Objects": list(batch), "Quiet": True})
    errors = [told for told in answer.get("Errors", ()) if told.get("Code") not in codes.MISSING]
    if errors:
        first = errors[0]
        raise AwsError(
            f"{len(errors)} of {len(batch)} objects in {name} cannot be deleted",
            why=f"{first.get('Key', '')}: {first.get('Message') or first.get('Code', '')}",
            hint="look for an object lock or a bucket policy that denies s3:DeleteObjectVersion",
            code="LIF921",
            aws=AwsAnswer(code=str(first.get("Code", "")), operation="s3:DeleteObjects"),
        )


def _unless_missing(calls: Calls, operation: str, **parameters: object) -> None:
    try:
        calls.call("s3", operation, **parameters)
    except AwsError as error:
        if not answered(error, codes.MISSING):
            raise
