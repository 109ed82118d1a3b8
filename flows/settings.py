"""Settings: one tree, a branch for each stage, from the command line, the environment and `[tool.corpus]`."""

from __future__ import annotations

import os
from typing import Any

from pydantic import BaseModel, Field
from pydantic_settings import SettingsConfigDict

from flows.folders import PREFIX, Folders, SettingsError, read
from tasks.additions import AdditionsSettings
from tasks.annotate import AnnotateSettings
from tasks.calendar import CalendarSettings
from tasks.clean import CleanSettings
from tasks.entities import EntitiesSettings
from tasks.ingest import IngestSettings
from tasks.signatures import SignaturesSettings
from tasks.similarity import SimilaritySettings
from tasks.topic_placement import TopicPlacementSettings
from tasks.topics import TopicsSettings
from tasks.trends import TrendsSettings
from tasks.watchlist import WatchlistSettings


class PublishSettings(BaseModel, frozen=True, extra="forbid"):
    """The published warehouse."""

    keep: int = Field(3, ge=1, le=1000, description="published versions to keep, the current one included")


class ReportSettings(BaseModel, frozen=True, extra="forbid"):
    """The HTML report."""

    on_run: bool = Field(True, description="make the HTML report with every run, beside the published warehouse")


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
    trends: TrendsSettings = Field(default_factory=lambda: TrendsSettings())
    publish: PublishSettings = Field(default_factory=lambda: PublishSettings())
    report: ReportSettings = Field(default_factory=lambda: ReportSettings())

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
    return settings.model_copy(update={"ingest": settings.ingest.model_copy(update={"folder": settings.seeds})})


def _refuse_unknown_variables() -> None:
    """A misspelt variable would be passed over in silence by the settings library: only nested names are checked there."""
    for variable in sorted(os.environ):
        if variable.startswith(PREFIX):
            first = variable.removeprefix(PREFIX).split("__")[0].lower()
            if first not in Settings.model_fields:
                raise SettingsError(
                    f"unknown setting {variable} in the environment; its first part may be {', '.join(Settings.model_fields)}"
                )
