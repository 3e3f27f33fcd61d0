"""The starters on machines that lack things. A stand-in for uv installs nothing from anywhere; CI itself is the test of the real one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("bash", "cat", "cmp", "dirname", "env", "kill", "readlink", "sh", "sleep", "uname")
UV = f"""#!/bin/bash
echo "$1 $2" >> "$LOG_OF_UV"
last="${{@: -1}}"
[ -z "${{KILLED_BY_UV:-}}" ] || [ "$1" = venv ] || {{ kill -9 $PPID; exit 1; }}
case "$*" in
  venv*) "{sys.executable}" -P -m venv --without-pip "$last" ;;
  *" -e "*) for site in "$last"/.venv/lib/python*/site-packages; do echo "$last/src" > "$site/semanticworld.pth"; done ;;
  *) sleep 0.3 ;;
esac
"""
HANDS_OVER = '#!/bin/sh\nprintf "%s\\n" "$@"\n'


def script(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


class Machine:
    """A clone in a folder with a space in its name, and a PATH of its own."""

    def __init__(self, folder: Path) -> None:
        self.clone = folder / "a clone"
        self.bin = folder / "bin"
        self.log = folder / "uv.log"
        self.home = folder / "home"
        for name in (
            "manage-compute.sh",
            "manage-networking.sh",
            "requirements.lock",
            "requirements-dev.lock",
            "pyproject.toml",
        ):
            (self.clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.clone / name)
        shutil.copytree(ROOT / "tools", self.clone / "tools")
        shutil.copytree(ROOT / "src", self.clone / "src", ignore=shutil.ignore_patterns("__pycache__"))
        self.bin.mkdir()
        self.home.mkdir()
        for name in TOOLS:
            if found := shutil.which(name):
                (self.bin / name).symlink_to(found)

    def has_python(self, text: str | None = None) -> None:
        script(self.bin / "python3", text or f'#!/bin/bash\nexec "{sys.executable}" "$@"\n')

    def has_uv(self) -> None:
        script(self.bin / "uv", UV)

    def is_set_up(self) -> None:
        script(self.clone / ".venv" / "bin" / "python", HANDS_OVER)
        shutil.copy(self.clone / "requirements.lock", self.clone / ".venv" / "requirements.lock.done")

    def start(
        self, *argv: str, starter: Path | str | None = None, cwd: Path | None = None, **environ: str
    ) -> subprocess.Popen[str]:
        variables = {"PATH": str(self.bin), "HOME": str(self.home), "LOG_OF_UV": str(self.log), **environ}
        command = [str(starter or self.clone / "manage-compute.sh"), *argv]
        return subprocess.Popen(
            command, cwd=cwd or self.home, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def run(self, *argv: str, **options: Any) -> tuple[int, str, str]:
        process = self.start(*argv, **options)
        out, err = process.communicate(timeout=120)
        return process.returncode, out, err


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_set_up_clone_hands_over_at_once_without_a_python_on_the_path(machine: Machine) -> None:
    machine.is_set_up()
    assert machine.run("create", "dev", "--query", "a b") == (
        0,
        "-P\n-m\nsemanticworld.cli.compute\ncreate\ndev\n--query\na b\n",
        "",
    )


def test_it_works_through_links_from_any_folder(machine: Machine, tmp_path: Path) -> None:
    machine.is_set_up()
    links = tmp_path / "links"
    links.mkdir()
    (links / "one").symlink_to("../a clone/manage-networking.sh")
    (links / "two").symlink_to(links / "one")
    for starter, cwd in (
        (links / "two", Path("/")),
        ("./two", links),
        ("../manage-networking.sh", machine.clone / "src"),
    ):
        status, out, _ = machine.run("status", starter=starter, cwd=cwd)
        assert (status, out) == (0, "-P\n-m\nsemanticworld.cli.networking\nstatus\n")


def test_an_old_python_is_named_with_the_way_on(machine: Machine) -> None:
    machine.has_python("#!/bin/bash\necho 3.9\n")
    status, out, err = machine.run("help")
    assert (status, out) == (2, "")
    assert "Python is too old: semanticworld needs 3.11 or newer, and here python3 is 3.9" in err
    assert "hint: install it" in err
    assert "CFG040" in err


def test_a_missing_python_is_said(machine: Machine) -> None:
    status, _, err = machine.run("help")
    assert (status, "Python is missing" in err) == (2, True)


def says_at_venv(text: str) -> str:
    """A Python whose venv module ends like this."""
    return f"""#!/bin/bash
case "$*" in "-P -m venv"*) echo "{text}" >&2; exit 1 ;; esac
exec "{sys.executable}" "$@"
"""


@pytest.mark.parametrize(
    ("said", "cure"),
    [
        ("ensurepip is not available", "apt-get install python3-venv"),
        ("OSError: [Errno 30] Read-only file system: '.venv'", "clone it into a folder of your own"),
        ("Error: [Errno 13] Permission denied: '.venv'", "clone it into a folder of your own"),
        ("OSError: [Errno 28] No space left on device", "free some space"),
    ],
)
def test_a_venv_that_cannot_be_made_is_said_with_the_cure(machine: Machine, said: str, cure: str) -> None:
    machine.has_python()
    wrapper = machine.bin / "python3.11"
    script(wrapper, says_at_venv(said))
    # bootstrap.py goes on with the interpreter that runs it: a stand-in for its venv has to be that interpreter.
    script(machine.clone / "tools" / "bootstrap.py", patched(machine, wrapper))
    status, out, err = machine.run("help")
    assert (status, out) == (2, "")
    assert said in err
    assert cure in err
    assert "CFG041" in err
    assert not (machine.clone / ".venv").exists()


def patched(machine: Machine, interpreter: Path) -> str:
    text = (machine.clone / "tools" / "bootstrap.py").read_text()
    assert text.count("sys.executable") == 2
    return text.replace("sys.executable", repr(str(interpreter)))


def test_what_is_set_for_other_projects_does_not_reach_ours(machine: Machine, tmp_path: Path) -> None:
    """A PYTHONPATH with a module of ours' names, a current folder with another, a virtual environment, settings of the installers."""
    machine.has_python()
    machine.has_uv()
    trap = tmp_path / "trap"
    for name in ("semanticworld", "rich", "boto3", "fcntl", "venv"):
        script(trap / name / "__init__.py", f'raise SystemExit("{name} of another project")\n')
    status, out, err = machine.run(
        "--version",
        cwd=trap,
        PYTHONPATH=str(trap),
        PYTHONHOME=str(trap),
        VIRTUAL_ENV=str(trap),
        PIP_USER="1",
        PIP_TARGET=str(trap / "target"),
        UV_SYSTEM_PYTHON="1",
        UV_REQUIRE_HASHES="1",
    )
    assert (status, out) == (0, "manage-compute 0.1.0\n"), err
    assert not (trap / "target").exists()


def test_a_network_that_is_down_is_said_and_nothing_counts_as_done(machine: Machine) -> None:
    machine.has_python()
    status, out, err = machine.run(
        "help",
        PIP_INDEX_URL="http://127.0.0.1:9/simple",
        PIP_RETRIES="0",
        PIP_CONFIG_FILE=os.devnull,
        PIP_NO_CACHE_DIR="1",
    )
    assert (status, out) == (3, "")
    assert "the packages cannot be reached" in err
    assert "CFG042" in err
    assert not (machine.clone / ".venv" / "requirements.lock.done").exists()


def test_two_first_runs_at_once_set_up_once(machine: Machine) -> None:
    machine.has_python()
    machine.has_uv()
    running = [machine.start("--version") for _ in range(3)]
    ended = [(process.communicate(timeout=120), process.returncode) for process in running]
    assert [status for _, status in ended] == [0, 0, 0]
    assert {out for (out, _), _ in ended} == {"manage-compute 0.1.0\n"}
    assert machine.log.read_text().splitlines().count("pip install") == 2
    assert "".join(err for (_, err), _ in ended).count("(first use") == 1


def test_a_killed_first_run_is_healed_by_the_next(machine: Machine) -> None:
    machine.has_python()
    machine.has_uv()
    assert machine.run("--version", KILLED_BY_UV="1")[0] != 0
    assert machine.run("--version")[:2] == (0, "manage-compute 0.1.0\n")


def test_a_changed_lock_is_installed_again_and_only_once(machine: Machine) -> None:
    machine.has_python()
    machine.has_uv()
    machine.run("--version")
    before = len(machine.log.read_text().splitlines())
    assert machine.run("--version")[2] == ""
    assert len(machine.log.read_text().splitlines()) == before
    with (machine.clone / "requirements.lock").open("a") as lock:
        lock.write("# changed\n")
    assert "setting up" in machine.run("--version")[2]
    assert machine.run("--version")[2] == ""
    assert len(machine.log.read_text().splitlines()) == before + 2
