"""AWS's own command line. Its script begins with the path of its Python, which the kernel reads up to the first space only."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path


def aws_in(folder: Path) -> Path:
    """A folder for the PATH whose `aws` is the one beside this Python, wherever that stands."""
    programs = folder / "programs"
    programs.mkdir(exist_ok=True)
    beside = Path(sys.executable).parent / "aws"
    assert beside.exists(), f"{beside} is missing: it is one of the development packages"
    program = programs / "aws"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {shlex.quote(str(beside))} "$@"\n')
    program.chmod(0o755)
    return programs
