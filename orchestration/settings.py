"""The one Settings class: every value an operator may set, read from `QINGYUAN_*` and `.env`.

The only reader of the environment. Not here: constants of the method (they are rows of the catalogue).
"""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What an operator may set; each field is the variable `QINGYUAN_<NAME>`."""

    model_config = SettingsConfigDict(
        env_prefix="QINGYUAN_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    home: Path = Field(
        PROJECT / ".qingyuan", description="Folder for the embedded server, Dagster and output."
    )
    database_url: SecretStr | None = Field(
        None, description="A PostgreSQL >= 16 to use instead of the embedded one; its user may create roles."
    )
    db_port: int | None = Field(
        None, ge=1, le=65535, description="Loopback port of the embedded server; else remembered, else free."
    )
    bi_reader_password: SecretStr | None = Field(
        None, description="Password of the role bi_reader; else made once and kept in the home."
    )
    catalogue: Path = Field(
        PROJECT / "dbt_project" / "catalogue", description="Folder of the catalogue's CSV files."
    )
    inbox: str = Field(
        "", description="fsspec URL or path where departments deliver; else `inbox` in the home."
    )
    sources: Path | None = Field(
        None, description="YAML file that names SQL sources of departments that deliver no file."
    )
    notices: Path | None = Field(
        None, description="YAML file that names the channels of notices; without it nothing is sent."
    )
    min_coverage: float = Field(0.8, ge=0, le=1, description="Coverage below which a colour is grey.")
    language: Literal["zh-CN", "en"] = Field("zh-CN", description="Language of messages on the terminal.")
    person: str | None = Field(
        None, description="Code of the person who acts on this terminal; `--as` names another."
    )
    missing_marks: str = Field(
        "",
        description="Words that read as missing, separated by spaces; else those of intake/reading/words.py.",
    )
    timezone: str = Field("Asia/Shanghai", description="Time zone of schedules and dates shown.")
    parse_seconds: float = Field(4.5, gt=0, description="Time limit of reading one delivered file.")
    parse_memory_mb: int = Field(512, ge=128, description="Memory limit of reading one delivered file.")

    @field_validator("home", "catalogue", "sources", "notices")
    @classmethod
    def _absolute(cls, path: Path | None) -> Path | None:
        """`~` is the user's folder; a relative path is below the folder the command started in."""
        return path and path.expanduser().absolute()

    @property
    def inbox_url(self) -> str:
        """Where departments deliver, as an fsspec URL or a path."""
        return self.inbox or str(self.home / "inbox")

    @property
    def publications(self) -> Path:
        """Folder of what is published: `<institution>/<quarter>/…`."""
        return self.home / "publications"

    @property
    def contract_pages(self) -> Path:
        """Folder of the pages that show every department's contract: `index.html`, `<department>.html`."""
        return self.home / "contracts"

    @property
    def mart_page(self) -> Path:
        """The page of every mart, where it comes from and what is tested of it."""
        return self.home / "docs" / "marts.html"

    @property
    def dbt_project(self) -> Path:
        """Folder of the dbt project."""
        return PROJECT / "dbt_project"


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
