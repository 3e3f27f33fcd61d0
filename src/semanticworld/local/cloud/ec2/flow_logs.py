"""Flow logs of VPCs, subnets and interfaces."""

from __future__ import annotations

from semanticworld.local.cloud.ec2.dispatch import end_dry_run, operation
from semanticworld.local.cloud.ec2.errors import EC2Error
from semanticworld.local.cloud.ec2.query import Listing, member, select
from semanticworld.local.cloud.ec2.world import (
    Record,
    find,
    new_id,
    rows,
    set_tags,
    specified_tags,
    stamp,
    store,
    tagged,
)

FORMAT = (
    "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} "
    "${bytes} ${start} ${end} ${action} ${log-status}"
)
INTERVALS_S = (60, 600)
KINDS = {
    "VPC": ("_vpcs", "InvalidVpcId.NotFound"),
    "Subnet": ("_subnets", "InvalidSubnetId.NotFound"),
    "NetworkInterface": ("_network_interfaces", "InvalidNetworkInterfaceId.NotFound"),
}

LISTING = Listing(
    id_member="FlowLogId",
    ids_member="FlowLogIds",
    not_found="InvalidFlowLogId.NotFound",
    not_found_text="The flow log ID '{id}' does not exist",
    smallest_page=1,
    filters={
        "flow-log-id": member("FlowLogId"),
        "resource-id": member("ResourceId"),
        "log-group-name": member("LogGroupName"),
        "log-destination-type": member("LogDestinationType"),
        "traffic-type": member("TrafficType"),
        "deliver-log-status": member("DeliverLogsStatus"),
    },
)


@operation("CreateFlowLogs", checks_first=True, once="ClientToken")
def create_flow_logs(request: Record) -> Record:
    """Ids of the flow logs, and the resources that could not have one."""
    kind = request["ResourceType"]
    if kind not in KINDS:
        raise EC2Error("InvalidParameterValue", f"Invalid resource type: {kind}")
    destination_type = request.get("LogDestinationType", "cloud-watch-logs")
    _check_destination(request, destination_type)
    interval = int(request.get("MaxAggregationInterval", INTERVALS_S[1]))
    if interval not in INTERVALS_S:
        raise EC2Error("InvalidParameterValue", "Invalid Flow Log Max Aggregation Interval")
    end_dry_run(request)
    made, refused = [], []
    store_name, code = KINDS[kind]
    for resource_id in request["ResourceIds"]:
        if getattr(store, store_name).get(resource_id) is None:
            message = f"The {kind} ID '{resource_id}' does not exist"
            refused.append({"ResourceId": resource_id, "Error": {"Code": code, "Message": message}})
            continue
        log_id = new_id("fl")
        record = {
            "FlowLogId": log_id,
            "ResourceId": resource_id,
            "TrafficType": request.get("TrafficType", "ALL"),
            "LogDestinationType": destination_type,
            "LogDestination": request.get("LogDestination"),
            "LogGroupName": request.get("LogGroupName"),
            "DeliverLogsPermissionArn": request.get("DeliverLogsPermissionArn"),
            "DeliverLogsStatus": "SUCCESS",
            "FlowLogStatus": "ACTIVE",
            "CreationTime": stamp(),
            "LogFormat": request.get("LogFormat") or FORMAT,
            "MaxAggregationInterval": interval,
        }
        store._flow_logs[log_id] = record
        set_tags(log_id, specified_tags(request, "vpc-flow-log"))
        made.append(log_id)
    return {"FlowLogIds": made, "Unsuccessful": refused, "ClientToken": request.get("ClientToken")}


def _check_destination(request: Record, destination_type: str) -> None:
    if destination_type == "cloud-watch-logs":
        if not request.get("DeliverLogsPermissionArn"):
            raise EC2Error(
                "InvalidParameter", "DeliverLogsPermissionArn can't be empty if LogDestinationType is cloud-watch-logs."
            )
        if not request.get("LogGroupName") and not request.get("LogDestination"):
            raise EC2Error("InvalidParameter", "LogGroupName can't be empty if LogDestination is not provided.")
    elif not request.get("LogDestination"):
        raise EC2Error("InvalidParameter", "LogDestination can't be empty if LogGroupName is not provided.")


@operation("DescribeFlowLogs")
def describe_flow_logs(request: Record) -> Record:
    """One page of flow logs."""
    given = {**request, "Filters": request.get("Filter", [])}
    page, token = select(rows(store._flow_logs), given, LISTING)
    return {"FlowLogs": [tagged(record, record["FlowLogId"]) for record in page], "NextToken": token}


@operation("DeleteFlowLogs", checks_first=True)
def delete_flow_logs(request: Record) -> Record:
    """What could not be deleted."""
    for log_id in request["FlowLogIds"]:
        find(store._flow_logs, log_id, LISTING.not_found, LISTING.not_found_text)
    end_dry_run(request)
    for log_id in request["FlowLogIds"]:
        store._flow_logs.pop(log_id, None)
        store._tags.pop(log_id, None)
    return {"Unsuccessful": []}
