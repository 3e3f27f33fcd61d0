"""Public Parameter Store names of machine images, as every account can read them in every region."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ministack.services import ssm

from semanticworld.local.cloud.ec2.images import Image, parameters
from semanticworld.local.cloud.ec2.world import Record, region

LARGEST_PAGE = 10  # Source: Systems Manager API Reference, GetParametersByPath, 2026.


def public_parameter(name: str) -> Record | None:
    """One public parameter as Parameter Store keeps it, or None."""
    image = parameters(region()).get(name)
    return None if image is None else _record(name, image)


def _record(name: str, image: Image) -> Record:
    published = datetime.strptime(image.release, "%Y%m%d").replace(tzinfo=UTC)
    return {
        "Name": name,
        "Type": "String",
        "Value": image.image_id,
        "Version": int(image.release) % 1000,
        "LastModifiedDate": published.timestamp(),
        "ARN": f"arn:aws:ssm:{region()}::parameter{name}",
        "DataType": "aws:ec2:image" if name.startswith("/aws/service/ami") else "text",
    }


def by_path(request: Mapping[str, Any]) -> Any:  # noqa: ANN401 - ministack's own answer
    """The page of public parameters under a path; every other path is ministack's own business."""
    path = str(request.get("Path", "/")).rstrip("/")
    if not path.startswith("/aws/service"):
        return _theirs(request)
    size = int(request.get("MaxResults") or LARGEST_PAGE)
    if not 1 <= size <= LARGEST_PAGE:
        return ssm.error_response_json(
            "ValidationException",
            f"1 validation error detected: Value '{size}' at 'maxResults' failed to satisfy constraint: Member must have "
            f"value less than or equal to {LARGEST_PAGE}",
            400,
        )
    found = [
        _record(name, image)
        for name, image in sorted(parameters(region()).items())
        if name.startswith(path + "/") and (request.get("Recursive") or "/" not in name[len(path) + 1 :])
    ]
    token = request.get("NextToken")
    start = ssm._decode_next_token(token) if token else 0
    answer: Record = {"Parameters": found[start : start + size]}
    if start + size < len(found):
        answer["NextToken"] = ssm._encode_next_token(start + size)
    return ssm.json_response(answer)


_theirs: Any = None


def install() -> None:
    """Answer for public parameters in ministack's Parameter Store."""
    global _theirs  # noqa: PLW0603 - what stood there before
    if _theirs is not None:
        return
    _theirs = ssm._get_parameters_by_path
    ssm._public_parameter = public_parameter
    ssm._get_parameters_by_path = by_path
