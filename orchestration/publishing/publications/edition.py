"""What is to be published: documents in each language and what they rest on, with one hash over all of it.

Not here: reading either (`basis`, the documents' own rooms), writing files (`files`), the ledger (`ledger`).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from pydantic import BaseModel

from orchestration.messages import LANGUAGES, Language, SpokenError
from orchestration.publishing.documents.model import Document
from orchestration.publishing.folders import canonical, digest, file_digest
from orchestration.settings import PROJECT

Kind = Literal["diagnosis", "annual_report"]
SHORT = 12
# A change of any of these may change a document whose figures stay.
_DRAWN_BY = (
    "orchestration/publishing/*.py",
    "orchestration/publishing/[adflp]*/*.py",
    "orchestration/analysis/**/*.py",
    "dbt_project/models/marts/**/*.sql",
    "dbt_project/macros/marts/*.sql",
    "report_templates/document*.j2",
    "report_templates/styles/document*",
    "report_templates/messages/[adfp]*.yml",
)


class PublicationError(SpokenError):
    """What stands in the way of a publication, as one sentence."""

    area = "publications"


@dataclass(frozen=True)
class Place:
    """What a revision is one of: `diagnosis` of a half-year, or `annual_report` of a year, of one institution."""

    institution: str
    kind: Kind
    period: str

    def folder(self, root: Path) -> Path:
        """The folder that holds its revisions and drafts."""
        return root / self.institution / self.period / self.kind


@dataclass(frozen=True, order=True)
class Version:
    """A score version that figures were read from; `is_restated`: one that readers are not switched to."""

    quarter: str
    score_version: str
    is_restated: bool = False


@dataclass(frozen=True, order=True)
class Submission:
    """A department's submission that counts in one of the versions."""

    quarter: str
    department: str
    id: int
    number: int
    sha256: str


@dataclass(frozen=True)
class Basis:
    """What figures follow from; `catalogue_hash` is the catalogue of the period's last quarter."""

    versions: tuple[Version, ...]
    submissions: tuple[Submission, ...]
    catalogue_hash: str
    code_version: str


@dataclass(frozen=True)
class Edition:
    """The documents of one publication, the same stems in every language."""

    place: Place
    is_draft: bool
    documents: Mapping[Language, tuple[Document, ...]]
    basis: Basis

    @cached_property
    def content_sha256(self) -> str:
        """Equal for equal documents that rest on the same; files may differ in what tools write of themselves."""
        submissions = [
            (one.quarter, one.department, one.number, one.sha256) for one in self.basis.submissions
        ]
        return digest(
            canonical(
                {
                    **asdict(self.place),
                    "is_draft": self.is_draft,
                    "documents": {language: plain(self.documents[language]) for language in LANGUAGES},
                    "versions": [asdict(one) for one in self.basis.versions],
                    "submissions": submissions,
                    "catalogue_hash": self.basis.catalogue_hash,
                    "code_version": self.basis.code_version,
                }
            )
        )


def plain(part: object) -> object:
    """A document or a part of one as JSON values, each part with the name of its class.

    Numbers to 9 digits: a database promises no order of summation.
    """
    if is_dataclass(part) and not isinstance(part, type):
        return [type(part).__name__, *(plain(getattr(part, field.name)) for field in fields(part))]
    if isinstance(part, BaseModel):
        return part.model_dump(mode="json")
    if isinstance(part, tuple | list):
        return [plain(one) for one in part]
    return round(part, 9) if isinstance(part, float) else part


@cache
def code_version() -> str:
    """The version of Qingyuan and a hash of what analyses, reads and draws documents: `0.1.0+` and 12 digits."""
    paths = {path for pattern in _DRAWN_BY for path in PROJECT.glob(pattern)}
    files = {path.relative_to(PROJECT).as_posix(): file_digest(path) for path in paths}
    return f"{version('qingyuan')}+{digest(canonical(files))[:SHORT]}"
