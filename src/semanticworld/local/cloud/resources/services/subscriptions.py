"""E-mail subscriptions that wait for their owner to confirm, as SNS has them."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

from ministack.services import sns

__all__ = ["install"]

_CONFIRMED_BY_HAND = {"email", "email-json"}
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_SETTABLE = {
    "ArchivePolicy",
    "ContentBasedDeduplication",
    "DataProtectionPolicy",
    "DeliveryPolicy",
    "DisplayName",
    "FifoThroughputScope",
    "KmsMasterKeyId",
    "MaximumMessageSize",
    "Policy",
    "SignatureVersion",
    "TracingConfig",
}


def _subscription(topic: dict[str, Any], protocol: str, endpoint: str) -> dict[str, Any] | None:
    for one in topic["subscriptions"]:
        if one["protocol"] == protocol and one["endpoint"] == endpoint:
            found: dict[str, Any] = one
            return found
    return None


def _pending_hidden(listing: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def listed(params: Any) -> Any:  # noqa: ANN401 - ministack's own signature
        status, headers, body = listing(params)
        text = body.decode()
        for topic in sns._topics.values():
            for one in topic["subscriptions"]:
                if not one.get("confirmed"):
                    text = text.replace(f">{one['arn']}<", ">PendingConfirmation<")
        return status, headers, text.encode()

    return listed


def install() -> None:
    """Make Subscribe by e-mail pending, honour ReturnSubscriptionArn, and refuse attributes that topics do not have."""
    subscribe, set_attributes = sns._subscribe, sns._set_topic_attributes

    def subscribed(params: Any) -> Any:  # noqa: ANN401 - ministack's own signature
        protocol, endpoint = sns._p(params, "Protocol"), sns._p(params, "Endpoint")
        topic = sns._topics.get(sns._p(params, "TopicArn"))
        if protocol in _CONFIRMED_BY_HAND and not _ADDRESS.fullmatch(endpoint or ""):
            return sns._error("InvalidParameter", "Invalid parameter: Email address", 400)
        known = topic is not None and _subscription(topic, protocol, endpoint) is not None
        reply = subscribe(params)
        if topic is None or protocol not in _CONFIRMED_BY_HAND or reply[0] >= 400:  # noqa: PLR2004 - HTTP
            return reply
        found = _subscription(topic, protocol, endpoint)
        if found is None:
            return reply
        if not known:
            found["confirmed"] = False
            found["token"] = uuid.uuid4().hex
            found["attributes"].update(PendingConfirmation="true", ConfirmationWasAuthenticated="false")
            sns._refresh_subscription_counts(topic)
        wants_arn = sns._p(params, "ReturnSubscriptionArn").lower() == "true"
        arn = found["arn"] if wants_arn or found["confirmed"] else "pending confirmation"
        inner = f"<SubscribeResult><SubscriptionArn>{arn}</SubscriptionArn></SubscribeResult>"
        return sns._xml(200, "SubscribeResponse", inner)

    def set_topic_attributes(params: Any) -> Any:  # noqa: ANN401 - ministack's own signature
        if sns._p(params, "AttributeName") not in _SETTABLE:
            return sns._error("InvalidParameter", "Invalid parameter: AttributeName", 400)
        return set_attributes(params)

    sns._subscribe = subscribed
    sns._list_subscriptions = _pending_hidden(sns._list_subscriptions)
    sns._list_subscriptions_by_topic = _pending_hidden(sns._list_subscriptions_by_topic)
    sns._set_topic_attributes = set_topic_attributes
