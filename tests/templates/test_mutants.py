"""The gate is tested: each mutant has one defect in a template, and the named check must find it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping

import pytest

from template_gate import CHECKS
from template_gate.worlds import template, worlds_of

Body = dict[str, object]
Edit = Callable[[Body], None]
BY_NAME = {check.__name__: check for check in CHECKS}
GONE = object()
YES, NO = True, False


def put(path: str, value: object) -> Edit:
    """An edit that sets (or, with GONE, removes) what stands at the slash-separated path."""

    def edit(body: Body) -> None:
        *way, last = path.split("/")
        here: object = body
        for step in way:
            here = here[int(step)] if isinstance(here, list) else here[step]  # type: ignore[index]
        if value is GONE:
            del here[int(last) if isinstance(here, list) else last]  # type: ignore[attr-defined]
        else:
            here[int(last) if isinstance(here, list) else last] = copy.deepcopy(value)  # type: ignore[index]

    return edit


def add(path: str, value: object) -> Edit:
    """An edit that appends to the list at the path."""

    def edit(body: Body) -> None:
        here: object = body
        for step in path.split("/"):
            here = here[int(step)] if isinstance(here, list) else here[step]  # type: ignore[index]
        here.append(copy.deepcopy(value))  # type: ignore[attr-defined]

    return edit


def statement(sid: str, change: Mapping[str, object]) -> Edit:
    """An edit of every policy statement with the Sid; GONE removes a key."""

    def walk(value: object) -> None:
        if isinstance(value, dict):
            if value.get("Sid") == sid:
                value.update(copy.deepcopy({key: part for key, part in change.items() if part is not GONE}))
                for key in [key for key, part in change.items() if part is GONE]:
                    value.pop(key)
            for part in value.values():
                walk(part)
        elif isinstance(value, list):
            for part in value:
                walk(part)

    return walk


R = "Resources"
LT = f"{R}/LaunchTemplate/Properties/LaunchTemplateData"
BUCKET = f"{R}/Bucket/Properties"
WORLD_RULE = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0"}
HIDDEN = {"Fn::If": ["HasBastion", WORLD_RULE, {"Ref": "AWS::NoValue"}]}
INGRESS = f"{R}/NodeSecurityGroup/Properties/SecurityGroupIngress"
ASSUME = "AssumeRolePolicyDocument/Statement/0"

MUTANTS: tuple[tuple[str, str, str, Edit], ...] = (
    ("base", "ingress from the world", "ingress_from_within_only", add(INGRESS, WORLD_RULE)),
    ("base", "ingress from the world behind a condition", "ingress_from_within_only", add(INGRESS, HIDDEN)),
    ("base", "ingress from the world by IPv6", "ingress_from_within_only", add(INGRESS, {**WORLD_RULE, "CidrIp": None, "CidrIpv6": "::/0"})),
    ("base", "ingress on every port", "ingress_from_within_only", put(f"{INGRESS}/0/Fn::If/1/ToPort", 65535)),
    ("base", "ingress of every protocol", "ingress_from_within_only", put(f"{INGRESS}/0/Fn::If/1/IpProtocol", "-1")),
    ("base", "ingress from another group", "ingress_from_within_only", put(f"{INGRESS}/3/Fn::If/1/SourceSecurityGroupId", "sg-11111111")),
    ("base", "an ingress rule of its own", "ingress_from_within_only", put(f"{R}/Extra", {"Type": "AWS::EC2::SecurityGroupIngress", "Properties": WORLD_RULE})),
    ("base", "egress everywhere", "egress_is_narrow", add(f"{R}/NodeSecurityGroup/Properties/SecurityGroupEgress", {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"})),
    ("base", "no egress rules", "egress_is_narrow", put(f"{R}/NodeSecurityGroup/Properties/SecurityGroupEgress", [])),
    ("base", "no TLS-only policy", "bucket_speaks_tls_only", put(f"{R}/BucketPolicy", GONE)),
    ("base", "TLS-only for the bucket, not its objects", "bucket_speaks_tls_only", statement("TlsOnly", {"Resource": [{"Fn::GetAtt": ["Bucket", "Arn"]}]})),
    ("base", "TLS-only as an allow", "bucket_speaks_tls_only", statement("TlsOnly", {"Effect": "Allow"})),
    ("base", "bucket may be public", "bucket_is_private", put(f"{BUCKET}/PublicAccessBlockConfiguration/RestrictPublicBuckets", NO)),
    ("base", "bucket with ACLs", "bucket_is_private", put(f"{BUCKET}/OwnershipControls", GONE)),
    ("base", "bucket unencrypted", "bucket_is_encrypted_and_versioned", put(f"{BUCKET}/BucketEncryption", GONE)),
    ("base", "bucket without versions", "bucket_is_encrypted_and_versioned", put(f"{BUCKET}/VersioningConfiguration/Status", "Suspended")),
    ("base", "uploads kept for ever", "bucket_is_encrypted_and_versioned", put(f"{BUCKET}/LifecycleConfiguration/Rules/0", GONE)),
    ("base", "bucket lost with its stack", "what_stays_is_said", put(f"{R}/Bucket/DeletionPolicy", "Delete")),
    ("base", "bucket lost by replacement", "what_stays_is_said", put(f"{R}/Bucket/UpdateReplacePolicy", GONE)),
    ("base", "logs kept for ever", "logs_end", put(f"{R}/LogGroup/Properties/RetentionInDays", GONE)),
    ("base", "an action with a star", "no_wildcard_actions", statement("Logs", {"Action": ["logs:*"]})),
    ("base", "all actions but some", "no_wildcard_actions", statement("Logs", {"NotAction": "logs:DeleteLogGroup"})),
    ("base", "objects of every bucket", "no_wildcard_resources", statement("DataObjects", {"Resource": "*"})),
    ("base", "every parameter of the account", "no_wildcard_resources", statement("OwnParameters", {"Resource": "*"})),
    ("base", "buckets of other accounts", "node_role_is_exact", statement("DataObjects", {"Condition": GONE})),
    ("base", "any metric namespace", "node_role_is_exact", statement("Metrics", {"Condition": GONE})),
    ("base", "one action more", "node_role_is_exact", statement("SayReady", {"Action": ["cloudformation:SignalResource", "ssm:SendCommand"]})),
    ("base", "more than the boundary", "boundary_covers_the_roles", statement("SayReady", {"Action": ["cloudformation:SignalResource", "ssm:SendCommand"]})),
    ("base", "any region", "boundary_covers_the_roles", statement("Ceiling", {"Condition": {"StringEquals": {"a": "b"}}})),
    ("base", "stopping any instance", "resources_are_ours", statement("StopTagged", {"Condition": GONE})),
    ("base", "stopping any environment's instances", "resources_are_ours", statement("StopTagged", {"Condition": {"StringEquals": {"aws:ResourceTag/Project": "semanticworld"}}})),
    ("base", "expiring any snapshot", "resources_are_ours", statement("Expire", {"Condition": GONE})),
    ("base", "logs of any account", "resources_are_ours", statement("Logs", {"Resource": "arn:aws:logs:*:*:log-group:*"})),
    ("base", "no boundary on the node", "every_role_has_a_boundary", put(f"{R}/NodeRole/Properties/PermissionsBoundary", GONE)),
    ("base", "no boundary on the lease", "every_role_has_a_boundary", put(f"{R}/LeaseRole/Properties/PermissionsBoundary", GONE)),
    ("base", "a broad managed policy", "every_role_has_a_boundary", put(f"{R}/NodeRole/Properties/ManagedPolicyArns", ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"])),
    ("base", "a user", "every_role_has_a_boundary", put(f"{R}/User", {"Type": "AWS::IAM::User"})),
    ("base", "IMDSv1 credentials are good", "boundary_denies_stolen_credentials", statement("NoImdsV1Credentials", {"Condition": {"NumericLessThan": {"ec2:RoleDelivery": "1.0"}}})),
    ("base", "credentials work elsewhere", "boundary_denies_stolen_credentials", statement("OnlyFromItsVpc", {"Effect": "Allow"})),
    ("base", "the VPC test breaks NAT", "boundary_denies_stolen_credentials", put("Conditions/EgressThroughEndpoints", {"Fn::Equals": ["a", "a"]})),
    ("base", "NAT addresses forgotten", "boundary_denies_stolen_credentials", put("Conditions/EgressAddressesKnown", {"Fn::Equals": ["a", "b"]})),
    ("base", "alarms of any account", "service_principals_are_bound", statement("AlarmsOfThisAccount", {"Condition": GONE})),
    ("base", "the lease role for any account", "service_principals_are_bound", put(f"{R}/LeaseRole/Properties/{ASSUME}/Condition", GONE)),
    ("base", "the snapshot role for any account", "service_principals_are_bound", put(f"{R}/SnapshotRole/Properties/{ASSUME}/Condition/ArnLike", GONE)),
    ("base", "passing any role", "pass_role_is_bound", statement("LeaseRole", {"Resource": "*"})),
    ("base", "passing the role to any service", "pass_role_is_bound", statement("LeaseRole", {"Condition": GONE})),
    ("base", "creating policies", "pass_role_is_bound", statement("LeaseRole", {"Action": ["iam:PassRole", "iam:CreatePolicyVersion"]})),
    ("base", "an export forgotten", "exports_are_the_contract", put("Outputs/TopicArn/Export", GONE)),
    ("base", "an export of another name", "exports_are_the_contract", put("Outputs/TopicArn/Export/Name", "topic")),
    ("base", "a parameter without bounds", "parameters_are_labelled_and_constrained", put("Parameters/OldVersionDays/MaxValue", GONE)),
    ("base", "a parameter without explanation", "parameters_are_labelled_and_constrained", put("Parameters/OldVersionDays/ConstraintDescription", GONE)),
    ("base", "a parameter without a label", "parameters_are_labelled_and_constrained", put("Metadata/AWS::CloudFormation::Interface/ParameterLabels/AlertEmail", GONE)),
    ("base", "a parameter in no group", "parameters_are_labelled_and_constrained", put("Metadata/AWS::CloudFormation::Interface/ParameterGroups/2/Parameters/0", GONE)),
    ("base", "a loose pattern", "parameters_are_labelled_and_constrained", put("Parameters/SnapshotTime/AllowedPattern", "[0-9]+")),
    ("base", "an untagged role", "everything_is_tagged", put(f"{R}/NodeRole/Properties/Tags", GONE)),
    ("base", "no owner", "everything_is_tagged", put(f"{R}/Bucket/Properties/Tags/5", GONE)),
    ("base", "the budget untagged", "everything_is_tagged", put(f"{R}/Budget/Properties/ResourceTags", [])),
    ("base", "a fixed name", "names_begin_with_project_and_environment", put(f"{R}/AlertTopic/Properties/TopicName", "alerts")),
    ("base", "a name that grows too long", "names_begin_with_project_and_environment", put(f"{BUCKET}/BucketName", {"Fn::Sub": "${ProjectName}-${Environment}-data-and-artifacts-${AWS::AccountId}-${AWS::Region}"})),
    ("base", "the budget warns late", "budget_warns", put(f"{R}/Budget/Properties/NotificationsWithSubscribers/0", GONE)),
    ("base", "the budget counts the account", "budget_warns", put(f"{R}/Budget/Properties/Budget/FilterExpression/And/0", GONE)),
    ("base", "snapshots disabled", "snapshots_are_made", put(f"{R}/SnapshotPolicy/Properties/State", "DISABLED")),
    ("base", "snapshots of nothing", "snapshots_are_made", put(f"{R}/SnapshotPolicy/Properties/PolicyDetails/TargetTags/0/Key", "Backup")),
    ("base", "alerts to somebody else", "alerts_have_an_address", put(f"{R}/AlertSubscription/Properties/Endpoint", "other@example.org")),
    ("compute", "a public address", "no_public_address", put(f"{LT}/NetworkInterfaces/0/AssociatePublicIpAddress", YES)),
    ("compute", "a public address by default", "no_public_address", put(f"{LT}/NetworkInterfaces/0/AssociatePublicIpAddress", GONE)),
    ("compute", "a subnet beside the template", "no_public_address", put(f"{R}/Instance/Properties/SubnetId", "subnet-1")),
    ("compute", "an elastic address", "no_public_address", put(f"{R}/Address", {"Type": "AWS::EC2::EIP", "Properties": {"Tags": []}})),
    ("compute", "IMDSv1", "metadata_is_guarded", put(f"{LT}/MetadataOptions/HttpTokens", "optional")),
    ("compute", "a second hop", "metadata_is_guarded", put(f"{LT}/MetadataOptions/HttpPutResponseHopLimit", 2)),
    ("compute", "tags in metadata", "metadata_is_guarded", put(f"{LT}/MetadataOptions/InstanceMetadataTags", "enabled")),
    ("compute", "no metadata options", "metadata_is_guarded", put(f"{LT}/MetadataOptions", GONE)),
    ("compute", "a key pair", "no_key_pair", put(f"{LT}/KeyName", "mine")),
    ("compute", "a key pair on the instance", "no_key_pair", put(f"{R}/Instance/Properties/KeyName", "mine")),
    ("compute", "not EBS-optimized", "launch_is_complete", put(f"{LT}/EbsOptimized", NO)),
    ("compute", "no detailed monitoring", "launch_is_complete", put(f"{LT}/Monitoring/Enabled", NO)),
    ("compute", "lost by a shutdown", "launch_is_complete", put(f"{LT}/InstanceInitiatedShutdownBehavior", "terminate")),
    ("compute", "no profile", "launch_is_complete", put(f"{LT}/IamInstanceProfile", GONE)),
    ("compute", "the wrong subnet", "launch_is_complete", put("Conditions/InSecondZone", {"Fn::Equals": ["a", "b"]})),
    ("compute", "the default security group", "launch_is_complete", put(f"{LT}/NetworkInterfaces/0/Groups/0", {"Fn::ImportValue": "x-default-sg-id"})),
    ("compute", "an untagged root volume", "launch_is_complete", put(f"{R}/Instance/Properties/PropagateTagsToVolumeOnCreation", GONE)),
    ("compute", "a fixed type", "launch_is_complete", put(f"{R}/Instance/Properties/InstanceType", "p5.48xlarge")),
    ("compute", "protection forgotten", "protection_is_as_asked", put(f"{R}/Instance/Properties/DisableApiTermination", GONE)),
    ("compute", "root unencrypted", "volumes_are_encrypted", put(f"{LT}/BlockDeviceMappings/0/Ebs/Encrypted", NO)),
    ("compute", "root as the image has it", "volumes_are_encrypted", put(f"{LT}/BlockDeviceMappings", [])),
    ("compute", "root left behind", "volumes_are_encrypted", put(f"{LT}/BlockDeviceMappings/0/Ebs/DeleteOnTermination", NO)),
    ("compute", "data unencrypted", "volumes_are_encrypted", put(f"{R}/DataVolume/Properties/Encrypted", GONE)),
    ("compute", "data on gp2", "volumes_are_encrypted", put(f"{R}/DataVolume/Properties/VolumeType", "gp2")),
    ("compute", "data lost with its stack", "what_stays_is_said", put(f"{R}/DataVolume/DeletionPolicy", GONE)),
    ("compute", "data lost by replacement", "what_stays_is_said", put(f"{R}/DataVolume/UpdateReplacePolicy", "Delete")),
    ("compute", "data in another zone", "data_volume_is_as_asked", put(f"{R}/DataVolume/Properties/AvailabilityZone", {"Fn::ImportValue": "x-public-subnet-2-az"})),
    ("compute", "data never attached", "data_volume_is_as_asked", put(f"{R}/DataVolumeAttachment", GONE)),
    ("compute", "data without snapshots", "data_volume_is_as_asked", put(f"{R}/DataVolume/Properties/Tags/6", GONE)),
    ("compute", "an alarm that tells nobody", "alarms_tell_people", put(f"{R}/DiskAlarm/Properties/AlarmActions", [])),
    ("compute", "an alarm that stops the node", "alarms_tell_people", add(f"{R}/DiskAlarm/Properties/AlarmActions", "arn:aws:automate:eu-central-1:ec2:stop")),
    ("compute", "silence as a fault", "alarms_tell_people", put(f"{R}/DiskAlarm/Properties/TreatMissingData", "breaching")),
    ("compute", "no heartbeat", "alarms_tell_people", put(f"{R}/HeartbeatAlarm", GONE)),
    ("compute", "another namespace", "alarms_tell_people", put(f"{R}/DiskAlarm/Properties/Namespace", "CWAgent")),
    ("compute", "no dimension", "alarms_tell_people", put(f"{R}/DiskAlarm/Properties/Dimensions", [])),
    ("compute", "a secret in user data", "no_user_data_secret", put(f"{LT}/UserData", "export DB_PASSWORD=hunter2")),
    ("compute", "an output forgotten", "outputs_are_the_contract", put("Outputs/InstanceRoleArn", GONE)),
    ("compute", "another session command", "outputs_are_the_contract", put("Outputs/SessionCommand/Value", "ssh")),
    ("compute", "an output without words", "outputs_are_described", put("Outputs/InstancePrivateIp/Description", "")),
    ("compute", "an untagged launch template", "everything_is_tagged", put(f"{R}/LaunchTemplate/Properties/TagSpecifications", [])),
    ("networking", "public subnets hand out addresses", "no_public_address", put(f"{R}/PublicSubnet1/Properties/MapPublicIpOnLaunch", YES)),
    ("networking", "private route to the internet", "private_subnets_have_no_way_in", put(f"{R}/PrivateRoute2/Properties/GatewayId", "igw")),
    ("networking", "private subnet on the public table", "private_subnets_have_no_way_in", put(f"{R}/PrivateSubnet2Routes/Properties/RouteTableId", {"Ref": "PublicRouteTable"})),
    ("networking", "no way out from the second zone", "nodes_reach_aws", put(f"{R}/PrivateRoute2", GONE)),
    ("networking", "an endpoint forgotten", "nodes_reach_aws", put(f"{R}/SchedulerEndpoint", GONE)),
    ("networking", "NAT 0 without endpoints", "nodes_reach_aws", put("Rules/WithoutNatEveryEndpoint", GONE)),
    ("networking", "an endpoint without a private name", "nodes_reach_aws", put(f"{R}/SsmEndpoint/Properties/PrivateDnsEnabled", NO)),
    ("networking", "no S3 endpoint", "nodes_reach_aws", put(f"{R}/S3Endpoint", GONE)),
    ("networking", "S3 endpoint without a policy", "endpoint_policy_keeps_data_in", put(f"{R}/S3Endpoint/Properties/PolicyDocument", GONE)),
    ("networking", "S3 endpoint writes anywhere", "endpoint_policy_keeps_data_in", statement("BucketsOfThisAccount", {"Condition": GONE})),
    ("networking", "S3 reads anywhere, always", "endpoint_policy_keeps_data_in", put("Conditions/ReadsAnywhere", {"Fn::Equals": ["a", "a"]})),
    ("networking", "subnets overlap", "subnets_lie_apart_in_the_vpc", put(f"{R}/PrivateSubnet2/Properties/CidrBlock/Fn::Select/0", 2)),
    ("networking", "no DNS names", "subnets_lie_apart_in_the_vpc", put(f"{R}/Vpc/Properties/EnableDnsHostnames", NO)),
    ("networking", "no flow logs", "traffic_is_logged", put(f"{R}/FlowLog", GONE)),
    ("networking", "flow log role for any account", "service_principals_are_bound", put(f"{R}/FlowLogRole/Properties/{ASSUME}/Condition", GONE)),
    ("networking", "flow log role without a boundary", "every_role_has_a_boundary", put(f"{R}/FlowLogRole/Properties/PermissionsBoundary", GONE)),
    ("networking", "the open default group", "egress_is_narrow", put(f"{R}/ClosedSecurityGroup/Properties/SecurityGroupEgress", GONE)),
    ("networking", "endpoints open to the world", "ingress_from_within_only", put(f"{R}/EndpointSecurityGroup/Properties/SecurityGroupIngress/0/CidrIp", "0.0.0.0/0")),
    ("networking", "an untagged subnet", "everything_is_tagged", put(f"{R}/PrivateSubnet1/Properties/Tags", GONE)),
    ("networking", "an export forgotten", "exports_are_the_contract", put("Outputs/PublicSubnet2Az", GONE)),
    ("networking", "an export too many", "exports_are_the_contract", put("Outputs/NatAddresses/Export", {"Name": "semanticworld-dev-extra"})),
)  # fmt: skip


@pytest.mark.parametrize(("layer", "defect", "check", "edit"), MUTANTS, ids=[f"{m[0]}: {m[1]}" for m in MUTANTS])
def test_a_defect_is_found(layer: str, defect: str, check: str, edit: Edit) -> None:
    body = copy.deepcopy(dict(template(layer)))
    edit(body)
    assert body != template(layer), defect
    assert any(True for world in worlds_of(layer, body) for _ in BY_NAME[check](world)), f"{check} overlooks it"


def test_every_check_is_proven_by_a_mutant() -> None:
    assert set(BY_NAME) == {mutant[2] for mutant in MUTANTS}
