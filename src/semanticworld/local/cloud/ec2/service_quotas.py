"""The Service Quotas API over this cloud's quotas (JSON 1.1, target ServiceQuotasV20190624)."""

from __future__ import annotations

import base64
import binascii
import json
import uuid
from collections.abc import Callable, Iterator, Mapping

from semanticworld.local.cloud.ec2 import quotas
from semanticworld.local.cloud.ec2.moments import now
from semanticworld.local.cloud.ec2.world import LOCK, Record, account, region

SERVICES = {
    "ec2": "Amazon Elastic Compute Cloud (Amazon EC2)",
    "vpc": "Amazon Virtual Private Cloud (Amazon VPC)",
    "ebs": "Amazon Elastic Block Store (Amazon EBS)",
}
TARGET = "ServiceQuotasV20190624."
# Beyond this many times the present limit a request waits for a person; here it stays pending.
GRANTED_AT_ONCE = 10

requests: dict[str, Record] = {}


class QuotaError(Exception):
    """A refusal of the Service Quotas API."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def _quota(request: Record) -> quotas.Quota:
    service, code = request.get("ServiceCode", ""), request.get("QuotaCode", "")
    if service not in SERVICES:
        raise QuotaError("NoSuchResourceException", f"The service code {service} does not exist.")
    found = quotas.BY_CODE.get(code)
    if found is None or found.service != service:
        raise QuotaError("NoSuchResourceException", "The request failed because the specified quota does not exist.")
    return found


def _shown(quota: quotas.Quota, *, default: bool = False) -> Record:
    answer: Record = {
        "ServiceCode": quota.service,
        "ServiceName": SERVICES[quota.service],
        "QuotaArn": f"arn:aws:servicequotas:{region()}:{account()}:{quota.service}/{quota.code}",
        "QuotaCode": quota.code,
        "QuotaName": quota.name,
        "Value": float(quota.value if default else quotas.limit(quota.code)),
        "Unit": "None",
        "Adjustable": True,
        "GlobalQuota": False,
        "QuotaAppliedAtLevel": "ACCOUNT",
    }
    if quota.families and not quota.spot:
        answer["UsageMetric"] = {
            "MetricNamespace": "AWS/Usage",
            "MetricName": "ResourceCount",
            "MetricDimensions": {
                "Class": quota.name.split("On-Demand ")[-1].split(" ")[0] + "/OnDemand",
                "Resource": "vCPU",
                "Service": "EC2",
                "Type": "Resource",
            },
            "MetricStatisticRecommendation": "Maximum",
        }
    return answer


def _get(request: Record) -> Record:
    return {"Quota": _shown(_quota(request))}


def _get_default(request: Record) -> Record:
    return {"Quota": _shown(_quota(request), default=True)}


def _pages(name: str, items: Iterator[Record], request: Record) -> Record:
    chosen = list(items)
    size = int(request.get("MaxResults", 100))
    if not 1 <= size <= 100:  # noqa: PLR2004 - Source: Service Quotas API Reference, ListServiceQuotas, 2026
        raise QuotaError("IllegalArgumentException", "MaxResults must be between 1 and 100.")
    try:
        start = int(base64.b64decode(request.get("NextToken", "MA==")).decode())
    except (ValueError, binascii.Error) as error:
        raise QuotaError("InvalidPaginationTokenException", "Invalid pagination token.") from error
    answer: Record = {name: chosen[start : start + size]}
    if start + size < len(chosen):
        answer["NextToken"] = base64.b64encode(str(start + size).encode()).decode()
    return answer


def _of_service(request: Record) -> list[quotas.Quota]:
    service = request.get("ServiceCode", "")
    if service not in SERVICES:
        raise QuotaError("NoSuchResourceException", f"The service code {service} does not exist.")
    return [quota for quota in quotas.QUOTAS if quota.service == service]


def _list(request: Record) -> Record:
    wanted = request.get("QuotaCode")
    chosen = (_shown(quota) for quota in _of_service(request) if wanted in {None, quota.code})
    return _pages("Quotas", chosen, request)


def _list_defaults(request: Record) -> Record:
    return _pages("Quotas", (_shown(quota, default=True) for quota in _of_service(request)), request)


def _list_services(request: Record) -> Record:
    return _pages("Services", ({"ServiceCode": code, "ServiceName": name} for code, name in SERVICES.items()), request)


def _settled(record: Record) -> Record:
    """A request as it stands now: what was not too much is granted at the next look."""
    quota = quotas.BY_CODE[record["QuotaCode"]]
    if record["Status"] == "PENDING" and record["DesiredValue"] <= quota.value * GRANTED_AT_ONCE:
        quotas.set_limit(quota.code, record["DesiredValue"])
        record.update(Status="APPROVED", LastUpdated=now())
    return record


def _increase(request: Record) -> Record:
    quota = _quota(request)
    wanted = float(request.get("DesiredValue", 0))
    if wanted <= quotas.limit(quota.code):
        raise QuotaError(
            "IllegalArgumentException", "You must provide a quota value greater than the current quota value."
        )
    mine = f"{account()}/{region()}/"
    for key, held in requests.items():
        if key.startswith(mine) and held["QuotaCode"] == quota.code and _settled(held)["Status"] == "PENDING":
            raise QuotaError(
                "ResourceAlreadyExistsException", "Only one open service quota increase request is allowed per quota."
            )
    record: Record = {
        "Id": uuid.uuid4().hex,
        "ServiceCode": quota.service,
        "ServiceName": SERVICES[quota.service],
        "QuotaCode": quota.code,
        "QuotaName": quota.name,
        "DesiredValue": wanted,
        "Status": "PENDING",
        "Created": now(),
        "LastUpdated": now(),
        "Requester": json.dumps({"accountId": account()}),
        "QuotaArn": _shown(quota)["QuotaArn"],
        "GlobalQuota": False,
        "Unit": "None",
    }
    requests[mine + record["Id"]] = record
    return {"RequestedQuota": dict(record)}


def _get_change(request: Record) -> Record:
    record = requests.get(f"{account()}/{region()}/{request.get('RequestId', '')}")
    if record is None:
        raise QuotaError("NoSuchResourceException", "The request failed because the specified request does not exist.")
    return {"RequestedQuota": _settled(record)}


def _history(request: Record) -> Record:
    mine = f"{account()}/{region()}/"
    code, service, status = (request.get(name) for name in ("QuotaCode", "ServiceCode", "Status"))
    held = [_settled(record) for key, record in requests.items() if key.startswith(mine)]
    chosen = (
        record
        for record in held
        if code in {None, record["QuotaCode"]}
        and service in {None, record["ServiceCode"]}
        and status in {None, record["Status"]}
    )
    return _pages("RequestedQuotas", chosen, request)


OPERATIONS: Mapping[str, Callable[[Record], Record]] = {
    "GetServiceQuota": _get,
    "GetAWSDefaultServiceQuota": _get_default,
    "ListServiceQuotas": _list,
    "ListAWSDefaultServiceQuotas": _list_defaults,
    "ListServices": _list_services,
    "RequestServiceQuotaIncrease": _increase,
    "GetRequestedServiceQuotaChange": _get_change,
    "ListRequestedServiceQuotaChangeHistory": _history,
    "ListRequestedServiceQuotaChangeHistoryByQuota": _history,
}


async def handle_request(
    _method: str, _path: str, headers: Mapping[str, str], body: bytes, _query: Record
) -> tuple[int, dict[str, str], bytes]:
    """The HTTP answer to one request."""
    name = headers.get("x-amz-target", "").removeprefix(TARGET)
    content = {"Content-Type": "application/x-amz-json-1.1"}
    known = OPERATIONS.get(name)
    if known is None:
        return 400, content, json.dumps({"__type": "UnknownOperationException", "message": ""}).encode()
    try:
        with LOCK:
            answer = known(json.loads(body or b"{}"))
    except QuotaError as error:
        return 400, content, json.dumps({"__type": error.code, "message": str(error)}).encode()
    return 200, content, json.dumps(answer).encode()


def install() -> None:
    """Make the service known to ministack's router."""
    from ministack import app  # noqa: PLC0415 - the server loads it before the pack is installed
    from ministack.core import router  # noqa: PLC0415

    router.SERVICE_PATTERNS["servicequotas"] = {
        "target_prefixes": [TARGET.rstrip(".")],
        "host_patterns": [r"servicequotas\."],
        "credential_scope": "servicequotas",
    }
    app.SERVICE_HANDLERS["servicequotas"] = handle_request
