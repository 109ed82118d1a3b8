"""Settings: one tree, a branch for each stage, from the command line, the environment and `[tool.corpus]`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    PyprojectTomlConfigSettingsSource,
    SettingsConfigDict,
)

from tasks.additions import AdditionsSettings
from tasks.annotate import AnnotateSettings
from tasks.calendar import CalendarSettings
from tasks.clean import CleanSettings
from tasks.entities import EntitiesSettings
from tasks.ingest import IngestSettings
from tasks.similarity import SimilaritySettings
from tasks.stage import CorpusError
from tasks.topic_placement import TopicPlacementSettings
from tasks.topics import TopicsSettings
from tasks.trends import TrendsSettings
from tasks.watchlist import WatchlistSettings

PREFIX = "CORPUS_"


class SettingsError(CorpusError, ValueError):
    """A setting that is unknown or has a value that it cannot have."""


class PublishSettings(BaseModel, frozen=True, extra="forbid"):
    """The published warehouse."""

    keep: int = Field(3, ge=1, le=1000, description="published versions to keep, the current one included")


class RunSettings(BaseModel, frozen=True, extra="forbid"):
    """How a run is carried out; its rows do not depend on it."""

    when_held: Literal["skip", "wait"] = Field(
        "skip", description="what a run does while another holds the warehouse: it ends at once, or waits its turn"
    )
    runner: Literal["local", "dask"] = Field(
        "local", description="where the language pass works: on this machine, or on the workers of a Dask cluster"
    )
    address: str | None = Field(None, description="address of the cluster's scheduler, such as `tcp://10.0.0.5:8786`")

    @model_validator(mode="after")
    def _cluster_has_an_address(self) -> RunSettings:
        if self.runner == "dask" and not self.address:
            raise ValueError("runner dask needs the address of a scheduler")
        return self


class ScheduleSettings(BaseModel, frozen=True, extra="forbid"):
    """`corpus schedule`."""

    name: str = Field(
        "scheduled",
        pattern=r"^[^/%&><]+$",
        description="name of the deployment; corpora that share a Prefect server need different ones",
    )
    timezone: str = Field("UTC", min_length=1, description="IANA name of the time zone that `--cron` is in")
    poll_seconds: float = Field(
        10.0, ge=0.1, description="between two looks at the folder; what two looks find the same has landed"
    )


class Settings(BaseSettings):
    """All settings; a stage sees its own branch only."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_parse_none_str="null",
        pyproject_toml_table_header=("tool", "corpus"),
        pyproject_toml_depth=0,
        extra="forbid",
        frozen=True,
    )

    seeds: Path = Field(Path("seeds"), description="folder of documents")
    warehouse: Path = Field(Path("warehouse/data"), description="folder of the warehouse")
    ingest: IngestSettings = Field(default_factory=lambda: IngestSettings())
    clean: CleanSettings = Field(default_factory=lambda: CleanSettings())
    calendar: CalendarSettings = Field(default_factory=lambda: CalendarSettings())
    annotate: AnnotateSettings = Field(default_factory=lambda: AnnotateSettings())
    additions: AdditionsSettings = Field(default_factory=lambda: AdditionsSettings())
    entities: EntitiesSettings = Field(default_factory=lambda: EntitiesSettings())
    watchlist: WatchlistSettings = Field(default_factory=lambda: WatchlistSettings())
    similarity: SimilaritySettings = Field(default_factory=lambda: SimilaritySettings())
    topics: TopicsSettings = Field(default_factory=lambda: TopicsSettings())
    topic_placement: TopicPlacementSettings = Field(default_factory=lambda: TopicPlacementSettings())
    trends: TrendsSettings = Field(default_factory=lambda: TrendsSettings())
    publish: PublishSettings = Field(default_factory=lambda: PublishSettings())
    run: RunSettings = Field(default_factory=lambda: RunSettings())
    schedule: ScheduleSettings = Field(default_factory=lambda: ScheduleSettings())

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The command line over the environment over `pyproject.toml` over the defaults."""
        return init_settings, env_settings, PyprojectTomlConfigSettingsSource(settings_cls)

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
    try:
        settings = Settings(**{key: value for key, value in given.items() if value is not None})
    except ValidationError as error:
        raise SettingsError("; ".join(_sentence(problem) for problem in error.errors())) from error
    except (ValueError, OSError) as error:
        raise SettingsError(f"the settings cannot be read: {error}") from error
    return settings.model_copy(update={"ingest": settings.ingest.model_copy(update={"folder": settings.seeds})})


def _sentence(problem: Any) -> str:
    name = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        return f"unknown setting {name} (in [tool.corpus] of pyproject.toml or as {PREFIX}{name.replace('.', '__').upper()})"
    return f"setting {name}: {problem['msg']}, not {problem['input']!r}"


def _refuse_unknown_variables() -> None:
    """A misspelt variable would be passed over in silence by the settings library: only nested names are checked there."""
    for variable in sorted(os.environ):
        if variable.startswith(PREFIX):
            first = variable.removeprefix(PREFIX).split("__")[0].lower()
            if first not in Settings.model_fields:
                raise SettingsError(
                    f"unknown setting {variable} in the environment; its first part may be {', '.join(Settings.model_fields)}"
                )
