"""Security groups and their rules: who may talk, who is referred to, and what cannot be deleted."""

from __future__ import annotations

import hashlib
import ipaddress
import re
from collections.abc import Iterator

from semanticworld.local.cloud.ec2.dispatch import end_dry_run, operation
from semanticworld.local.cloud.ec2.errors import EC2Error, dependency, invalid
from semanticworld.local.cloud.ec2.query import Listing, member, select
from semanticworld.local.cloud.ec2.vpcs import vpc
from semanticworld.local.cloud.ec2.world import (
    Record,
    account,
    arn,
    find,
    new_id,
    rows,
    set_tags,
    specified_tags,
    store,
    tagged,
    tags,
)

NAME = re.compile(r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{1,255}")
PROTOCOLS = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "all": "-1"}
# How each kind of peer is written in a permission: list, member.
PEERS = (
    ("IpRanges", "CidrIp"),
    ("Ipv6Ranges", "CidrIpv6"),
    ("PrefixListIds", "PrefixListId"),
    ("UserIdGroupPairs", "GroupId"),
)
RULES_PER_DIRECTION = 60  # Source: Amazon VPC quotas, inbound or outbound rules per security group, 2026.

LISTING = Listing(
    id_member="GroupId",
    ids_member="GroupIds",
    not_found="InvalidGroup.NotFound",
    not_found_text="The security group '{id}' does not exist",
    filters={
        "group-id": member("GroupId"),
        "group-name": member("GroupName"),
        "description": member("Description"),
        "vpc-id": member("VpcId"),
        "owner-id": member("OwnerId"),
        "ip-permission.cidr": member("IpPermissions", "IpRanges", "CidrIp"),
        "ip-permission.from-port": member("IpPermissions", "FromPort"),
        "ip-permission.to-port": member("IpPermissions", "ToPort"),
        "ip-permission.protocol": member("IpPermissions", "IpProtocol"),
        "ip-permission.group-id": member("IpPermissions", "UserIdGroupPairs", "GroupId"),
        "egress.ip-permission.cidr": member("IpPermissionsEgress", "IpRanges", "CidrIp"),
        "egress.ip-permission.from-port": member("IpPermissionsEgress", "FromPort"),
        "egress.ip-permission.to-port": member("IpPermissionsEgress", "ToPort"),
        "egress.ip-permission.protocol": member("IpPermissionsEgress", "IpProtocol"),
        "egress.ip-permission.group-id": member("IpPermissionsEgress", "UserIdGroupPairs", "GroupId"),
    },
)

RULE_LISTING = Listing(
    id_member="SecurityGroupRuleId",
    ids_member="SecurityGroupRuleIds",
    not_found="InvalidSecurityGroupRuleId.NotFound",
    not_found_text="The security group rule ID '{id}' does not exist",
    filters={"group-id": member("GroupId"), "security-group-rule-id": member("SecurityGroupRuleId")},
)


def group(group_id: str) -> Record:
    """The group of an id, or EC2's refusal."""
    return find(store._security_groups, group_id, LISTING.not_found, LISTING.not_found_text)


def group_references(vpc_id: str, group_ids: list[str]) -> list[Record]:
    """Ids and names of groups of one VPC; the VPC's default group when none is named."""
    if not group_ids:
        group_ids = [vpc(vpc_id)["DefaultSecurityGroupId"]]
    chosen = [group(group_id) for group_id in dict.fromkeys(group_ids)]
    for record in chosen:
        if record["VpcId"] != vpc_id:
            raise EC2Error(
                "InvalidParameter",
                f"Security group {record['GroupId']} and subnet belong to different networks.",
            )
    return [{"GroupId": record["GroupId"], "GroupName": record["GroupName"]} for record in chosen]


def shown(record: Record) -> Record:
    """A group as DescribeSecurityGroups has it."""
    return {
        **tagged(record, record["GroupId"]),
        "SecurityGroupArn": arn("security-group", record["GroupId"]),
        "IpPermissions": _grouped(record.get("IpPermissions", [])),
        "IpPermissionsEgress": _grouped(record.get("IpPermissionsEgress", [])),
    }


def _grouped(permissions: list[Record]) -> list[Record]:
    """Permissions with the same protocol and ports as one, as EC2 shows them."""
    merged: dict[tuple[object, ...], Record] = {}
    for permission in permissions:
        key = (permission["IpProtocol"], permission.get("FromPort"), permission.get("ToPort"))
        target = merged.setdefault(
            key, {**{k: v for k, v in permission.items() if k in {"IpProtocol", "FromPort", "ToPort"}}}
        )
        for listed, _ in PEERS:
            target.setdefault(listed, []).extend(permission.get(listed, []))
    return list(merged.values())


@operation("CreateSecurityGroup", checks_first=True)
def create_security_group(request: Record) -> Record:
    """A group that lets everything out and nothing in."""
    vpc_id = request.get("VpcId") or store._DEFAULT_VPC_ID
    vpc(vpc_id)
    name = request["GroupName"]
    if not NAME.fullmatch(name) or name.startswith("sg-"):
        raise invalid("groupName", name, "Group names may not be in the format sg-*" if name[:3] == "sg-" else "")
    if not NAME.fullmatch(request["Description"]):
        raise invalid("GroupDescription", request["Description"])
    for other in rows(store._security_groups):
        if other["VpcId"] == vpc_id and other["GroupName"] == name:
            raise EC2Error("InvalidGroup.Duplicate", f"The security group '{name}' already exists for VPC '{vpc_id}'")
    end_dry_run(request)
    group_id = new_id("sg")
    store._security_groups[group_id] = {
        "GroupId": group_id,
        "GroupName": name,
        "Description": request["Description"],
        "VpcId": vpc_id,
        "OwnerId": account(),
        "IpPermissions": [],
        "IpPermissionsEgress": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}],
    }
    set_tags(group_id, specified_tags(request, "security-group"))
    return {
        "GroupId": group_id,
        "Tags": tags(group_id),
        "SecurityGroupArn": arn("security-group", group_id),
    }


@operation("DescribeSecurityGroups")
def describe_security_groups(request: Record) -> Record:
    """One page of groups."""
    records = list(rows(store._security_groups))
    for name in request.get("GroupNames", []):
        if not any(record["GroupName"] == name for record in records):
            raise EC2Error("InvalidGroup.NotFound", f"The security group '{name}' does not exist")
    if request.get("GroupNames"):
        records = [record for record in records if record["GroupName"] in request["GroupNames"]]
    page, token = select(records, request, LISTING)
    return {"SecurityGroups": [shown(record) for record in page], "NextToken": token}


def references(group_id: str) -> Iterator[str]:
    """Ids of what uses a group: interfaces, endpoints, and other groups' rules."""
    for interface in rows(store._network_interfaces):
        if any(used["GroupId"] == group_id for used in interface.get("Groups", [])):
            yield interface["NetworkInterfaceId"]
    for other in rows(store._security_groups):
        if other["GroupId"] == group_id:
            continue
        for permission in [*other.get("IpPermissions", []), *other.get("IpPermissionsEgress", [])]:
            if any(pair.get("GroupId") == group_id for pair in permission.get("UserIdGroupPairs", [])):
                yield other["GroupId"]


@operation("DeleteSecurityGroup", checks_first=True)
def delete_security_group(request: Record) -> Record:
    """The id of the deleted group."""
    group_id = request.get("GroupId") or ""
    if not group_id:
        named = [r for r in rows(store._security_groups) if r["GroupName"] == request.get("GroupName")]
        group_id = named[0]["GroupId"] if named else str(request.get("GroupName", ""))
    record = group(group_id)
    if record["GroupName"] == "default":
        raise EC2Error("CannotDelete", f'the specified group: "{group_id}" name: "default" cannot be deleted by a user')
    if next(references(group_id), None):
        raise dependency(f"resource {group_id} has a dependent object")
    end_dry_run(request)
    for rule in rules(record):
        store._tags.pop(rule["SecurityGroupRuleId"], None)
    store._security_groups.pop(group_id)
    store._tags.pop(group_id, None)
    return {"Return": True, "GroupId": group_id}


def rules(record: Record) -> Iterator[Record]:
    """A group's permissions as single rules with ids that stay the same as long as the rule does."""
    for direction, egress in (("IpPermissions", False), ("IpPermissionsEgress", True)):
        for permission in record.get(direction, []):
            for listed, name in PEERS:
                for peer in permission.get(listed, []):
                    yield _rule(record, permission, peer, name, egress=egress)


def _rule(record: Record, permission: Record, peer: Record, name: str, *, egress: bool) -> Record:
    text = "|".join(
        str(part)
        for part in (
            record["GroupId"],
            egress,
            permission["IpProtocol"],
            permission.get("FromPort", -1),
            permission.get("ToPort", -1),
            name,
            peer[name],
        )
    )
    rule_id = f"sgr-0{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    answer: Record = {
        "SecurityGroupRuleId": rule_id,
        "GroupId": record["GroupId"],
        "GroupOwnerId": account(),
        "IsEgress": egress,
        "IpProtocol": permission["IpProtocol"],
        "FromPort": permission.get("FromPort", -1),
        "ToPort": permission.get("ToPort", -1),
        "Tags": tags(rule_id),
        "SecurityGroupRuleArn": arn("security-group-rule", rule_id),
    }
    match name:
        case "CidrIp":
            answer["CidrIpv4"] = peer[name]
        case "CidrIpv6":
            answer["CidrIpv6"] = peer[name]
        case "PrefixListId":
            answer["PrefixListId"] = peer[name]
        case _:
            answer["ReferencedGroupInfo"] = {"GroupId": peer[name], "UserId": peer.get("UserId", account())}
    if peer.get("Description"):
        answer["Description"] = peer["Description"]
    return answer


@operation("DescribeSecurityGroupRules")
def describe_security_group_rules(request: Record) -> Record:
    """One page of rules."""
    records = [rule for record in rows(store._security_groups) for rule in rules(record)]
    page, token = select(records, request, RULE_LISTING)
    return {"SecurityGroupRules": page, "NextToken": token}


def permissions(request: Record) -> list[Record]:
    """The permissions of a request, also from the short form, each with exactly one peer."""
    given = list(request.get("IpPermissions", []))
    if not given:
        short: Record = {k: request[k] for k in ("IpProtocol", "FromPort", "ToPort") if k in request}
        if request.get("CidrIp"):
            short["IpRanges"] = [{"CidrIp": request["CidrIp"]}]
        if request.get("SourceSecurityGroupName"):
            named = [r for r in rows(store._security_groups) if r["GroupName"] == request["SourceSecurityGroupName"]]
            short["UserIdGroupPairs"] = [{"GroupId": named[0]["GroupId"]}] if named else []
        given = [short] if short else []
    if not given:
        raise EC2Error("MissingParameter", "Either 'ipPermissions' or 'securityGroupRuleIds' should be provided.")
    return [single for permission in given for single in _single(permission)]


def _single(permission: Record) -> Iterator[Record]:
    protocol = str(permission.get("IpProtocol", "")).lower()
    protocol = PROTOCOLS.get(protocol, protocol)
    if not protocol:
        raise EC2Error("MissingParameter", "The request must contain the parameter ipProtocol")
    start, end = permission.get("FromPort"), permission.get("ToPort")
    if protocol in {"tcp", "udp"}:
        if start is None or end is None:
            raise EC2Error(
                "InvalidParameterValue", f"Invalid value 'Must specify both from and to ports with {protocol.upper()}.'"
            )
        if not -1 <= start <= end <= 65535:  # noqa: PLR2004 - the ports there are
            raise EC2Error("InvalidParameterValue", f"Invalid TCP/UDP port range ({start}:{end})")
    ports = {} if protocol == "-1" or start is None else {"FromPort": start, "ToPort": end}
    for listed, name in PEERS:
        for peer in permission.get(listed, []):
            value = str(peer.get(name, ""))
            if name in {"CidrIp", "CidrIpv6"}:
                try:
                    ipaddress.ip_network(value, strict=True)
                except ValueError as error:
                    raise EC2Error("InvalidParameterValue", f"CIDR block {value} is malformed") from error
            elif name == "GroupId":
                group(value)
                peer = {"UserId": account(), **peer}  # noqa: PLW2901 - the peer as it is kept
            yield {"IpProtocol": protocol, **ports, listed: [peer]}


def _same(first: Record, second: Record) -> bool:
    """Whether two single permissions are the same rule, whatever their descriptions say."""
    return _key(first) == _key(second)


def _key(permission: Record) -> tuple[object, ...]:
    peers = tuple((name, peer[name]) for listed, name in PEERS for peer in permission.get(listed, []))
    return (permission["IpProtocol"], permission.get("FromPort"), permission.get("ToPort"), peers)


def _split(held: list[Record]) -> list[Record]:
    """Kept permissions as single ones: ministack's own defaults carry several peers in one."""
    return [
        {**{k: permission[k] for k in ("IpProtocol", "FromPort", "ToPort") if k in permission}, listed: [peer]}
        for permission in held
        for listed, _ in PEERS
        for peer in permission.get(listed, [])
    ]


def _authorize(request: Record, direction: str) -> Record:
    record = group(request.get("GroupId") or _named(request))
    new = permissions(request)
    held = _split(record.get(direction, []))
    for permission in new:
        if any(_same(permission, other) for other in held):
            raise EC2Error("InvalidPermission.Duplicate", f'the specified rule "{_told(permission)}" already exists')
    if len(held) + len(new) > RULES_PER_DIRECTION:
        raise EC2Error(
            "RulesPerSecurityGroupLimitExceeded", "The maximum number of rules per security group has been reached."
        )
    end_dry_run(request)
    record[direction] = held + new
    egress = direction == "IpPermissionsEgress"
    added = list(rules({**record, "IpPermissions": [], "IpPermissionsEgress": [], direction: new}))
    for rule in added:
        set_tags(rule["SecurityGroupRuleId"], specified_tags(request, "security-group-rule"))
    return {"Return": True, "SecurityGroupRules": [{**r, "IsEgress": egress} for r in added]}


def _named(request: Record) -> str:
    name = request.get("GroupName", "")
    found = [r["GroupId"] for r in rows(store._security_groups) if r["GroupName"] == name]
    return str(found[0]) if found else str(name)


def _told(permission: Record) -> str:
    protocol = permission["IpProtocol"].upper() if permission["IpProtocol"] != "-1" else "ALL"
    peer = next(str(peer[name]) for listed, name in PEERS for peer in permission.get(listed, []))
    if "FromPort" not in permission:
        return f"peer: {peer}, {protocol}, ALLOW"
    return f"peer: {peer}, {protocol}, from port: {permission['FromPort']}, to port: {permission['ToPort']}, ALLOW"


def _revoke(request: Record, direction: str) -> Record:
    record = group(request.get("GroupId") or _named(request))
    held = _split(record.get(direction, []))
    if request.get("SecurityGroupRuleIds"):
        by_id = {
            next(iter(rules({**record, "IpPermissions": [], "IpPermissionsEgress": [], direction: [p]})))[
                "SecurityGroupRuleId"
            ]: p
            for p in held
        }
        unknown = [rule_id for rule_id in request["SecurityGroupRuleIds"] if rule_id not in by_id]
        if unknown:
            raise EC2Error(
                "InvalidSecurityGroupRuleId.NotFound", f"The security group rule ID '{unknown[0]}' does not exist"
            )
        gone = [by_id[rule_id] for rule_id in request["SecurityGroupRuleIds"]]
    else:
        gone = permissions(request)
    missing = [p for p in gone if not any(_same(p, other) for other in held)]
    if missing:
        raise EC2Error("InvalidPermission.NotFound", "The specified rule does not exist in this security group.")
    end_dry_run(request)
    record[direction] = [p for p in held if not any(_same(p, other) for other in gone)]
    return {"Return": True}


@operation("AuthorizeSecurityGroupIngress", checks_first=True)
def authorize_ingress(request: Record) -> Record:
    """The rules that now let traffic in."""
    return _authorize(request, "IpPermissions")


@operation("AuthorizeSecurityGroupEgress", checks_first=True)
def authorize_egress(request: Record) -> Record:
    """The rules that now let traffic out."""
    return _authorize(request, "IpPermissionsEgress")


@operation("RevokeSecurityGroupIngress", checks_first=True)
def revoke_ingress(request: Record) -> Record:
    """Whether the rules are gone."""
    return _revoke(request, "IpPermissions")


@operation("RevokeSecurityGroupEgress", checks_first=True)
def revoke_egress(request: Record) -> Record:
    """Whether the rules are gone."""
    return _revoke(request, "IpPermissionsEgress")
