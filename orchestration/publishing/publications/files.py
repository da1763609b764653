"""What lies in a publication's draft folder, and what its manifest says of it. Not here: the forms (`forms`)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from orchestration.messages import LANGUAGES, Language
from orchestration.publishing.documents.model import Document
from orchestration.publishing.folders import file_digest
from orchestration.publishing.publications.edition import Edition
from orchestration.publishing.publications.frozen import FIGURES, Cell, Frozen, write_figures_json
from orchestration.publishing.publications.ledger import File

Documents = Mapping[Language, Sequence[Document]]
# GB/T 9704 is a form of Chinese documents.
DOCX_LANGUAGE: Language = "zh-CN"
Fill = Callable[[Documents, Path], None]


def write_frozen(figures: Mapping[Cell, Frozen], draft: Path) -> None:
    """Write the canonical record of the figures, with which the next revision is compared."""
    write_figures_json(figures, draft / FIGURES)


def manifest_of(edition: Edition, revision: int, files: Sequence[File]) -> dict[str, object]:
    """What the manifest says besides the hash of each file."""
    basis = edition.basis
    return {
        **asdict(edition.place),
        "revision": revision,
        "is_draft": edition.is_draft,
        "content_sha256": edition.content_sha256,
        "catalogue_hash": basis.catalogue_hash,
        "code_version": basis.code_version,
        "score_versions": [asdict(one) for one in basis.versions],
        "submissions": [asdict(one) for one in basis.submissions],
        "documents": {
            file.name: {"subject_kind": file.subject_kind, "subject_code": file.subject_code}
            for file in files
            if file.document
        },
    }


def files_in(draft: Path, documents: Sequence[Document]) -> list[File]:
    """What lies in the draft, each file of a document with whom it is about."""
    stems = {document.stem: document for document in documents}
    return [_file(path, stems) for path in sorted(draft.iterdir())]


def _file(path: Path, stems: Mapping[str, Document]) -> File:
    sha256 = file_digest(path)
    stem, _, ending = path.name.rpartition(".")
    language = next((one for one in LANGUAGES if stem.endswith(f".{one}")), None)
    document = stems.get(stem.removesuffix(f".{language}"))
    if document is None:
        return File(path.name, sha256, language=language)
    told = language or (DOCX_LANGUAGE if ending == "docx" else None)
    return File(path.name, sha256, document.stem, told, document.subject_kind, document.subject_code)
