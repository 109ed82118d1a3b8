"""The process of a private Prefect server, which ends with the process that started it, however that ends."""

from __future__ import annotations

import os
import sys
from threading import Thread


def main(port: int) -> None:
    """Serve the Prefect API on the loopback interface until standard input closes."""
    Thread(target=_end_with_parent, daemon=True).start()
    import uvicorn

    uvicorn.run("prefect.server.api.server:create_app", factory=True, host="127.0.0.1", port=port, log_level="warning")


def _end_with_parent() -> None:
    sys.stdin.buffer.read()  # returns when the parent has gone, killed or not
    os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
