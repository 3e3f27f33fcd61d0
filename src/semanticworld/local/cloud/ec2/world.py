"""What every EC2 handler stands on: the stores, the caller's account and region, new ids, the time, tags."""

from __future__ import annotations

import itertools
import secrets
import threading
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import ec2 as store

from semanticworld.local.cloud.ec2.errors import EC2Error
from semanticworld.local.cloud.ec2.moments import now

Record = dict[str, Any]

# Handlers run on the server's loop, CloudFormation's on worker threads: one lock makes each call whole.
LOCK = threading.RLock()

__all__ = ["LOCK", "Record", "account", "arn", "find", "new_id", "region", "rows", "set_tags", "stamp", "store", "tags"]


def account() -> str:
    """The caller's account id."""
    return str(get_account_id())


def region() -> str:
    """The region the caller addressed."""
    return str(get_region())


def stamp(moment: float | None = None) -> str:
    """A moment (epoch seconds; now by default) in EC2's notation, UTC."""
    at = now() if moment is None else moment
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def new_id(prefix: str) -> str:
    """A new resource id: the prefix and 17 hex digits, as EC2 makes them."""
    return f"{prefix}-0{secrets.token_hex(8)}"


def arn(kind: str, resource_id: str) -> str:
    """The ARN of an EC2 resource of the caller's account."""
    return f"arn:aws:ec2:{region()}:{account()}:{kind}/{resource_id}"


def rows(records: Any) -> Iterator[Record]:  # noqa: ANN401 - a scoped dictionary of ministack's
    """The caller's records of one store, oldest first, without a lookup per record."""
    mine = (get_account_id(), get_region())
    return (value for key, value in list(records._data.items()) if key[0] == mine[0] and key[1] == mine[1])


def find(records: Any, resource_id: str, code: str, text: str) -> Record:  # noqa: ANN401 - as above
    """The record of an id, or EC2's refusal; `text` may name the id as {id}."""
    record: Record | None = records.get(resource_id)
    if record is None:
        raise EC2Error(code, text.format(id=resource_id))
    return record


def tags(resource_id: str) -> list[Record]:
    """A resource's tags."""
    return list(store._tags.get(resource_id) or [])


def set_tags(resource_id: str, new: Iterable[Record]) -> None:
    """Add or change tags; the others stay."""
    merged = {tag["Key"]: tag for tag in tags(resource_id)}
    merged.update({str(tag["Key"]): {"Key": str(tag["Key"]), "Value": str(tag.get("Value", ""))} for tag in new})
    if merged:
        store._tags[resource_id] = list(merged.values())


def specified_tags(request: Record, kind: str) -> list[Record]:
    """The tags that a request's TagSpecifications give to one kind of resource."""
    chosen = [spec.get("Tags", []) for spec in request.get("TagSpecifications", []) if spec.get("ResourceType") == kind]
    return list(itertools.chain.from_iterable(chosen))


def tagged(record: Record, resource_id: str) -> Record:
    """A copy of a record with its tags, for an answer."""
    return {**record, "Tags": tags(resource_id)}
