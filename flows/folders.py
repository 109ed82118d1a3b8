"""Where documents and warehouse are, told without loading any stage: the trunk of the settings."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self, TypeVar

import pydantic_settings
from pydantic import Field, PrivateAttr, ValidationError, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from tasks.errors import UsageError

PREFIX = "CORPUS_"
_PROJECT = Path("pyproject.toml")


class SettingsError(UsageError, ValueError):
    """A setting that is unknown or has a value that it cannot have."""


class Folders(BaseSettings):
    """The two folders; whatever else is set is passed over."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_parse_none_str="null",
        extra="ignore",
        frozen=True,
    )

    seeds: Path = Field(Path("seeds"), description="folder of documents")
    warehouse: Path = Field(Path("warehouse/data"), description="folder of the warehouse")

    _own_warehouse: Path | None = PrivateAttr(None)

    def elsewhere(self, warehouse: Path) -> Self:
        """These settings for a warehouse that is filled aside; what the one they name holds stays out of the documents."""
        other = self.model_copy(update={"warehouse": warehouse})
        other._own_warehouse = self._own_warehouse or self.warehouse
        return other

    @property
    def warehouse_in_seeds(self) -> str | None:
        """The path of the warehouse below the folder of documents, if it lies there; what it holds is no document."""
        seeds, warehouse = self.seeds.resolve(), (self._own_warehouse or self.warehouse).resolve()
        return warehouse.relative_to(seeds).as_posix() if warehouse.is_relative_to(seeds) else None

    @field_validator("seeds", "warehouse", mode="before")
    @classmethod
    def _is_named(cls, folder: object) -> object:
        # A variable that a script has left empty would be the working folder.
        if folder == "":
            raise PydanticCustomError("empty", "must name a folder (. is the one you are in)")
        return folder

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
        return init_settings, env_settings, InitSettingsSource(settings_cls, _project_table())


def _project_table() -> dict[str, Any]:
    """`[tool.corpus]` of the working folder's `pyproject.toml`; empty without one."""
    try:
        table = tomllib.loads(_PROJECT.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SettingsError(f"{_PROJECT} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise SettingsError(f"{_PROJECT} is no TOML: {error}") from error
    for name in ("tool", "corpus"):
        table = table.get(name, {})
        if not isinstance(table, dict):
            raise SettingsError(f"{_PROJECT}: {name} is no table; settings stand under [tool.corpus]")
    return table


Read = TypeVar("Read", bound=Folders)


def read(kind: type[Read], given: Mapping[str, Any]) -> Read:
    """The settings of a kind that are in force; raises `SettingsError` that names the setting and where it comes from."""
    try:
        return kind(**{key: value for key, value in given.items() if value is not None})
    except ValidationError as error:
        raise SettingsError("; ".join(map(_sentence, _told(error.errors())))) from error
    except pydantic_settings.SettingsError as error:  # which tells the branch and not the variable
        branch = re.search(r'field "(\w*)"', str(error))
        start = f"{PREFIX}{branch[1] if branch else ''}".upper()
        variables = ", ".join(sorted(name for name in os.environ if name.upper().startswith(start)))
        raise SettingsError(f'a list in the environment must be JSON, such as ["year"]; see {variables}') from error


def _told(problems: Sequence[Any]) -> list[Any]:
    """The problems without what follows from others: a list of which no value is right is empty."""
    return [problem for problem in problems if problem["type"] != "too_short" or not problem["input"]]


def _sentence(problem: Any) -> str:
    name = ".".join(str(part) for part in problem["loc"])
    is_listed = any(isinstance(part, int) for part in problem["loc"])  # it is in a list, which is set as a whole
    if problem["type"] == "extra_forbidden" and is_listed:
        return f"unknown name {name}"
    if problem["type"] == "extra_forbidden":
        return f"unknown setting {name} (in [tool.corpus] of pyproject.toml or as {PREFIX}{name.replace('.', '__').upper()})"
    if problem["type"] == "missing":
        return f"{name} is missing"
    if problem["type"] in ("secret", "empty"):
        return f"setting {name} {problem['msg']}"
    if problem["type"] == "model_type" and not is_listed:
        return f"setting {name} is a table of settings: name one of them, such as {name}.… or {PREFIX}{name.upper()}__…"
    if problem["type"] in ("cluster", "too_short"):
        return f"setting {name}: {problem['msg']}"
    return f"setting {name}: {problem['msg']}, not {problem['input']!r}"
