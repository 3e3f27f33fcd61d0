"""`python -m semanticworld.cli.networking`: what ./manage-networking.sh hands over to."""

import sys

from semanticworld.cli import manage_networking

if __name__ == "__main__":
    sys.exit(manage_networking())
