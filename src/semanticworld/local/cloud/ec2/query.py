"""Describe calls: ids, filters and pages, the same way for every resource."""

from __future__ import annotations

import base64
import binascii
import dataclasses
import fnmatch
import functools
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from semanticworld.local.cloud.ec2.errors import EC2Error
from semanticworld.local.cloud.ec2.world import Record, tags

Values = Callable[[Record], Iterable[Any]]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """How one kind of resource is listed."""

    id_member: str
    ids_member: str
    not_found: str
    not_found_text: str
    filters: Mapping[str, Values]
    pattern: str | None = None
    malformed: str | None = None
    smallest_page: int = 5
    largest_page: int = 1000
    tag_filters: bool = True


def member(*path: str) -> Values:
    """A filter on one member, or on a member of each item of a list, named by the way to it."""

    def values(record: Record) -> Iterable[Any]:
        level: list[Any] = [record]
        for name in path:
            found: list[Any] = []
            for item in level:
                value = item.get(name) if isinstance(item, dict) else None
                found.extend(value if isinstance(value, list) else [] if value is None else [value])
            level = found
        return level

    return values


def text(value: object) -> str:
    """A value as filters compare it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


@functools.lru_cache(maxsize=512)
def _wildcard(pattern: str) -> re.Pattern[str]:
    escaped = pattern.replace("[", "[[]")
    return re.compile(fnmatch.translate(escaped))


def matches(patterns: Iterable[str], values: Iterable[Any]) -> bool:
    """Whether any value is one of the patterns; * and ? are wildcards."""
    chosen = list(patterns)
    plain = {pattern for pattern in chosen if not ("*" in pattern or "?" in pattern)}
    wild = [_wildcard(pattern) for pattern in chosen if pattern not in plain]
    for value in values:
        shown = text(value)
        if shown in plain or any(pattern.match(shown) for pattern in wild):
            return True
    return False


def passes(record: Record, resource_id: str, request: Record, listing: Listing) -> bool:
    """Whether a record passes every filter of a request."""
    for wanted in request.get("Filters", []):
        name, values = wanted.get("Name", ""), wanted.get("Values", [])
        known = listing.filters.get(name)
        if known is not None:
            found: Iterable[Any] = known(record)
        elif listing.tag_filters and name.startswith("tag:"):
            found = [tag["Value"] for tag in tags(resource_id) if tag["Key"] == name[4:]]
        elif listing.tag_filters and name == "tag-key":
            found = [tag["Key"] for tag in tags(resource_id)]
        elif listing.tag_filters and name == "tag-value":
            found = [tag["Value"] for tag in tags(resource_id)]
        else:
            raise EC2Error("InvalidParameterValue", f"The filter '{name}' is invalid")
        if not matches(values, found):
            return False
    return True


def check_filters(request: Record, listing: Listing) -> None:
    """Refuse a filter that the call does not know, also when there is nothing to filter."""
    for wanted in request.get("Filters", []):
        name = wanted.get("Name", "")
        known = name in listing.filters or (
            listing.tag_filters and (name.startswith("tag:") or name in {"tag-key", "tag-value"})
        )
        if not known:
            raise EC2Error("InvalidParameterValue", f"The filter '{name}' is invalid")


def select(records: Iterable[Record], request: Record, listing: Listing) -> tuple[list[Record], str | None]:
    """The records of one page and the token of the next page, or None after the last."""
    check_filters(request, listing)
    chosen = list(records)
    ids = request.get(listing.ids_member)
    if ids:
        by_id = {record[listing.id_member]: record for record in chosen}
        for wanted in ids:
            if listing.pattern and not re.fullmatch(listing.pattern, wanted):
                code = listing.malformed or listing.not_found.replace("NotFound", "Malformed")
                raise EC2Error(code, f'Invalid id: "{wanted}"')
        unknown = [wanted for wanted in ids if wanted not in by_id]
        if unknown:
            raise EC2Error(listing.not_found, _not_found_text(listing, unknown))
        chosen = [by_id[wanted] for wanted in dict.fromkeys(ids)]
        if request.get("MaxResults") is not None and listing.smallest_page > 1:
            raise EC2Error(
                "InvalidParameterCombination",
                f"The parameter {listing.ids_member} cannot be used with the parameter maxResults",
            )
    if request.get("Filters"):
        chosen = [record for record in chosen if passes(record, str(record[listing.id_member]), request, listing)]
    return page(chosen, request, listing)


def _not_found_text(listing: Listing, unknown: list[str]) -> str:
    if len(unknown) == 1 or "{id}" not in listing.not_found_text:
        return listing.not_found_text.format(id=unknown[0])
    singular = listing.not_found_text.replace("ID '{id}' does", "IDs '{id}' do")
    return singular.format(id=", ".join(unknown))


def page(chosen: list[Record], request: Record, listing: Listing) -> tuple[list[Record], str | None]:
    """One page of records; a page begins after the record its token names, wherever that stands now."""
    size, token = request.get("MaxResults"), request.get("NextToken")
    if size is not None and size < listing.smallest_page:
        raise EC2Error(
            "InvalidParameterValue",
            f"Value ( {size} ) for parameter maxResults is invalid. "
            f"Expecting a value greater than {listing.smallest_page}.",
        )
    if size is not None and size > listing.largest_page and listing.smallest_page > 1:
        size = listing.largest_page
    start = 0
    if token:
        try:
            position, last = base64.urlsafe_b64decode(token.encode()).decode().split("|", 1)
            start = int(position)
        except (ValueError, binascii.Error, UnicodeDecodeError) as error:
            raise EC2Error("InvalidNextToken", "The provided NextToken is not valid.") from error
        if not (0 < start <= len(chosen) and str(chosen[start - 1][listing.id_member]) == last):
            found = [i for i, record in enumerate(chosen) if str(record[listing.id_member]) == last]
            start = found[0] + 1 if found else min(start, len(chosen))
    if size is None or start + size >= len(chosen):
        return chosen[start:], None
    shown = chosen[start : start + size]
    mark = f"{start + size}|{shown[-1][listing.id_member]}"
    return shown, base64.urlsafe_b64encode(mark.encode()).decode()
