"""Outage: a Prefect server that does not answer, or not as it should, is told of in one line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from httpx import HTTPError
from prefect.deployments.runner import DeploymentApplyError
from prefect.events.clients import PrefectEventsClient
from prefect.events.worker import EventsWorker
from prefect.exceptions import PrefectException

from flows.server import PrefectServer, ServerError
from warehouse.errors import first_line


def is_of_server(error: BaseException) -> bool:
    """Whether an error tells that a Prefect server does not answer, or not as it should."""
    if isinstance(error, BaseExceptionGroup):
        return all(map(is_of_server, error.exceptions))
    if isinstance(error, HTTPError | PrefectException | DeploymentApplyError):
        return True
    behind = error.__cause__ or error.__context__
    return type(error) is RuntimeError and behind is not None and is_of_server(behind)


@contextmanager
def telling_of(server: PrefectServer) -> Iterator[None]:
    """What a server does not do is told in one line, by a `ServerError`."""
    try:
        yield
    except Exception as error:
        if not is_of_server(error):
            raise
        raise ServerError(
            f"the Prefect server at {server.url} does not do what it is asked: {first_line(error)}"
        ) from error


def give_up_soon() -> None:
    """Let each event that a server does not take be given up at once; Prefect tries for ten seconds, and a run has dozens.

    It is for a server of our own, which does not come back when it has ended.
    """
    EventsWorker.set_client_override(PrefectEventsClient, reconnection_attempts=1)
