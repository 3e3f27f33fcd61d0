"""Launch templates and their versions."""

from __future__ import annotations

import re

from semanticworld.local.cloud.ec2.dispatch import end_dry_run, operation
from semanticworld.local.cloud.ec2.errors import EC2Error
from semanticworld.local.cloud.ec2.query import Listing, member, page, select
from semanticworld.local.cloud.ec2.world import (
    Record,
    account,
    new_id,
    rows,
    set_tags,
    specified_tags,
    stamp,
    store,
    tagged,
    tags,
)

NAME = re.compile(r"[a-zA-Z0-9().\-/_]{3,128}")
# Source: EC2 User Guide, Tag your resources: resource types that a launch can tag, 2026.
LAUNCH_TAGGABLE = frozenset({"instance", "volume", "network-interface", "spot-instances-request", "elastic-gpu"})

LISTING = Listing(
    id_member="LaunchTemplateId",
    ids_member="LaunchTemplateIds",
    not_found="InvalidLaunchTemplateId.NotFound",
    not_found_text="The specified launch template, with template ID {id}, does not exist.",
    smallest_page=1,
    filters={"create-time": member("CreateTime"), "launch-template-name": member("LaunchTemplateName")},
)
VERSION_LISTING = Listing(
    id_member="VersionNumber",
    ids_member="",
    not_found="",
    not_found_text="",
    smallest_page=1,
    tag_filters=False,
    filters={
        "create-time": member("CreateTime"),
        "ebs-optimized": member("LaunchTemplateData", "EbsOptimized"),
        "http-tokens": member("LaunchTemplateData", "MetadataOptions", "HttpTokens"),
        "iam-instance-profile": member("LaunchTemplateData", "IamInstanceProfile", "Arn"),
        "image-id": member("LaunchTemplateData", "ImageId"),
        "instance-type": member("LaunchTemplateData", "InstanceType"),
        "is-default-version": member("DefaultVersion"),
    },
)


def template(spec: Record) -> Record:
    """The template that a request names by id or by name, or EC2's refusal."""
    template_id, name = spec.get("LaunchTemplateId"), spec.get("LaunchTemplateName")
    if template_id and name:
        raise EC2Error(
            "InvalidParameterCombination", "Only one of launch template ID or launch template name can be specified."
        )
    if not template_id and not name:
        raise EC2Error("MissingParameter", "Either a launch template ID or a launch template name must be specified.")
    if template_id:
        if not re.fullmatch(r"lt-([0-9a-f]{8}|[0-9a-f]{17})", template_id):
            raise EC2Error(
                "InvalidLaunchTemplateId.Malformed", f"The specified launch template ID {template_id} is not valid."
            )
        record = store._launch_templates.get(template_id)
        if record is None:
            raise EC2Error(LISTING.not_found, LISTING.not_found_text.format(id=template_id))
        found: Record = record
        return found
    for found in rows(store._launch_templates):
        if found["LaunchTemplateName"] == name:
            return found
    raise EC2Error(
        "InvalidLaunchTemplateName.NotFoundException",
        f"The specified launch template, with template name {name}, does not exist.",
    )


def version(record: Record, wanted: object = "$Default") -> Record:
    """One version of a template: a number, $Latest or $Default."""
    text = str(wanted or "$Default")
    numbers = {"$Latest": record["LatestVersionNumber"], "$Default": record["DefaultVersionNumber"]}
    for held in record["Versions"]:
        if str(held["VersionNumber"]) == str(numbers.get(text, text)):
            found: Record = held
            return found
    raise EC2Error(
        "InvalidLaunchTemplateId.VersionNotFound",
        f"Could not find the specified version {text} for the launch template with ID {record['LaunchTemplateId']}.",
    )


def _check(data: Record) -> None:
    if not data:
        raise EC2Error("MissingParameter", "The request must contain the parameter LaunchTemplateData")
    if data.get("NetworkInterfaces") and (data.get("SecurityGroupIds") or data.get("SecurityGroups")):
        raise EC2Error(
            "InvalidParameterCombination",
            "Network interfaces and an instance-level security groups may not be specified on the same request",
        )
    for spec in data.get("TagSpecifications", []):
        if spec.get("ResourceType") not in LAUNCH_TAGGABLE:
            raise EC2Error(
                "InvalidParameterValue",
                f"'{spec.get('ResourceType')}' is not a valid taggable resource type for this operation.",
            )


def shown(record: Record) -> Record:
    """A template as DescribeLaunchTemplates has it."""
    return tagged(record, record["LaunchTemplateId"])


def _version_shown(held: Record) -> Record:
    data = held["LaunchTemplateData"]
    if "MetadataOptions" in data:
        data = {**data, "MetadataOptions": {"State": "applied", **data["MetadataOptions"]}}
    return {**held, "LaunchTemplateData": data}


@operation("CreateLaunchTemplate", checks_first=True, once="ClientToken")
def create_launch_template(request: Record) -> Record:
    """A template with its first version."""
    name, data = request["LaunchTemplateName"], request["LaunchTemplateData"]
    if not NAME.fullmatch(name):
        raise EC2Error(
            "InvalidLaunchTemplateName.MalformedException",
            "A launch template name must be between 3 and 128 characters, and may contain letters, numbers, and the "
            "following characters: - ( ) . / _.",
        )
    if any(record["LaunchTemplateName"] == name for record in rows(store._launch_templates)):
        raise EC2Error("InvalidLaunchTemplateName.AlreadyExistsException", "Launch template name already in use.")
    _check(data)
    end_dry_run(request)
    template_id, moment = new_id("lt"), stamp()
    first = {
        "LaunchTemplateId": template_id,
        "LaunchTemplateName": name,
        "VersionNumber": 1,
        "VersionDescription": request.get("VersionDescription"),
        "DefaultVersion": True,
        "CreateTime": moment,
        "CreatedBy": f"arn:aws:iam::{account()}:root",
        "LaunchTemplateData": data,
    }
    record = {
        "LaunchTemplateId": template_id,
        "LaunchTemplateName": name,
        "CreateTime": moment,
        "CreatedBy": f"arn:aws:iam::{account()}:root",
        "DefaultVersionNumber": 1,
        "LatestVersionNumber": 1,
        "Versions": [first],
    }
    store._launch_templates[template_id] = record
    set_tags(template_id, specified_tags(request, "launch-template"))
    return {"LaunchTemplate": shown(record)}


@operation("CreateLaunchTemplateVersion", checks_first=True, once="ClientToken")
def create_launch_template_version(request: Record) -> Record:
    """A further version, on top of a source version when one is named."""
    record = template(request)
    data = request["LaunchTemplateData"]
    if request.get("SourceVersion"):
        data = {**version(record, request["SourceVersion"])["LaunchTemplateData"], **data}
    _check(data)
    end_dry_run(request)
    number = max(held["VersionNumber"] for held in record["Versions"]) + 1
    new = {
        "LaunchTemplateId": record["LaunchTemplateId"],
        "LaunchTemplateName": record["LaunchTemplateName"],
        "VersionNumber": number,
        "VersionDescription": request.get("VersionDescription"),
        "DefaultVersion": False,
        "CreateTime": stamp(),
        "CreatedBy": f"arn:aws:iam::{account()}:root",
        "LaunchTemplateData": data,
    }
    record["Versions"].append(new)
    record["LatestVersionNumber"] = number
    return {"LaunchTemplateVersion": _version_shown(new)}


@operation("DescribeLaunchTemplates")
def describe_launch_templates(request: Record) -> Record:
    """One page of templates."""
    records = list(rows(store._launch_templates))
    if request.get("LaunchTemplateNames"):
        records = [template({"LaunchTemplateName": name}) for name in request["LaunchTemplateNames"]]
    found, token = select(records, request, LISTING)
    return {"LaunchTemplates": [shown(record) for record in found], "NextToken": token}


@operation("DescribeLaunchTemplateVersions")
def describe_launch_template_versions(request: Record) -> Record:
    """One page of versions, newest first."""
    wanted = request.get("Versions", [])
    if request.get("LaunchTemplateId") or request.get("LaunchTemplateName"):
        record = template(request)
        held = [version(record, name) for name in wanted] if wanted else list(reversed(record["Versions"]))
    else:
        if not wanted:
            raise EC2Error(
                "MissingParameter", "Either a launch template ID or a launch template name must be specified."
            )
        held = [version(record, name) for record in rows(store._launch_templates) for name in wanted]
    low, high = int(request.get("MinVersion") or 0), int(request.get("MaxVersion") or 2**31)
    held = [one for one in held if low <= one["VersionNumber"] <= high]
    chosen = select(held, {"Filters": request.get("Filters", [])}, VERSION_LISTING)[0]
    found, token = page(chosen, request, VERSION_LISTING)
    return {"LaunchTemplateVersions": [_version_shown(one) for one in found], "NextToken": token}


@operation("ModifyLaunchTemplate", checks_first=True, once="ClientToken")
def modify_launch_template(request: Record) -> Record:
    """The template with another default version."""
    record = template(request)
    new = version(record, request.get("DefaultVersion") or "$Default")
    end_dry_run(request)
    record["DefaultVersionNumber"] = new["VersionNumber"]
    for held in record["Versions"]:
        held["DefaultVersion"] = held is new
    return {"LaunchTemplate": shown(record)}


@operation("DeleteLaunchTemplateVersions", checks_first=True)
def delete_launch_template_versions(request: Record) -> Record:
    """What was deleted and what was not; the default version stays."""
    record = template(request)
    end_dry_run(request)
    done, refused = [], []
    named = {"LaunchTemplateId": record["LaunchTemplateId"], "LaunchTemplateName": record["LaunchTemplateName"]}
    for wanted in request["Versions"]:
        held = next((one for one in record["Versions"] if str(one["VersionNumber"]) == str(wanted)), None)
        if held is None or held["DefaultVersion"]:
            code = "launchTemplateVersionDoesNotExist" if held is None else "unexpectedError"
            reason = "does not exist" if held is None else "is the default version"
            error = {"Code": code, "Message": f"Version {wanted} {reason}."}
            refused.append({**named, "VersionNumber": wanted, "ResponseError": error})
            continue
        record["Versions"].remove(held)
        done.append({**named, "VersionNumber": held["VersionNumber"]})
    record["LatestVersionNumber"] = max(one["VersionNumber"] for one in record["Versions"])
    return {"SuccessfullyDeletedLaunchTemplateVersions": done, "UnsuccessfullyDeletedLaunchTemplateVersions": refused}


@operation("DeleteLaunchTemplate", checks_first=True)
def delete_launch_template(request: Record) -> Record:
    """The template as it was."""
    record = template(request)
    end_dry_run(request)
    answer = {**shown(record), "Tags": tags(record["LaunchTemplateId"])}
    store._launch_templates.pop(record["LaunchTemplateId"])
    store._tags.pop(record["LaunchTemplateId"], None)
    return {"LaunchTemplate": answer}
