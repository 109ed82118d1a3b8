"""Run lint, types and tests, and fail with the first that fails; types are looked over while the tests run."""

from __future__ import annotations

import os
import subprocess
import sys

LINT = (("ruff", "check", "."), ("ruff", "format", "--check", "."))
# Once, and not by each of the processes that the tests start, where the environment lets the interpreter keep nothing.
COMPILED = ("compileall", "-q", "flows", "tasks", "warehouse")
TYPES = ("mypy",)
# One process more than there are cores: many tests wait for servers and commands that they have started.
TESTS = ("pytest", "-n", str((os.cpu_count() or 1) + 1), "--dist", "loadfile", "--no-loadscope-reorder")


def main() -> int:
    for check in (*LINT, COMPILED):
        if code := subprocess.run(_command(check), check=False).returncode:
            return code
    with subprocess.Popen(_command(TYPES), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as types:
        tests = subprocess.run(_command((*TESTS, *sys.argv[1:])), check=False)
        found, _ = types.communicate()
    print(f"$ {' '.join(TYPES)}\n{found}", end="", flush=True)
    return types.returncode or tests.returncode


def _command(check: tuple[str, ...]) -> list[str]:
    print("$", *check, flush=True)
    return [sys.executable, "-m", *check]


if __name__ == "__main__":
    sys.exit(main())
