"""Which properties of each type are modelled; one that AWS knows and this cloud does not is refused, never dropped."""

from __future__ import annotations

from collections.abc import Mapping

_ROUTE_TARGETS = (
    "GatewayId NatGatewayId InstanceId NetworkInterfaceId VpcPeeringConnectionId TransitGatewayId "
    "EgressOnlyInternetGatewayId VpcEndpointId"
)
_RULE = "GroupId IpProtocol FromPort ToPort CidrIp CidrIpv6 Description"

PROPERTIES: Mapping[str, frozenset[str]] = {
    f"AWS::EC2::{name}": frozenset(listed.split())
    for name, listed in {
        "VPC": "CidrBlock InstanceTenancy EnableDnsSupport EnableDnsHostnames Tags",
        "Subnet": "VpcId CidrBlock AvailabilityZone AvailabilityZoneId MapPublicIpOnLaunch "
        "AssignIpv6AddressOnCreation PrivateDnsNameOptionsOnLaunch Tags",
        "InternetGateway": "Tags",
        "VPCGatewayAttachment": "VpcId InternetGatewayId",
        "RouteTable": "VpcId Tags",
        "Route": f"RouteTableId DestinationCidrBlock DestinationIpv6CidrBlock DestinationPrefixListId {_ROUTE_TARGETS}",
        "SubnetRouteTableAssociation": "SubnetId RouteTableId",
        "EIP": "Domain InstanceId Tags",
        "EIPAssociation": "AllocationId EIP InstanceId NetworkInterfaceId",
        "NatGateway": "SubnetId AllocationId ConnectivityType PrivateIpAddress Tags",
        "SecurityGroup": "GroupName GroupDescription VpcId SecurityGroupIngress SecurityGroupEgress Tags",
        "SecurityGroupIngress": f"{_RULE} GroupName SourceSecurityGroupId SourceSecurityGroupName "
        "SourceSecurityGroupOwnerId SourcePrefixListId",
        "SecurityGroupEgress": f"{_RULE} DestinationSecurityGroupId DestinationPrefixListId",
        "VPCEndpoint": "VpcId ServiceName VpcEndpointType PolicyDocument RouteTableIds SubnetIds SecurityGroupIds "
        "PrivateDnsEnabled IpAddressType Tags",
        "FlowLog": "ResourceId ResourceType TrafficType LogDestination LogDestinationType LogGroupName LogFormat "
        "MaxAggregationInterval DeliverLogsPermissionArn Tags",
        "LaunchTemplate": "LaunchTemplateName LaunchTemplateData VersionDescription TagSpecifications",
        "Instance": "ImageId InstanceType KeyName SubnetId SecurityGroupIds SecurityGroups BlockDeviceMappings UserData "
        "EbsOptimized DisableApiTermination InstanceInitiatedShutdownBehavior PrivateIpAddress LaunchTemplate "
        "MetadataOptions CpuOptions HibernationOptions EnclaveOptions IamInstanceProfile Monitoring AvailabilityZone "
        "Tenancy PlacementGroupName NetworkInterfaces PropagateTagsToVolumeOnCreation SourceDestCheck Volumes Tags",
        "Volume": "AvailabilityZone AvailabilityZoneId Encrypted KmsKeyId SnapshotId MultiAttachEnabled Size VolumeType "
        "Iops Throughput Tags",
        "VolumeAttachment": "Device InstanceId VolumeId",
        "NetworkInterface": "SubnetId Description GroupSet PrivateIpAddress Tags",
    }.items()
}
