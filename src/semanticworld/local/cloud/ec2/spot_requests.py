"""The spot requests behind spot instances."""

from __future__ import annotations

from semanticworld.local.cloud.ec2.dispatch import operation
from semanticworld.local.cloud.ec2.query import Listing, member, select
from semanticworld.local.cloud.ec2.world import Record, rows, store

SPOT_LISTING = Listing(
    id_member="SpotInstanceRequestId",
    ids_member="SpotInstanceRequestIds",
    not_found="InvalidSpotInstanceRequestID.NotFound",
    not_found_text="The spot instance request ID '{id}' does not exist",
    filters={
        "instance-id": member("InstanceId"),
        "spot-instance-request-id": member("SpotInstanceRequestId"),
        "state": member("State"),
        "type": member("Type"),
        "status-code": member("Status", "Code"),
    },
)


@operation("DescribeSpotInstanceRequests")
def describe_spot_instance_requests(request: Record) -> Record:
    """One page of the spot requests behind spot instances."""
    found = []
    for record in rows(store._instances):
        if record.get("InstanceLifecycle") != "spot":
            continue
        state = record["State"]["Name"]
        gone = state in {"terminated", "shutting-down"}
        found.append(
            {
                "SpotInstanceRequestId": record["SpotInstanceRequestId"],
                "InstanceId": record["InstanceId"],
                "Type": record["_spot"]["type"],
                "InstanceInterruptionBehavior": record["_spot"]["behaviour"],
                "State": "closed" if gone else "disabled" if state in {"stopping", "stopped"} else "active",
                "Status": {
                    "Code": "instance-terminated-by-user" if gone else "fulfilled",
                    "Message": "Your Spot request is fulfilled." if not gone else "Your Spot Instance was terminated.",
                    "UpdateTime": record["LaunchTime"],
                },
                "CreateTime": record["LaunchTime"],
                "LaunchedAvailabilityZone": record["Placement"]["AvailabilityZone"],
                "ProductDescription": "Linux/UNIX",
                "SpotPrice": record["_spot"].get("max_price"),
            }
        )
    page, token = select(found, request, SPOT_LISTING)
    return {"SpotInstanceRequests": page, "NextToken": token}
