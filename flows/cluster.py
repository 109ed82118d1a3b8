"""The language pass on a Dask cluster: batches go out, Arrow tables come back, and this process alone writes."""

from __future__ import annotations

import logging
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
            with _told_if_gone(address):
                # Not pure: a batch is not to be recognised by its content, which would be hashed for that.
                future = client.submit(_transform, stage.module, stage.name, inputs, settings, expected, pure=False)
                out.append((batch, future))
                enough = 2 * sum(client.nthreads().values())
            if len(out) > enough:
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
    for name in ("distributed", "distributed.client"):  # which put tracebacks beside the one line that is told
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        yield get_client()
        return
    except ValueError:
        pass  # there is none yet
    with told_if_silent(address):
        client = Client(address, timeout=_CONNECT_SECONDS)
    with client:
        yield client


@contextmanager
def told_if_silent(address: str) -> Iterator[None]:
    """What comes of connecting to a scheduler that is not there, as `ClusterError`."""
    try:
        yield
    except (OSError, TypeError, ValueError) as error:  # TypeError: tls without its certificates
        raise ClusterError(f"no Dask scheduler answers at {address} (run.address): {error}") from error


@contextmanager
def _told_if_gone(address: str) -> Iterator[None]:
    """What a scheduler that has gone makes of the batches that are out, and of whatever is asked of it, as `ClusterError`."""
    try:
        yield
    except (CancelledError, OSError) as error:
        raise ClusterError(f"the scheduler at {address} has gone; what was finished is kept") from error


def _result(future: Future[Outcome], client: Client, address: str) -> Outcome:
    from distributed import KilledWorker, wait

    waited = 0
    while not future.done():
        with _told_if_gone(address):
            try:
                wait([future], timeout=1)
            except TimeoutError:
                waited = 0 if client.nthreads() else waited + 1
        if waited >= _PATIENCE_SECONDS:
            message = f"{address} has had no worker for {_PATIENCE_SECONDS} seconds; what was finished is kept"
            raise ClusterError(message)
    with _told_if_gone(address):
        if future.status != "error":
            return future.result()
    try:
        return future.result()  # raises what the batch itself has failed with
    except KilledWorker as error:
        raise ClusterError(f"a batch has cost {address} several workers: give them more memory ({error})") from error


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
