"""Run lint, types and tests, one after the other, and fail with the first that fails."""

from __future__ import annotations

import subprocess
import sys

CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("pytest", "-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder", *sys.argv[1:]),
)


def main() -> int:
    for check in CHECKS:
        print("$", *check, flush=True)
        if code := subprocess.run([sys.executable, "-m", *check], check=False).returncode:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
