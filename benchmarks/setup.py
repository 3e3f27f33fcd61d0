"""A fresh clone until everything is set up, with pip alone and with uv; then the first create on the embedded cloud.

python benchmarks/setup.py [ROUNDS]

It downloads the packages of requirements.lock (as often as the caches of pip and uv say), so it is run by hand only.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from timing import ROOT, Timing, heading, ran, rounds, table

NEVER = ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "AWS_PROFILE", "AWS_ENDPOINT_URL")
SET_UP, FIRST = "set up", "create dev --local"


def main() -> None:
    """Prints a table."""
    timings: dict[str, Timing] = {}
    for name in ("pip", "uv"):
        path = _path_without_uv() if name == "pip" else os.environ["PATH"]
        if name == "uv" and not _works("uv"):
            continue
        for _ in range(rounds(1)):
            _measure(name, path, timings)
    heading("A fresh clone until it works")
    table(timings, targets={f"pip: {SET_UP}": "60 s", f"pip: {FIRST}": "20 s", f"uv: {FIRST}": "20 s"})


def _measure(name: str, path: str, timings: dict[str, Timing]) -> None:
    with tempfile.TemporaryDirectory(prefix="semanticworld-clone-") as folder:
        clone = Path(folder) / "clone"
        ran(["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(clone)])
        environ = {key: value for key, value in os.environ.items() if key not in NEVER}
        environ |= {
            "PATH": path,
            "PYTHON": getattr(sys, "_base_executable", sys.executable),
            "MANAGE_COMPUTE_STATE": str(Path(folder) / "state"),
            "XDG_CACHE_HOME": environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache")),
        }
        script = str(clone / "manage-compute.sh")
        timings.setdefault(f"{name}: {SET_UP}", Timing()).take(lambda: ran([script, "--version"], environ))
        try:
            create = [script, "create", "dev", "--local", "--yes"]
            timings.setdefault(f"{name}: {FIRST}", Timing()).take(lambda: ran(create, environ))
        finally:
            ran([script, "local", "stop"], environ)


def _path_without_uv() -> str:
    folders = os.environ["PATH"].split(os.pathsep)
    return os.pathsep.join(folder for folder in folders if not (Path(folder) / "uv").exists())


def _works(program: str) -> bool:
    found = shutil.which(program)
    return found is not None and subprocess.run([found, "--version"], capture_output=True, check=False).returncode == 0


if __name__ == "__main__":
    main()
