"""Security group, and single rules beside it."""

from __future__ import annotations

from semanticworld.local.cloud.ec2.cfn.kinds import Kind, Place, Props, api, kind, retag, tag_specs
from semanticworld.local.cloud.ec2.security_groups import group, rules
from semanticworld.local.cloud.ec2.world import Record, rows, store

OPEN_EGRESS = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
# CloudFormation adds this rule when a template says nothing about egress.


def permission(rule: Props) -> Record:
    """A template's rule as the API's permission."""
    answer: Record = {"IpProtocol": str(rule.get("IpProtocol"))}
    for name in ("FromPort", "ToPort"):
        if rule.get(name) is not None:
            answer[name] = int(rule[name])
    told = {"Description": rule["Description"]} if rule.get("Description") else {}
    peers = {
        "IpRanges": ("CidrIp", rule.get("CidrIp")),
        "Ipv6Ranges": ("CidrIpv6", rule.get("CidrIpv6")),
        "PrefixListIds": ("PrefixListId", rule.get("SourcePrefixListId") or rule.get("DestinationPrefixListId")),
        "UserIdGroupPairs": (
            "GroupId",
            rule.get("SourceSecurityGroupId") or rule.get("DestinationSecurityGroupId") or _named(rule),
        ),
    }
    for listed, (name, value) in peers.items():
        if value:
            answer[listed] = [{name: value, **told}]
    return answer


def _named(rule: Props) -> str | None:
    name = rule.get("SourceSecurityGroupName")
    found = [r["GroupId"] for r in rows(store._security_groups) if name and r["GroupName"] == name]
    return str(found[0]) if found else None


def _group_create(props: Props, place: Place) -> str:
    group_id = str(
        api(
            "CreateSecurityGroup",
            GroupName=props.get("GroupName") or place.name(),
            Description=props.get("GroupDescription"),
            VpcId=props.get("VpcId"),
            TagSpecifications=tag_specs(props, "security-group"),
        )["GroupId"]
    )
    _set_rules(group_id, {}, props)
    return group_id


def _wanted(props: Props, name: str) -> list[Record]:
    given = [permission(rule) for rule in props.get(name) or []]
    return given or ([dict(OPEN_EGRESS)] if name == "SecurityGroupEgress" else [])


def _set_rules(group_id: str, old: Props, new: Props) -> None:
    """Bring the rules of the property to what it says; rules of other resources stay."""
    for name, direction in (("SecurityGroupIngress", "Ingress"), ("SecurityGroupEgress", "Egress")):
        before, after = _wanted(old, name), _wanted(new, name)
        gone = [rule for rule in before if rule not in after]
        added = [rule for rule in after if rule not in before]
        if gone:
            api(f"RevokeSecurityGroup{direction}", GroupId=group_id, IpPermissions=gone)
        if added:
            api(f"AuthorizeSecurityGroup{direction}", GroupId=group_id, IpPermissions=added)


def _group_update(group_id: str, old: Props, new: Props, _place: Place) -> None:
    _set_rules(group_id, old, new)
    retag(group_id, old, new)


def _group_attributes(group_id: str) -> Record:
    return {"GroupId": group_id, "Id": group_id, "VpcId": group(group_id)["VpcId"]}


def _group_delete(group_id: str, _props: Props) -> None:
    api("DeleteSecurityGroup", GroupId=group_id)


kind(
    Kind(
        name="AWS::EC2::SecurityGroup",
        create=_group_create,
        attributes=_group_attributes,
        update=_group_update,
        delete=_group_delete,
        tags_property="Tags",
        replacing=("GroupDescription", "GroupName", "VpcId"),
    )
)

_RULE = ("IpProtocol", "FromPort", "ToPort", "CidrIp", "CidrIpv6", "GroupId")


def _rule_kind(direction: str, *peers: str) -> Kind:
    def create(props: Props, _place: Place) -> str:
        group_id = props.get("GroupId") or _group_named(props.get("GroupName", ""))
        made = api(f"AuthorizeSecurityGroup{direction}", GroupId=group_id, IpPermissions=[permission(props)])
        return str(made["SecurityGroupRules"][0]["SecurityGroupRuleId"])

    def update(_rule_id: str, old: Props, new: Props, place: Place) -> str | None:
        if old.get("Description") == new.get("Description"):
            return None
        delete(_rule_id, old)
        return create(new, place)

    def delete(rule_id: str, props: Props) -> None:
        group_id = props.get("GroupId") or _group_named(props.get("GroupName", ""))
        if any(rule["SecurityGroupRuleId"] == rule_id for rule in rules(group(group_id))):
            api(f"RevokeSecurityGroup{direction}", GroupId=group_id, SecurityGroupRuleIds=[rule_id])

    return Kind(
        name=f"AWS::EC2::SecurityGroup{direction}",
        create=create,
        attributes=lambda rule_id: {"Id": rule_id},
        update=update,
        delete=delete,
        replacing=(*_RULE, *peers),
    )


def _group_named(name: str) -> str:
    found = [r["GroupId"] for r in rows(store._security_groups) if r["GroupName"] == name]
    return str(found[0]) if found else name


kind(
    _rule_kind(
        "Ingress",
        "SourceSecurityGroupId",
        "SourceSecurityGroupName",
        "SourceSecurityGroupOwnerId",
        "SourcePrefixListId",
        "GroupName",
    )
)
kind(_rule_kind("Egress", "DestinationSecurityGroupId", "DestinationPrefixListId"))
