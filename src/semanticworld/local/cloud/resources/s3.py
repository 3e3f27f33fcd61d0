"""Buckets and their policies as CloudFormation resources."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

from ministack.core.responses import get_region
from ministack.services import s3 as store

from semanticworld.local.cloud.resources import failures, tags
from semanticworld.local.cloud.resources.calls import call
from semanticworld.local.cloud.resources.kind import Attributes, Kind, Properties, Wanted
from semanticworld.local.cloud.resources.s3_lifecycle import lifecycle_rules

__all__ = ["BucketKind", "BucketPolicyKind"]

Shaped: TypeAlias = dict[str, Any]


def _encryption(value: Mapping[str, Any]) -> Shaped:
    rules = [
        {
            key: rule[template]
            for key, template in (
                ("ApplyServerSideEncryptionByDefault", "ServerSideEncryptionByDefault"),
                ("BucketKeyEnabled", "BucketKeyEnabled"),
            )
            if template in rule
        }
        for rule in value["ServerSideEncryptionConfiguration"]
    ]
    return {"ServerSideEncryptionConfiguration": {"Rules": rules}}


def _cors(value: Mapping[str, Any]) -> Shaped:
    names = {"Id": "ID", "ExposedHeaders": "ExposeHeaders", "MaxAge": "MaxAgeSeconds"}
    return {
        "CORSConfiguration": {"CORSRules": [{names.get(k, k): v for k, v in r.items()} for r in value["CorsRules"]]}
    }


def _logging(value: Mapping[str, Any]) -> Shaped:
    target = value.get("DestinationBucketName")
    if not target:
        return {"BucketLoggingStatus": {}}
    enabled = {"TargetBucket": target, "TargetPrefix": value.get("LogFilePrefix", "")}
    return {"BucketLoggingStatus": {"LoggingEnabled": enabled}}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setting:
    """One configuration of a bucket: how it is put, and how the bucket is without it."""

    put: str
    shaped: Callable[[Mapping[str, Any]], Shaped]
    drop: str | None = None
    without: Mapping[str, Any] | None = None


# In the order in which a bucket needs them: versioning before what depends on it.
_SETTINGS: Mapping[str, _Setting] = {
    "VersioningConfiguration": _Setting(
        put="PutBucketVersioning",
        shaped=lambda value: {"VersioningConfiguration": dict(value)},
        without={"Status": "Suspended"},
    ),
    "BucketEncryption": _Setting(put="PutBucketEncryption", shaped=_encryption, drop="DeleteBucketEncryption"),
    "OwnershipControls": _Setting(
        put="PutBucketOwnershipControls",
        shaped=lambda value: {"OwnershipControls": dict(value)},
        drop="DeleteBucketOwnershipControls",
    ),
    "PublicAccessBlockConfiguration": _Setting(
        put="PutPublicAccessBlock",
        shaped=lambda value: {"PublicAccessBlockConfiguration": dict(value)},
        drop="DeletePublicAccessBlock",
    ),
    "LifecycleConfiguration": _Setting(
        put="PutBucketLifecycleConfiguration",
        shaped=lambda value: {"LifecycleConfiguration": {"Rules": lifecycle_rules(value)}},
        drop="DeleteBucketLifecycle",
    ),
    "CorsConfiguration": _Setting(put="PutBucketCors", shaped=_cors, drop="DeleteBucketCors"),
    "LoggingConfiguration": _Setting(put="PutBucketLogging", shaped=_logging, without={}),
    "AccelerateConfiguration": _Setting(
        put="PutBucketAccelerateConfiguration",
        shaped=lambda value: {"AccelerateConfiguration": {"Status": value["AccelerationStatus"]}},
        without={"AccelerationStatus": "Suspended"},
    ),
}
_OTHERS = frozenset({"BucketName", "Tags", "AccessControl"})


class BucketKind(Kind):
    """AWS::S3::Bucket."""

    resource_type: ClassVar[str] = "AWS::S3::Bucket"
    service: ClassVar[str] = "s3"
    name_property: ClassVar[str | None] = "BucketName"
    name_limit: ClassVar[int] = 63
    lower_case: ClassVar[bool] = True

    def make(self, wanted: Wanted) -> str:
        """The bucket's name."""
        unknown = sorted(wanted.properties.keys() - _SETTINGS.keys() - _OTHERS)
        if unknown:
            # Better refused by name than forgotten in silence.
            raise failures.HandlerError(f"The embedded cloud does not model bucket property {unknown[0]}")
        if store._bucket_owner_account(wanted.name) is not None:
            # us-east-1 answers a second CreateBucket with 200; CloudFormation looks first.
            raise failures.HandlerError(f"{wanted.name} already exists", "AlreadyExists")
        region = get_region()
        place = None if region == "us-east-1" else {"LocationConstraint": region}
        acl = wanted.properties.get("AccessControl")
        canned = "".join(f"-{c.lower()}" if c.isupper() else c for c in acl).lstrip("-") if acl else None
        controls = (wanted.properties.get("OwnershipControls") or {}).get("Rules") or [{}]
        call(
            "s3",
            "CreateBucket",
            Bucket=wanted.name,
            CreateBucketConfiguration=place,
            ACL=canned,
            ObjectOwnership=controls[0].get("ObjectOwnership"),
        )
        return wanted.name

    def settle(self, identifier: str, old: Properties, new: Properties) -> None:
        """Every configuration that changed, each through its own call."""
        for name, setting in _SETTINGS.items():
            before, after = old.get(name), new.get(name)
            if before == after:
                continue
            if after is not None:
                call("s3", setting.put, Bucket=identifier, **setting.shaped(after))
            elif setting.drop is not None:
                call("s3", setting.drop, Bucket=identifier)
            elif setting.without is not None:
                call("s3", setting.put, Bucket=identifier, **setting.shaped(setting.without))
        self._settle_tags(identifier, old, new)

    def _settle_tags(self, identifier: str, old: Properties, new: Properties) -> None:
        change = tags.change(self.resource_type, old, new)
        if not change.put and not change.drop:
            return
        have = dict(store._bucket_tags.get(identifier) or {})
        wanted = {key: value for key, value in (have | dict(change.put)).items() if key not in change.drop}
        # The API refuses aws: tags from clients, so the set is checked without them and stored with them.
        call("s3", "PutBucketTagging", Bucket=identifier, Tagging={"TagSet": tags.as_list(tags.user(wanted))})
        store._bucket_tags[identifier] = wanted

    def attributes(self, identifier: str, properties: Properties) -> Attributes:
        """Arn and the domain names."""
        del properties
        region = get_region()
        return {
            "Arn": f"arn:aws:s3:::{identifier}",
            "DomainName": f"{identifier}.s3.amazonaws.com",
            "DualStackDomainName": f"{identifier}.s3.dualstack.{region}.amazonaws.com",
            "RegionalDomainName": f"{identifier}.s3.{region}.amazonaws.com",
            "WebsiteURL": f"http://{identifier}.s3-website.{region}.amazonaws.com",
        }

    def remove(self, identifier: str, properties: Properties) -> None:
        """Delete the bucket; S3 refuses one that holds anything, old versions and delete markers included."""
        del properties
        call("s3", "DeleteBucket", Bucket=identifier)


class BucketPolicyKind(Kind):
    """AWS::S3::BucketPolicy."""

    resource_type: ClassVar[str] = "AWS::S3::BucketPolicy"
    service: ClassVar[str] = "s3"

    def make(self, wanted: Wanted) -> str:
        """The bucket's name, which is the policy's id."""
        bucket = str(wanted.properties["Bucket"])
        if store._bucket_policies.get(bucket):
            raise failures.HandlerError("The bucket policy already exists on bucket " + bucket + ".", "AlreadyExists")
        self._put(bucket, wanted.properties)
        return bucket

    def _put(self, bucket: str, properties: Properties) -> None:
        call("s3", "PutBucketPolicy", Bucket=bucket, Policy=properties["PolicyDocument"])

    def settle(self, identifier: str, old: Properties, new: Properties) -> None:
        """The new document."""
        if old and old["PolicyDocument"] != new["PolicyDocument"]:
            self._put(identifier, new)

    def remove(self, identifier: str, properties: Properties) -> None:
        """Delete the policy of the bucket."""
        call("s3", "DeleteBucketPolicy", Bucket=str(properties.get("Bucket", identifier)))
