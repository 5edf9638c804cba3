"""The command line: `zishen review|batch|extract|record|models|doctor`."""

import sys

from pipeline.cli.exits import ExitCode


def main() -> None:
    """Run the command line; where a library of the installation is broken, say so.

    A system library that is missing (`libGL.so.1`) shows as an ImportError long before the
    doctor could be asked.
    """
    try:
        from pipeline.cli.app import run  # noqa: PLC0415  what cannot be imported is told
    except ImportError as error:
        print(  # noqa: T201
            f"zishen 未正确安装 · zishen is not installed completely: {error}\n"
            "请运行 `make review` 重新安装 · run `make review`, which installs what is missing",
            file=sys.stderr,
        )
        sys.exit(ExitCode.CONFIG)
    run()
