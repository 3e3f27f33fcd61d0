"""Topics, subscriptions and topic policies as CloudFormation resources."""

from __future__ import annotations

from typing import ClassVar

from ministack.core.responses import get_account_id, get_region

from semanticworld.local.cloud.resources import failures, tags
from semanticworld.local.cloud.resources.calls import call, pages
from semanticworld.local.cloud.resources.kind import Attributes, Kind, Properties, Wanted

__all__ = ["SubscriptionKind", "TopicKind", "TopicPolicyKind"]

# Topic attributes that a template sets, with the value that a topic has without the property.
_TOPIC_ATTRIBUTES = {
    "DisplayName": "",
    "KmsMasterKeyId": "",
    "SignatureVersion": "1",
    "TracingConfig": "PassThrough",
    "ContentBasedDeduplication": "false",
    "FifoThroughputScope": "Topic",
    "ArchivePolicy": "{}",
    "MaximumMessageSize": "262144",
}
_AT_CREATION = frozenset({"FifoTopic"})
_SUBSCRIPTION_ATTRIBUTES = {
    "DeliveryPolicy": "",
    "FilterPolicy": "{}",
    "FilterPolicyScope": "MessageAttributes",
    "RawMessageDelivery": "false",
    "RedrivePolicy": "",
    "SubscriptionRoleArn": "",
}


class TopicKind(Kind):
    """AWS::SNS::Topic."""

    resource_type: ClassVar[str] = "AWS::SNS::Topic"
    service: ClassVar[str] = "sns"
    name_property: ClassVar[str | None] = "TopicName"
    name_limit: ClassVar[int] = 256

    def make(self, wanted: Wanted) -> str:
        """The topic's ARN."""
        arn = f"arn:aws:sns:{get_region()}:{get_account_id()}:{wanted.name}"
        taken = {topic["TopicArn"] for topic in pages("sns", "ListTopics", "Topics")}
        if arn in taken:
            # CreateTopic is idempotent; CloudFormation is not.
            raise failures.already_exists(self.resource_type, arn)
        given = wanted.properties
        attributes = {
            name: given[name] for name in (*_TOPIC_ATTRIBUTES, *_AT_CREATION) if given.get(name) not in (None, "")
        }
        answer = call(
            "sns",
            "CreateTopic",
            Name=wanted.name,
            Attributes=attributes,
            Tags=tags.as_list(tags.of(self.resource_type, given)) or None,
        )
        return str(answer["TopicArn"])

    def settle(self, identifier: str, old: Properties, new: Properties) -> None:
        """Attributes, tags and the subscriptions written inside the topic."""
        if old:
            for name, default in _TOPIC_ATTRIBUTES.items():
                if old.get(name) != new.get(name):
                    value = new.get(name, default)
                    call("sns", "SetTopicAttributes", TopicArn=identifier, AttributeName=name, AttributeValue=value)
            change = tags.change(self.resource_type, old, new)
            if change.put:
                call("sns", "TagResource", ResourceArn=identifier, Tags=tags.as_list(change.put))
            if change.drop:
                call("sns", "UntagResource", ResourceArn=identifier, TagKeys=change.drop)
        before = {(s["Protocol"], s["Endpoint"]) for s in old.get("Subscription") or ()}
        after = {(s["Protocol"], s["Endpoint"]) for s in new.get("Subscription") or ()}
        for protocol, endpoint in sorted(after - before):
            call("sns", "Subscribe", TopicArn=identifier, Protocol=protocol, Endpoint=endpoint)
        if before - after:
            for one in pages("sns", "ListSubscriptionsByTopic", "Subscriptions", TopicArn=identifier):
                if (one["Protocol"], one["Endpoint"]) in before - after and one["SubscriptionArn"].startswith("arn:"):
                    call("sns", "Unsubscribe", SubscriptionArn=one["SubscriptionArn"])

    def attributes(self, identifier: str, properties: Properties) -> Attributes:
        """TopicArn and TopicName."""
        del properties
        return {"TopicArn": identifier, "TopicName": identifier.rsplit(":", 1)[-1]}

    def remove(self, identifier: str, properties: Properties) -> None:
        """Delete the topic and, with it, its subscriptions."""
        del properties
        call("sns", "DeleteTopic", TopicArn=identifier)


class SubscriptionKind(Kind):
    """AWS::SNS::Subscription."""

    resource_type: ClassVar[str] = "AWS::SNS::Subscription"
    service: ClassVar[str] = "sns"

    def make(self, wanted: Wanted) -> str:
        """The subscription's ARN, also while it waits for its owner to confirm."""
        given = wanted.properties
        attributes = {name: given[name] for name in _SUBSCRIPTION_ATTRIBUTES if given.get(name) is not None}
        answer = call(
            "sns",
            "Subscribe",
            TopicArn=given["TopicArn"],
            Protocol=given["Protocol"],
            Endpoint=given.get("Endpoint"),
            Attributes=attributes or None,
            ReturnSubscriptionArn=True,
        )
        return str(answer["SubscriptionArn"])

    def settle(self, identifier: str, old: Properties, new: Properties) -> None:
        """The attributes that changed."""
        if not old:
            return
        for name, default in _SUBSCRIPTION_ATTRIBUTES.items():
            if old.get(name) != new.get(name):
                call(
                    "sns",
                    "SetSubscriptionAttributes",
                    SubscriptionArn=identifier,
                    AttributeName=name,
                    AttributeValue=new.get(name, default),
                )

    def attributes(self, identifier: str, properties: Properties) -> Attributes:
        """Arn."""
        del properties
        return {"Arn": identifier}

    def remove(self, identifier: str, properties: Properties) -> None:
        """Unsubscribe."""
        del properties
        call("sns", "Unsubscribe", SubscriptionArn=identifier)


class TopicPolicyKind(Kind):
    """AWS::SNS::TopicPolicy: one document on every topic it names."""

    resource_type: ClassVar[str] = "AWS::SNS::TopicPolicy"
    service: ClassVar[str] = "sns"

    def make(self, wanted: Wanted) -> str:
        """An id of CloudFormation's own."""
        return wanted.name

    def settle(self, identifier: str, old: Properties, new: Properties) -> None:
        """The document on the topics named now; a topic no longer named gets the policy of a new topic."""
        del identifier
        for topic in new["Topics"]:
            self._put(topic, new["PolicyDocument"])
        self._reset(set(old.get("Topics") or ()) - set(new["Topics"]))

    def _put(self, topic: str, document: object) -> None:
        call("sns", "SetTopicAttributes", TopicArn=topic, AttributeName="Policy", AttributeValue=document)

    def _reset(self, topics: set[str]) -> None:
        standing = {one["TopicArn"] for one in pages("sns", "ListTopics", "Topics")}
        for topic in sorted(topics & standing):
            self._put(topic, _default_policy(topic))

    def attributes(self, identifier: str, properties: Properties) -> Attributes:
        """Id."""
        del properties
        return {"Id": identifier}

    def remove(self, identifier: str, properties: Properties) -> None:
        """Give the topics the policy back that a new topic has."""
        del identifier
        self._reset(set(properties.get("Topics") or ()))


def _default_policy(topic: str) -> dict[str, object]:
    # Source: Amazon SNS Developer Guide, "Access policy use cases: default topic policy" (2026)
    actions = (
        "AddPermission DeleteTopic GetTopicAttributes ListSubscriptionsByTopic Publish RemovePermission "
        "SetTopicAttributes Subscribe"
    )
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": [f"SNS:{action}" for action in actions.split()],
        "Resource": topic,
        "Condition": {"StringEquals": {"AWS:SourceOwner": get_account_id()}},
    }
    return {"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]}
