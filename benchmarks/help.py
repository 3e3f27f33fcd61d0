"""help and --version beside `python -c pass` and the aws CLI, as multiples of the former.

python benchmarks/help.py [ROUNDS]
"""

from __future__ import annotations

import sys

from timing import COMPUTE, ROOT, Work, aws, heading, in_turn, rounds, running, table

PASS = "python -c pass"  # noqa: S105 - no password


def main() -> None:
    """Prints a table."""
    works: dict[str, Work] = {
        PASS: running([sys.executable, "-c", "pass"]),
        "help": running([*COMPUTE, "help"]),
        "help create": running([*COMPUTE, "help", "create"]),
        "--version": running([*COMPUTE, "--version"]),
        "completion bash": running([*COMPUTE, "completion", "bash"]),
        "a mistyped command": running([*COMPUTE, "creat", "dev"], statuses=[2]),
    }
    if (ROOT / ".venv" / "requirements.lock.done").exists():
        works["./manage-compute.sh help"] = running([str(ROOT / "manage-compute.sh"), "help"])
    peer = aws()
    if peer is not None:
        works["aws --version"] = running([peer, "--version"])
    heading("What help costs")
    table(in_turn(works, rounds(15)), base=PASS, targets={"help": "5 x", "--version": "5 x"})


if __name__ == "__main__":
    main()
