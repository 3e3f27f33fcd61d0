from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import ListShape, MapShape, ServiceModel, Shape, StructureShape
from botocore.serialize import create_serializer
from botocore.session import Session

from semanticworld.aws import models
from semanticworld.aws.operations import OPERATIONS, PAGING
from semanticworld.aws.trimming import trimmed_model

ALL = [(service, operation) for service, operations in OPERATIONS.items() for operation in operations]


@pytest.fixture(scope="module")
def environ(cache_home: Path) -> Mapping[str, str]:
    return {"XDG_CACHE_HOME": str(cache_home)}


@pytest.fixture(scope="module")
def trimmed(environ: Mapping[str, str]) -> Loader:
    loader = models.loader(environ)
    assert isinstance(loader, models.TrimmedLoader)
    return loader


@pytest.fixture(scope="module")
def full() -> Loader:
    return Loader()


def copied(trimmed: Loader, to: Path) -> Mapping[str, str]:
    """The environment of a cache of its own, ready made."""
    environ = {"XDG_CACHE_HOME": str(to)}
    shutil.copytree(trimmed._folder, models.cache_folder(environ))  # type: ignore[attr-defined]  # noqa: SLF001 - the files as written
    return environ


LEAVES: Mapping[str, object] = {
    "integer": 7,
    "long": 7,
    "float": 1.5,
    "double": 1.5,
    "boolean": True,
    "timestamp": "2026-11-23T10:00:00Z",
    "blob": b"bytes",
}
DEEPEST = 4


def example(shape: Shape, depth: int = 0) -> object:
    """A value for every member, deep enough to meet every kind of shape."""
    if depth > DEEPEST and shape.type_name in {"structure", "list", "map"}:
        return [] if shape.type_name == "list" else {}
    if isinstance(shape, StructureShape):
        return {name: example(member, depth + 1) for name, member in shape.members.items() if name != "ClientToken"}
    if isinstance(shape, ListShape):
        return [example(shape.member, depth + 1)]
    if isinstance(shape, MapShape):
        return {"key": example(shape.value, depth + 1)}
    return LEAVES.get(shape.type_name, "word")


@pytest.mark.parametrize(("service", "operation"), ALL)
def test_a_request_is_the_same_with_the_trimmed_model(
    service: str, operation: str, trimmed: Loader, full: Loader
) -> None:
    requests = []
    for loader in (full, trimmed):
        model = ServiceModel(loader.load_service_model(service, "service-2"), service)
        asked = model.operation_model(operation)
        parameters: Any = {} if asked.input_shape is None else example(asked.input_shape)
        serializer = create_serializer(model.resolved_protocol, include_validation=False)
        requests.append(serializer.serialize_to_request(parameters, asked))
    assert requests[0] == requests[1]


@pytest.mark.parametrize(("service", "operation"), ALL)
def test_idempotency_tokens_are_still_filled_in(service: str, operation: str, trimmed: Loader, full: Loader) -> None:
    names = [
        ServiceModel(loader.load_service_model(service, "service-2"), service).operation_model(operation)
        for loader in (full, trimmed)
    ]
    assert names[0].idempotent_members == names[1].idempotent_members


@pytest.mark.parametrize("service", [*sorted(OPERATIONS), "sso", "sso-oidc", "signin"])
def test_endpoints_are_the_same(service: str, environ: Mapping[str, str], full: Loader) -> None:
    urls: list[str] = []
    for loader in (full, models.loader(environ)):
        session = Session()
        session.register_component("data_loader", loader)
        session.set_credentials("a", "b")
        urls.extend(
            session.create_client(service, region_name=region).meta.endpoint_url
            for region in ("eu-central-1", "us-east-1", "cn-north-1")
        )
    assert urls[:3] == urls[3:]


@pytest.mark.parametrize(("service", "operation"), sorted(PAGING))
def test_paging_is_what_botocore_says(service: str, operation: str, full: Loader) -> None:
    known = full.load_service_model(service, "paginators-1")["pagination"]
    if operation not in known:
        model = ServiceModel(full.load_service_model(service, "service-2"), service).operation_model(operation)
        assert model.input_shape is not None
        assert model.output_shape is not None
        for asked, told in PAGING[service, operation].tokens.items():
            assert asked in model.input_shape.members
            assert told in model.output_shape.members
        return
    theirs = known[operation]
    tokens = dict(zip(_list(theirs["input_token"]), _list(theirs["output_token"]), strict=True))
    assert dict(PAGING[service, operation].tokens) == tokens
    assert PAGING[service, operation].more == theirs.get("more_results")


def test_every_operation_that_pages_by_botocores_word_is_paged_or_asked_for_one_thing(full: Loader) -> None:
    asked_for_one = {
        ("cloudformation", "DescribeStacks"),  # by name
        ("ec2", "DescribeImages"),  # by id
        ("ec2", "DescribeInstanceTypes"),  # by name
        ("logs", "DescribeMetricFilters"),  # by the whole name as its prefix
    }
    paging = {
        (service, operation)
        for service, operations in OPERATIONS.items()
        for operation in operations
        if operation in full.load_service_model(service, "paginators-1")["pagination"]
    }
    assert paging - set(PAGING) == asked_for_one


def test_a_cache_that_cannot_be_written_is_never_seen(tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a folder should be")
    loader = models.loader({"XDG_CACHE_HOME": str(blocked)})
    assert not isinstance(loader, models.TrimmedLoader)
    assert "RunInstances" in loader.load_service_model("ec2", "service-2")["operations"]


@pytest.mark.parametrize("content", [b"", b"{", b"{}", b"\xff\xfe", b'{"service-2": {"operations": {}}}'])
def test_a_spoiled_file_is_replaced_by_the_full_model(tmp_path: Path, content: bytes, trimmed: Loader) -> None:
    environ = copied(trimmed, tmp_path)
    (models.cache_folder(environ) / "sts.json").write_bytes(content)
    operations = models.loader(environ).load_service_model("sts", "service-2")["operations"]
    assert "AssumeRole" in operations  # only the full one has it


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b"{"])
def test_a_spoiled_index_is_healed_or_left_alone_but_never_in_the_way(
    tmp_path: Path, content: bytes, trimmed: Loader
) -> None:
    environ = copied(trimmed, tmp_path)
    (models.cache_folder(environ) / "index.json").write_bytes(content)
    assert "GetCallerIdentity" in models.loader(environ).load_service_model("sts", "service-2")["operations"]


def test_models_of_the_users_own_win(tmp_path: Path) -> None:
    loader = models.loader({"XDG_CACHE_HOME": str(tmp_path), "AWS_DATA_PATH": "/somewhere"})
    assert not isinstance(loader, models.TrimmedLoader)


def test_writing_leaves_no_drafts_behind(tmp_path: Path) -> None:
    folder = models.cache_folder({"XDG_CACHE_HOME": str(tmp_path)})
    models.write(folder)
    models.write(folder)
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]
    index = json.loads((folder / "index.json").read_text())
    assert set(index) == {*OPERATIONS, "endpoints"}


def test_trimming_an_operation_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError):
        trimmed_model({"operations": {}, "shapes": {}}, ("Nothing",), {})


def test_trimming_follows_shapes_that_hold_themselves() -> None:
    full = {
        "operations": {"Ask": {"input": {"shape": "Tree"}, "documentation": "prose", "errors": [{"shape": "Bad"}]}},
        "shapes": {
            "Tree": {"type": "structure", "members": {"Child": {"shape": "Tree", "documentation": "prose"}}},
            "Bad": {"type": "structure", "members": {}},
            "Unused": {"type": "string"},
        },
    }
    assert trimmed_model(full, ("Ask",), {}) == {
        "operations": {"Ask": {"input": {"shape": "Tree"}}},
        "shapes": {"Tree": {"type": "structure", "members": {"Child": {"shape": "Tree"}}}},
    }


def _list(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]
