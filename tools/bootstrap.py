"""Set up .venv at the project's root: whole or not at all, one at a time, again when the lock file has changed.

Only the standard library; tools/bootstrap.sh has made sure that this Python is new enough.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
KEPT = {
    f"{tool}_{name}"
    for tool in ("PIP", "UV")
    for name in (
        "CACHE_DIR", "CERT", "CLIENT_CERT", "CONFIG_FILE", "DEFAULT_INDEX", "DEFAULT_TIMEOUT", "EXTRA_INDEX_URL", "FIND_LINKS",
        "HTTP_TIMEOUT", "INDEX", "INDEX_URL", "INSECURE_HOST", "KEYRING_PROVIDER", "LINK_MODE", "NATIVE_TLS", "NO_CACHE",
        "NO_CACHE_DIR", "NO_INDEX", "OFFLINE", "PROXY", "RETRIES", "SYSTEM_CERTS", "TIMEOUT", "TRUSTED_HOST",
    )
}  # fmt: skip
"""The installers' variables that say where packages come from. Others (a target, a user install, constraints) are about other projects."""
LOCKS = {"runtime": "requirements.lock", "dev": "requirements-dev.lock"}
EXIT_USAGE, EXIT_REFUSED, EXIT_INTERRUPTED = 2, 3, 130
NETWORK_WORDS = (
    "connection", "name resolution", "resolve host", "network", "timed out", "timeout", "proxy", "dns",
    "error sending request", "no matching distribution", "failed to fetch", "unreachable",
)  # fmt: skip


def main() -> int:
    """Exit status: 0 set up, 2 this machine lacks something, 3 the packages could not be had."""
    kind = sys.argv[1] if len(sys.argv) > 1 else "runtime"
    lock = os.open(ROOT, os.O_RDONLY)  # the folder itself is the lock: no file to leave behind
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("another run is setting up .venv, waiting for it ...")
        fcntl.flock(lock, fcntl.LOCK_EX)  # the kernel lets go of it when that run ends, however it ends
    if is_done(kind):
        return 0
    started = time.monotonic()
    say("setting up .venv (first use, or the lock file has changed) ...")
    try:
        status = set_up(kind)
    except OSError as wrong:
        return not_made(str(wrong))
    if status == 0:
        say(f"done in {time.monotonic() - started:.0f} s")
    return status


def is_done(kind: str) -> bool:
    """Whether a finished set-up left the very lock file behind that stands now, and its Python still runs."""
    name = LOCKS[kind]
    try:
        same = (ROOT / name).read_bytes() == stamp(name).read_bytes()
    except OSError:
        return False
    return same and runs("import semanticworld")


def runs(program: str) -> bool:
    """Whether the Python of .venv carries this out."""
    try:
        run = subprocess.run([PYTHON, "-P", "-c", program], capture_output=True, check=False, env=surroundings())
    except OSError:
        return False
    return run.returncode == 0


def surroundings() -> dict[str, str]:
    """The user's environment without what is meant for other Pythons and other projects' installs."""
    foreign = ("PIP_", "UV_", "PYTHON")
    kept = {name: value for name, value in os.environ.items() if name in KEPT or not name.startswith(foreign)}
    kept.pop("VIRTUAL_ENV", None)
    return kept | {"PIP_USER": "0"}  # a configuration file may say otherwise, and then nothing goes into .venv


def stamp(name: str) -> Path:
    """The copy of a lock file that marks a finished set-up."""
    return VENV / f"{name}.done"


def set_up(kind: str) -> int:
    """Everything, and the stamps at the very end: an interrupted run leaves none and is done again."""
    for name in LOCKS.values():
        stamp(name).unlink(missing_ok=True)
    uv = shutil.which("uv")
    if not runs("import sys" if uv else "import pip"):
        status = make_venv(uv)
        if status:
            return status
    for command in commands(kind, uv):
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=surroundings())
        if run.returncode:
            return explain(run.stderr)
    # The development lock holds all of the other one.
    for name in LOCKS.values() if kind == "dev" else [LOCKS["runtime"]]:
        fresh = stamp(name).with_suffix(".new")
        shutil.copyfile(ROOT / name, fresh)
        fresh.replace(stamp(name))
    return 0


def make_venv(uv: str | None) -> int:
    """A fresh .venv in the place of a broken one."""
    shutil.rmtree(VENV, ignore_errors=True)
    command = (
        [uv, "venv", "--quiet", "--python", sys.executable, VENV] if uv else [sys.executable, "-P", "-m", "venv", VENV]
    )
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=surroundings())
    if run.returncode == 0:
        return 0
    shutil.rmtree(VENV, ignore_errors=True)
    return not_made(last_line(run.stderr or run.stdout))


def not_made(why: str) -> int:
    """The exit status when .venv cannot be made or changed, told with the cure for the reason."""
    closed = any(word in why.lower() for word in ("read-only", "permission denied", "not permitted"))
    full = "no space left" in why.lower() or "quota" in why.lower()
    if closed:
        hint = f"{ROOT} cannot be written to: clone it into a folder of your own, and run it there"
    elif full:
        hint = "free some space (it takes 300 MB), then run the same command again"
    else:
        hint = "Debian and Ubuntu keep venv apart: sudo apt-get install python3-venv"
    fail("the virtual environment could not be made", why=why, hint=hint, code="CFG041")
    return EXIT_USAGE


def commands(kind: str, uv: str | None) -> list[list[str | Path]]:
    """Packages by hash from the lock, then this checkout as it stands."""
    lock = ROOT / LOCKS[kind]
    install: list[str | Path]
    if uv:
        install = [uv, "pip", "install", "--quiet", "--python", PYTHON]
    else:
        install = [PYTHON, "-P", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    return [
        [*install, "--require-hashes", "--only-binary", ":all:", "-r", lock],
        [*install, "--no-deps", "--no-build-isolation", "-e", ROOT],
    ]


def explain(text: str) -> int:
    """The exit status for what the installer said, told in our own words."""
    said = text.lower()
    if "do not match" in said or ("hash" in said and "mismatch" in said):
        hint = "do not go on: report it, with the package's name"
        fail("a package is not the one we know", why=last_line(text), hint=hint, code="CFG043")
    elif any(word in said for word in NETWORK_WORDS):
        hint = "check the network (PIP_INDEX_URL, the proxy), then run the same command again"
        fail("the packages cannot be reached", why=last_line(text), hint=hint, code="CFG042")
    else:
        hint = "run the same command again; rm -rf .venv starts afresh"
        fail("the packages could not be installed", why=last_line(text), hint=hint, code="CFG044")
    return EXIT_REFUSED


def last_line(text: str) -> str:
    """The last line that says something."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and "[notice]" not in line]
    return lines[-1] if lines else "no reason was given"


def fail(what: str, *, why: str, hint: str, code: str) -> None:
    """The manner of all our errors."""
    printable = "".join(character if character.isprintable() else " " for character in why)
    sys.stderr.write(f"{what}: {printable}\n\nhint: {hint}\ncode: {code} (docs/runbooks/{code}.md)\n")


def say(text: str) -> None:
    """A line of progress: stdout belongs to the answer."""
    sys.stderr.write(f"semanticworld: {text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        say("interrupted; the next run does it again")
        sys.exit(EXIT_INTERRUPTED)
