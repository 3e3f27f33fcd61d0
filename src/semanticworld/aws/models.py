"""Service models trimmed to the operations in use, kept in the user's cache, and the loader that reads them.

Reading botocore's own models takes most of the time until a first call can be made (half of it EC2's 3,000 shapes).
Whatever is odd about the cache, the full models are used instead, and nothing is said: it is speed, not function.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import botocore
from botocore.loaders import Loader

from semanticworld.aws.operations import ENDPOINTS_KEPT, KEPT_MEMBERS, OPERATIONS
from semanticworld.aws.trimming import Model, trimmed_endpoints, trimmed_model

_FORM = 2  # raised when the trimmed form itself changes
_INDEX = "index.json"
_MODEL = "service-2"
_RULES = "endpoint-rule-set-1"


class TrimmedLoader(Loader):
    """botocore's loader, with the trimmed models first. Everything it does not find there comes from botocore."""

    def __init__(self, folder: Path, digests: Mapping[str, str]) -> None:
        super().__init__()
        self._folder = folder
        self._digests = digests
        self._read: dict[str, Model | None] = {}

    def load_service_model(self, service_name: str, type_name: str, api_version: str | None = None) -> Model:
        """The trimmed model or endpoint rules when they are at hand, else botocore's."""
        if api_version is None and type_name in {_MODEL, _RULES}:
            trimmed = self._trimmed(service_name)
            if trimmed is not None and type_name in trimmed:
                return cast("Model", trimmed[type_name])
        return cast("Model", super().load_service_model(service_name, type_name, api_version))

    def load_data_with_path(self, name: str) -> tuple[Model, str]:
        """The endpoints without the services we never call; other data as botocore has it."""
        if name == "endpoints":
            trimmed = self._trimmed(name)
            if trimmed is not None:
                return trimmed, str(Path(self.BUILTIN_DATA_PATH) / name)
        return super().load_data_with_path(name)

    def _trimmed(self, name: str) -> Model | None:
        """A file of the cache, or None when it is not what was written."""
        if name not in self._read:
            self._read[name] = None
            with contextlib.suppress(OSError, ValueError):
                content = (self._folder / f"{name}.json").read_bytes()
                if hashlib.sha256(content).hexdigest() == self._digests.get(name):
                    self._read[name] = json.loads(content)
        return self._read[name]


def loader(environ: Mapping[str, str]) -> Loader:
    """The loader to use: trimmed when the cache can be used and nobody has put models of their own in the way."""
    if environ.get("AWS_DATA_PATH") or Path(Loader.CUSTOMER_DATA_PATH).is_dir():
        return Loader()
    try:
        folder = cache_folder(environ)
        digests = _digests(folder)
        if digests is None:
            write(folder)
            digests = _digests(folder)
    except Exception:  # noqa: BLE001 - a cache that cannot be made or read must never be seen; botocore has everything
        return Loader()
    return Loader() if digests is None else TrimmedLoader(folder, digests)


def cache_folder(environ: Mapping[str, str]) -> Path:
    """Where the trimmed models stand: a folder of its own for each botocore and each list of operations."""
    configured = environ.get("XDG_CACHE_HOME", "")
    root = Path(configured) if configured.startswith("/") else Path.home() / ".cache"
    kept = {
        service: {shape: sorted(members) for shape, members in shapes.items()}
        for service, shapes in KEPT_MEMBERS.items()
    }
    wanted = json.dumps([_FORM, {name: sorted(OPERATIONS[name]) for name in sorted(OPERATIONS)}, kept], sort_keys=True)
    digest = hashlib.sha256(wanted.encode()).hexdigest()[:16]
    return root / "semanticworld" / "models" / f"{botocore.__version__}-{digest}"


def _digests(folder: Path) -> Mapping[str, str] | None:
    """What the files must hash to; None when there is no such folder, or when it is somebody else's."""
    try:
        if folder.stat().st_uid != os.geteuid():
            return None
        index = json.loads((folder / _INDEX).read_bytes())
    except (OSError, ValueError):
        return None
    return index if isinstance(index, dict) else None


def write(folder: Path) -> None:
    """Writes the trimmed models beside the folder and moves them into place, so that nobody ever reads half of them.

    Raises OSError when the cache cannot be written.
    """
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=folder.parent))
    try:
        digests = {}
        for name, model in _all_models(Loader()).items():
            content = json.dumps(model, separators=(",", ":")).encode()
            (draft / f"{name}.json").write_bytes(content)
            digests[name] = hashlib.sha256(content).hexdigest()
        (draft / _INDEX).write_text(json.dumps(digests))
        if folder.is_dir() and _digests(folder) is None:
            shutil.rmtree(folder)
        with contextlib.suppress(FileExistsError, OSError):  # another process was first, which is as good
            draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _all_models(full: Loader) -> Mapping[str, Any]:
    prefixes = set(ENDPOINTS_KEPT)
    models: dict[str, Any] = {}
    for service, operations in OPERATIONS.items():
        model = full.load_service_model(service, _MODEL)
        prefixes.add(model["metadata"]["endpointPrefix"])
        models[service] = {
            _MODEL: trimmed_model(model, operations, KEPT_MEMBERS.get(service, {})),
            _RULES: full.load_service_model(service, _RULES),
        }
    models["endpoints"] = trimmed_endpoints(full.load_data("endpoints"), frozenset(prefixes))
    return models
