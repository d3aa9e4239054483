"""Start the command line: `python -m twin` and the installed `twin`."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line on this process's arguments and return its exit status."""
    from twin.cli import main as command_line

    return command_line(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
