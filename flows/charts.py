"""The charting library of the report as one script, bundled once for each warehouse."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
from contextlib import suppress
from importlib import metadata
from multiprocessing.process import BaseProcess
from pathlib import Path

from flows.writing import write_whole
from tasks.isolation import shielded

# What the library leaves under `window`.
_CHARTS = "window.vegaEmbed = vegaEmbed;"


def charts_code(private: Path) -> str:
    """The library's code. To bundle it takes seconds, so it is kept for as long as its version lasts."""
    path = _kept(private)
    with suppress(FileNotFoundError, PermissionError):
        return path.read_text(encoding="utf-8")
    import vl_convert

    charts = vl_convert.javascript_bundle(_CHARTS)
    with suppress(OSError):  # who may only read the warehouse makes it anew each time
        for outdated in private.glob("charts-*.js"):
            outdated.unlink()
        write_whole(path, charts.encode())
    return charts


def begin_bundling(private: Path) -> BaseProcess | None:
    """Let a process bundle the library while this one has other things to do; None where it is kept already."""
    if _kept(private).exists():
        return None
    # Bundling holds the interpreter's lock, so that a thread would hold up everything else.
    process = multiprocessing.get_context("spawn").Process(target=_bundle, args=(private,), daemon=True)
    with shielded():
        process.start()
    return process


def _bundle(private: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the library's threads take what is blocked
    os.nice(19)  # what has to wait for nothing goes first
    charts_code(private)


def _kept(private: Path) -> Path:
    version = hashlib.sha256(f"{metadata.version('vl-convert-python')} {_CHARTS}".encode()).hexdigest()[:16]
    return private / f"charts-{version}.js"
