"""`python -m semanticworld.cli.compute`: what ./manage-compute.sh hands over to."""

import sys

from semanticworld.cli import manage_compute

if __name__ == "__main__":
    sys.exit(manage_compute())
