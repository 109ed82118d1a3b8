"""Where documents and warehouse are, told without loading any stage: the trunk of the settings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    PyprojectTomlConfigSettingsSource,
    SettingsConfigDict,
)

from tasks.errors import UsageError

PREFIX = "CORPUS_"


class SettingsError(UsageError, ValueError):
    """A setting that is unknown or has a value that it cannot have."""


class Folders(BaseSettings):
    """The two folders; whatever else is set is passed over."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_parse_none_str="null",
        pyproject_toml_table_header=("tool", "corpus"),
        pyproject_toml_depth=0,
        extra="ignore",
        frozen=True,
    )

    seeds: Path = Field(Path("seeds"), description="folder of documents")
    warehouse: Path = Field(Path("warehouse/data"), description="folder of the warehouse")

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


Read = TypeVar("Read", bound=Folders)


def read(kind: type[Read], given: Mapping[str, Any]) -> Read:
    """The settings of a kind that are in force; raises `SettingsError` that names the setting and where it comes from."""
    try:
        return kind(**{key: value for key, value in given.items() if value is not None})
    except ValidationError as error:
        raise SettingsError("; ".join(_sentence(problem) for problem in error.errors())) from error
    except (ValueError, OSError) as error:
        raise SettingsError(f"the settings cannot be read: {error}") from error


def _sentence(problem: Any) -> str:
    name = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        return f"unknown setting {name} (in [tool.corpus] of pyproject.toml or as {PREFIX}{name.replace('.', '__').upper()})"
    if problem["type"] == "secret":
        return f"setting {name} {problem['msg']}"
    return f"setting {name}: {problem['msg']}, not {problem['input']!r}"
