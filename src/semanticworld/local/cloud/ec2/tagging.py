"""Tags: on resources that exist, within EC2's limits, and never in the name of AWS."""

from __future__ import annotations

from semanticworld.local.cloud.ec2.dispatch import end_dry_run, operation, outside_checks
from semanticworld.local.cloud.ec2.errors import EC2Error
from semanticworld.local.cloud.ec2.query import Listing, member, select
from semanticworld.local.cloud.ec2.world import Record, account, region, set_tags, store, tags

# Source: Amazon EC2 User Guide, Tag restrictions, 2026.
LARGEST_KEY, LARGEST_VALUE, MOST_TAGS = 127, 255, 50

# Prefix of an id -> type of the resource, where it is kept.
KINDS = {
    "i": ("instance", "_instances"),
    "vol": ("volume", "_volumes"),
    "snap": ("snapshot", "_snapshots"),
    "vpc": ("vpc", "_vpcs"),
    "subnet": ("subnet", "_subnets"),
    "sg": ("security-group", "_security_groups"),
    "rtb": ("route-table", "_route_tables"),
    "igw": ("internet-gateway", "_internet_gateways"),
    "nat": ("natgateway", "_nat_gateways"),
    "eipalloc": ("elastic-ip", "_addresses"),
    "eni": ("network-interface", "_network_interfaces"),
    "vpce": ("vpc-endpoint", "_vpc_endpoints"),
    "fl": ("vpc-flow-log", "_flow_logs"),
    "lt": ("launch-template", "_launch_templates"),
    "acl": ("network-acl", "_network_acls"),
    "dopt": ("dhcp-options", "_dhcp_options"),
    "ami": ("image", "_images"),
}

LISTING = Listing(
    id_member="ResourceId",
    ids_member="",
    not_found="",
    not_found_text="",
    tag_filters=False,
    filters={
        "key": member("Key"),
        "value": member("Value"),
        "resource-id": member("ResourceId"),
        "resource-type": member("ResourceType"),
    },
)


def kind(resource_id: str) -> str:
    """The type of the resource that an id names."""
    prefix = resource_id.rsplit("-", 1)[0]
    return KINDS[prefix][0] if prefix in KINDS else str(store._guess_resource_type(resource_id))


def _check_exists(resource_id: str) -> None:
    known = KINDS.get(resource_id.rsplit("-", 1)[0])
    if known is None or known[0] == "dhcp-options":
        return
    if getattr(store, known[1]).get(resource_id) is None:
        name = {"i": "InvalidInstanceID", "vol": "InvalidVolume", "snap": "InvalidSnapshot"}
        code = name.get(resource_id.rsplit("-", 1)[0], "InvalidID")
        raise EC2Error(f"{code}.NotFound", f"The ID '{resource_id}' does not exist")


def check_tags(new: list[Record]) -> None:
    """Refuse tags that EC2 does not take."""
    for tag in new:
        key, value = str(tag.get("Key", "")), str(tag.get("Value", ""))
        if not key:
            raise EC2Error("InvalidParameterValue", "Tag key cannot be null or empty")
        if key.lower().startswith("aws:"):
            raise EC2Error("InvalidParameterValue", "Tag keys starting with 'aws:' are reserved for internal use")
        if len(key) > LARGEST_KEY:
            raise EC2Error("InvalidParameterValue", f"Tag key exceeds the maximum length of {LARGEST_KEY} characters")
        if len(value) > LARGEST_VALUE:
            raise EC2Error(
                "InvalidParameterValue", f"Tag value exceeds the maximum length of {LARGEST_VALUE + 1} characters"
            )


@operation("CreateTags", checks_first=True)
def create_tags(request: Record) -> Record:
    """Nothing; tags are added or changed."""
    check_tags(request["Tags"])
    for resource_id in request["Resources"]:
        _check_exists(resource_id)
        keys = {tag["Key"] for tag in tags(resource_id) if not tag["Key"].startswith("aws:")}
        if len(keys | {tag["Key"] for tag in request["Tags"]}) > MOST_TAGS:
            raise EC2Error("TagLimitExceeded", "The maximum number of Tags for a resource has been reached.")
    end_dry_run(request)
    for resource_id in request["Resources"]:
        set_tags(resource_id, request["Tags"])
    return {}


@operation("DeleteTags", checks_first=True)
def delete_tags(request: Record) -> Record:
    """Nothing; a tag with a value goes only when the value is the same."""
    for resource_id in request["Resources"]:
        _check_exists(resource_id)
    end_dry_run(request)
    chosen = request.get("Tags", [])
    for resource_id in request["Resources"]:
        kept = [tag for tag in tags(resource_id) if tag["Key"].startswith("aws:") or not _chosen(tag, chosen)]
        store._tags[resource_id] = kept
    return {}


def _chosen(tag: Record, chosen: list[Record]) -> bool:
    return not chosen or any(
        tag["Key"] == wanted["Key"] and ("Value" not in wanted or wanted["Value"] == tag["Value"]) for wanted in chosen
    )


@operation("DescribeTags")
def describe_tags(request: Record) -> Record:
    """One page of tags."""
    mine = (account(), region())
    found = [
        {"ResourceId": key[2], "ResourceType": kind(key[2]), **tag}
        for key, held in list(store._tags._data.items())
        if key[:2] == mine
        for tag in held
    ]
    page, token = select(found, request, LISTING)
    return {"Tags": page, "NextToken": token}


def _check_specified(request: Record) -> None:
    specs = request.get("TagSpecifications", [])
    for spec in specs if isinstance(specs, list) else []:
        if not spec.get("ResourceType"):
            raise EC2Error("MissingParameter", "The request must contain the parameter resourceType")
        check_tags(spec.get("Tags", []))


outside_checks.append(_check_specified)
