"""The language pass on a Dask cluster: batches go out, Arrow tables come back, and this process alone writes."""

from __future__ import annotations

import socket
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from pydantic import BaseModel

from flows.transform import Batch, Inputs, Outcome, Transformed, named_stage, transform
from tasks.errors import CorpusError
from tasks.stage import Stage
from warehouse.ledger import Pending

if TYPE_CHECKING:
    from distributed import Client, Future

_CONNECT_SECONDS = 30
_PATIENCE_SECONDS = 60  # without any worker


class ClusterError(CorpusError, ConnectionError):
    """The cluster cannot do the work."""


def transformed(stage: Stage, batches: Iterable[Batch], settings: BaseModel, *, address: str) -> Transformed:
    """Each batch with what the cluster's workers make of it, in order. Raises `ClusterError`.

    What was on a worker that dies is done again by another one. As many batches are out at once as keep every worker busy,
    so that a corpus of any size fits in memory.
    """
    expected = stage.fingerprint(settings)
    out: deque[tuple[list[Pending], Future[Outcome]]] = deque()
    with connected(address) as client:
        for batch, inputs in batches:
            # Not pure: a batch is not to be recognised by its content, which would be hashed for that.
            future = client.submit(_transform, stage.module, stage.name, inputs, settings, expected, pure=False)
            out.append((batch, future))
            if len(out) > 2 * sum(client.nthreads().values()):
                batch, future = out.popleft()
                yield batch, _result(future, client, address)
        for batch, future in out:
            yield batch, _result(future, client, address)


@contextmanager
def connected(address: str) -> Iterator[Client]:
    """The connection to a cluster: the one that this process already has, or one of our own."""
    try:
        from distributed import Client, get_client
    except ImportError as error:
        raise ClusterError("run.runner dask needs the extra `dask`: pip install 'policy-corpus[dask]'") from error
    try:
        yield get_client()
        return
    except ValueError:
        pass  # there is none yet
    try:
        client = Client(address, timeout=_CONNECT_SECONDS)
    except (OSError, ValueError) as error:
        raise ClusterError(f"no Dask scheduler answers at {address} (run.address): {error}") from error
    with client:
        yield client


def _result(future: Future[Outcome], client: Client, address: str) -> Outcome:
    from distributed import KilledWorker, wait

    waited = 0
    while not future.done():
        try:
            wait([future], timeout=1)
        except TimeoutError:
            waited = 0 if client.nthreads() else waited + 1
            if waited >= _PATIENCE_SECONDS:
                message = f"{address} has had no worker for {_PATIENCE_SECONDS} seconds; what was finished is kept"
                raise ClusterError(message) from None
    try:
        return future.result()
    except KilledWorker as error:
        raise ClusterError(f"a batch has cost {address} several workers: give them more memory ({error})") from error
    except CancelledError as error:
        raise ClusterError(f"the scheduler at {address} has gone; what was finished is kept") from error


def _transform(module: str, name: str, inputs: Inputs, settings: BaseModel, expected: dict[str, str]) -> Outcome:
    """`transform` on a worker. Raises `ClusterError` where the worker would not make the same of it."""
    stage = named_stage(module, name)
    if differing := [part for part, value in _fingerprint(stage, settings).items() if expected.get(part) != value]:
        raise ClusterError(
            f"the worker on {socket.gethostname()} differs in {', '.join(differing)}: install the same version there"
        )
    return transform(stage, inputs, settings)


@cache
def _fingerprint(stage: Stage, settings: BaseModel) -> dict[str, str]:
    return stage.fingerprint(settings)
