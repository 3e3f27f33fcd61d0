"""The Resource Groups Tagging API over everything that the templates make and AWS lists there, in pages.

Roles are not in it, as on AWS: IAM's own listings have them.
Source: Resource Groups Tagging API Reference, "Services that support the Resource Groups Tagging API" (2026)
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from ministack.core.responses import get_account_id, get_region
from ministack.services import (
    budgets,
    cloudformation,
    cloudwatch,
    cloudwatch_logs,
    ec2,
    iam,
    scheduler,
    sns,
    ssm,
    tagging,
)

from semanticworld.local.cloud.resources.services import dlm, documents

__all__ = ["install"]

Tagged: TypeAlias = tuple[str, list[dict[str, str]]]

_PAGE, _LARGEST_PAGE = 50, 100  # Source: GetResources, ResourcesPerPage (2026)
_IMAGES_AND_SNAPSHOTS = {"image", "snapshot"}  # their ARNs carry no account
_EC2_KINDS = {"fl": "vpc-flow-log", "nat": "natgateway", "eipalloc": "elastic-ip"}  # what ministack names otherwise
_GLOBAL_HOME = "us-east-1"


def _listed(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _ec2() -> Iterator[Tagged]:
    for identifier, tags in list(ec2._tags.items()):
        kind = _EC2_KINDS.get(identifier.rsplit("-", 1)[0]) or ec2._guess_resource_type(identifier)
        account = "" if kind in _IMAGES_AND_SNAPSHOTS else get_account_id()
        yield f"arn:aws:ec2:{get_region()}:{account}:{kind}/{identifier}", list(tags)


def _logs() -> Iterator[Tagged]:
    for name, group in list(cloudwatch_logs._log_groups.items()):
        yield f"arn:aws:logs:{get_region()}:{get_account_id()}:log-group:{name}", _listed(group.get("tags") or {})


def _cloudwatch() -> Iterator[Tagged]:
    for arn, tags in list(cloudwatch._resource_tags.items()):
        region = arn.split(":")[3]
        if region in {"", get_region()}:
            yield arn, _listed(tags)


def _ssm() -> Iterator[Tagged]:
    for arn, tags in list(ssm._tags.items()):
        if arn.startswith("arn:"):
            yield arn, _listed(tags)
    for document in list(documents.snapshot().values()):  # type: ignore[attr-defined]  # a scoped dict of ministack's
        arn = f"arn:aws:ssm:{get_region()}:{get_account_id()}:document/{document['Name']}"
        yield arn, _listed(document["Tags"])


def _dlm() -> Iterator[Tagged]:
    for arn, tags in dlm.tagged():
        yield arn, _listed(tags)


def _scheduler() -> Iterator[Tagged]:
    for group in list(scheduler._schedule_groups.values()):
        tags = scheduler._tags.get(group["Arn"]) or {}
        if tags:
            yield group["Arn"], _listed(tags)


def _budgets() -> Iterator[Tagged]:
    if get_region() != _GLOBAL_HOME:
        return
    for name in list(budgets._budgets):
        tags = json.loads(budgets._list_tags_for_resource({"ResourceARN": budgets._budget_arn(name)})[2])
        yield budgets._budget_arn(name), list(tags.get("ResourceTags") or ())


def _iam() -> Iterator[Tagged]:
    if get_region() != _GLOBAL_HOME:
        return
    for store in (iam._policies, iam._instance_profiles):
        for record in list(store.values()):
            if record.get("Tags"):
                yield record["Arn"], list(record["Tags"])


def _sns() -> Iterator[Tagged]:
    for arn, topic in list(sns._topics.items()):
        yield arn, _listed(topic.get("tags") or {})


def _stacks() -> Iterator[Tagged]:
    for stack in list(cloudformation._stacks.values()):
        if stack.get("StackStatus") != "DELETE_COMPLETE" and stack.get("Tags"):
            yield stack["StackId"], [dict(tag) for tag in stack["Tags"]]


_COLLECTORS: Mapping[str, Callable[[], Iterable[Tagged]]] = {
    "ec2": _ec2,
    "logs": _logs,
    "cloudwatch": _cloudwatch,
    "ssm": _ssm,
    "dlm": _dlm,
    "scheduler": _scheduler,
    "budgets": _budgets,
    "iam": _iam,
    "sns": _sns,
    "cloudformation": _stacks,
}


def _refusal(message: str, code: str = "InvalidParameterException") -> Any:  # noqa: ANN401 - ministack's reply
    headers = {"Content-Type": "application/x-amz-json-1.1", "x-amzn-errortype": code}
    return 400, headers, json.dumps({"__type": code, "message": message}).encode()


def _start(token: str) -> int:
    return int(base64.urlsafe_b64decode(token).decode().removeprefix("after:"))


def _paged(get: Callable[[Mapping[str, Any]], Any]) -> Callable[[Mapping[str, Any]], Any]:
    def answered(data: Mapping[str, Any]) -> Any:  # noqa: ANN401 - ministack's reply
        size = int(data.get("ResourcesPerPage") or _PAGE)
        if not 1 <= size <= _LARGEST_PAGE:
            return _refusal(f"ResourcesPerPage must be between 1 and {_LARGEST_PAGE}")
        try:
            start = _start(data["PaginationToken"]) if data.get("PaginationToken") else 0
        except (binascii.Error, UnicodeDecodeError, ValueError):
            return _refusal("The specified PaginationToken is invalid.", "PaginationTokenExpiredException")
        status, headers, body = get(data)
        if status != 200:  # noqa: PLR2004 - HTTP
            return status, headers, body
        # Only what has, or had, tags is in this API; here that is what has some.
        every = [one for one in json.loads(body)["ResourceTagMappingList"] if one["Tags"]]
        every.sort(key=lambda one: str(one["ResourceARN"]))
        following = start + size
        token = base64.urlsafe_b64encode(f"after:{following}".encode()).decode() if following < len(every) else ""
        page = {"ResourceTagMappingList": every[start:following], "PaginationToken": token}
        return status, headers, json.dumps(page).encode()

    return answered


def install() -> None:
    """Add the collectors and the pages."""
    tagging._COLLECTORS.update(_COLLECTORS)
    tagging._HANDLERS["GetResources"] = _paged(tagging._get_resources)
