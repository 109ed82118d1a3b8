"""Settings: one tree, a branch for each stage, from the command line, the environment and `[tool.corpus]`."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import SettingsConfigDict

from flows.folders import PREFIX, Folders, SettingsError, read
from tasks.additions import AdditionsSettings
from tasks.annotate import AnnotateSettings
from tasks.calendar import CalendarSettings
from tasks.clean import CleanSettings
from tasks.entities import EntitiesSettings
from tasks.ingest import IngestSettings
from tasks.period_terms import PeriodTermsSettings
from tasks.signatures import SignaturesSettings
from tasks.similarity import SimilaritySettings
from tasks.term_totals import TermTotalsSettings
from tasks.topic_placement import TopicPlacementSettings
from tasks.topics import TopicsSettings
from tasks.trends import TrendsSettings
from tasks.watchlist import WatchlistSettings

# What the program fills in, by branch: the folder from the top-level setting, the day from the clock.
FILLED_IN = {"ingest": ("folder", "today")}
_SCHEDULER = re.compile(r"([a-z]+://)?([^\s:/?@\[\]]+|\[[\w:.%]+\]):(?P<port>[0-9]{1,5})")


class PublishSettings(BaseModel, frozen=True, extra="forbid"):
    """The published warehouse."""

    keep: int = Field(3, ge=1, le=1000, description="published versions to keep, the current one included")
    lake: str | None = Field(
        None,
        pattern=r"^ducklake:.",
        description="DuckLake that holds what is published too, such as `ducklake:postgres:dbname=corpus host=db`",
    )
    lake_data: Path | None = Field(
        None,
        description="folder of the lake's Parquet files, by the path that its readers know; `lake` in the warehouse if null",
    )

    @field_validator("lake")
    @classmethod
    def _lake_tells_no_secret(cls, lake: str | None) -> str | None:
        # It is named in errors and beside the published file.
        if lake and ("password" in lake.lower() or re.search(r"//[^/@:]*:[^/@]*@", lake)):
            raise PydanticCustomError("secret", "must hold no password (libpq finds it in ~/.pgpass or PGPASSWORD)")
        return lake


class ReportSettings(BaseModel, frozen=True, extra="forbid"):
    """The HTML report."""

    on_run: bool = Field(True, description="make the HTML report with every run, beside the published warehouse")


class RunSettings(BaseModel, frozen=True, extra="forbid"):
    """How a run is carried out; its rows do not depend on it."""

    when_held: Literal["skip", "wait"] = Field(
        "skip", description="what a run does while another holds the warehouse: it ends at once, or waits its turn"
    )
    largest_loss: float = Field(
        0.5,
        ge=0,
        le=1,
        description="share of the documents that may be gone or quarantined at once, where there are 20 or none is left; if more "
        "are, the run refuses, as the folder may be a share that is not mounted, or a setting wrong",
    )
    runner: Literal["local", "dask"] = Field(
        "local", description="where the language pass works: on this machine, or on the workers of a Dask cluster"
    )
    address: str | None = Field(None, description="address of the cluster's scheduler, such as `tcp://10.0.0.5:8786`")

    @field_validator("address")
    @classmethod
    def _address_has_host_and_port(cls, address: str | None) -> str | None:
        # Dask would find out when it connects, which may be in mid-run.
        found = _SCHEDULER.fullmatch(address or "")
        if address and not (found and int(found["port"]) < 2**16):
            raise PydanticCustomError("address", "a scheduler has a host and a port (write tcp://10.0.0.5:8786)")
        return address

    @model_validator(mode="after")
    def _cluster_has_an_address(self) -> RunSettings:
        if self.runner == "dask" and not self.address:
            raise PydanticCustomError(
                "cluster", "runner dask needs the address of a scheduler (--address or run.address)"
            )
        return self


class ScheduleSettings(BaseModel, frozen=True, extra="forbid"):
    """`corpus schedule`."""

    name: str = Field(
        "scheduled",
        pattern=r"^[^/%&><]+$",
        description="name of the deployment; corpora that share a Prefect server need different ones",
    )
    timezone: str = Field("UTC", description="IANA name of the time zone that `--cron` is in")
    poll_seconds: float = Field(
        10.0, ge=0.1, le=86_400, description="between two looks at the folder; what two looks find the same has landed"
    )

    @field_validator("timezone")
    @classmethod
    def _timezone_is_known(cls, timezone: str) -> str:
        try:
            ZoneInfo(timezone)
        except (ValueError, OSError, ZoneInfoNotFoundError) as error:
            raise PydanticCustomError("timezone", "there is no such time zone (write Asia/Shanghai)") from error
        return timezone


class Settings(Folders):
    """All settings; a stage sees its own branch only."""

    model_config = SettingsConfigDict(extra="forbid")

    ingest: IngestSettings = Field(default_factory=lambda: IngestSettings())
    clean: CleanSettings = Field(default_factory=lambda: CleanSettings())
    calendar: CalendarSettings = Field(default_factory=lambda: CalendarSettings())
    annotate: AnnotateSettings = Field(default_factory=lambda: AnnotateSettings())
    additions: AdditionsSettings = Field(default_factory=lambda: AdditionsSettings())
    entities: EntitiesSettings = Field(default_factory=lambda: EntitiesSettings())
    watchlist: WatchlistSettings = Field(default_factory=lambda: WatchlistSettings())
    signatures: SignaturesSettings = Field(default_factory=lambda: SignaturesSettings())
    similarity: SimilaritySettings = Field(default_factory=lambda: SimilaritySettings())
    topics: TopicsSettings = Field(default_factory=lambda: TopicsSettings())
    topic_placement: TopicPlacementSettings = Field(default_factory=lambda: TopicPlacementSettings())
    period_terms: PeriodTermsSettings = Field(default_factory=lambda: PeriodTermsSettings())
    term_totals: TermTotalsSettings = Field(default_factory=lambda: TermTotalsSettings())
    trends: TrendsSettings = Field(default_factory=lambda: TrendsSettings())
    publish: PublishSettings = Field(default_factory=lambda: PublishSettings())
    report: ReportSettings = Field(default_factory=lambda: ReportSettings())
    run: RunSettings = Field(default_factory=lambda: RunSettings())
    schedule: ScheduleSettings = Field(default_factory=lambda: ScheduleSettings())

    def branch(self, stage: str) -> BaseModel:
        """A stage's own settings."""
        branch = getattr(self, stage)
        assert isinstance(branch, BaseModel)
        return branch


def load_settings(**given: Any) -> Settings:
    """The settings in force; `given` comes from the command line and leaves out what was not given there.

    Raises `SettingsError` that names the setting and where it comes from.
    """
    _refuse_unknown_variables()
    settings = read(Settings, given)
    for branch, names in FILLED_IN.items():
        if stated := settings.branch(branch).model_fields_set.intersection(names):
            raise SettingsError(f"{branch}.{min(stated)} is no setting: the program fills it in")
    return settings.model_copy(update={"ingest": settings.ingest.model_copy(update={"folder": settings.seeds})})


def _refuse_unknown_variables() -> None:
    """A misspelt variable would be passed over in silence by the settings library: only nested names are checked there."""
    for variable in sorted(os.environ):
        if (name := variable.lower()).startswith(PREFIX.lower()):
            first, *rest = name.removeprefix(PREFIX.lower()).split("__")
            if first not in Settings.model_fields or (rest and first in Folders.model_fields):
                raise SettingsError(
                    f"unknown setting {variable} in the environment; its first part may be {', '.join(Settings.model_fields)}"
                )
