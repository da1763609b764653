"""A document put together: furniture, file name, blocks.

Not here: what the blocks say, file names of several frameworks together (`publications`).
"""

import re
from collections.abc import Iterable, Sequence

from orchestration.publishing.diagnosis.figures import Drafting
from orchestration.publishing.documents.model import Block, Document, Furniture

_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")


def document(
    drafting: Drafting, kind: str, code: str, heading: str, blocks: Iterable[Block], codes: Sequence[str]
) -> Document:
    """One document about `code`; `codes` are all of its kind, for a file name where the code is none."""
    return Document(
        language=drafting.language,
        stem=_stem(kind, code, codes),
        subject_kind=kind,
        subject_code=code,
        heading=heading,
        furniture=_furniture(drafting, kind),
        blocks=tuple(blocks),
    )


def _stem(kind: str, code: str, codes: Sequence[str]) -> str:
    """`unit-C05`; by position where the code is no plain word."""
    return kind if kind == "institution" else f"{kind}-{_word(code, codes)}"


def _word(code: str, codes: Sequence[str]) -> str:
    # A file system that folds case must not take two codes for one file.
    folded = [one.lower() for one in codes]
    if _PLAIN.fullmatch(code) and folded.count(code.lower()) == 1:
        return code
    return f"-{codes.index(code)}"


def _furniture(drafting: Drafting, kind: str) -> Furniture:
    data, words = drafting.data, drafting.words
    owner = words.say(
        "owner", institution=words.name(data.frame.institution), framework=words.name(data.frame.framework)
    )
    return Furniture(
        owner=owner,
        title=words.say(f"title.{kind}"),
        period=words.period(data.period),
        is_draft=data.is_draft,
        data_on=words.scores.day(data.data_on),
        catalogue_hash=data.frame.catalogue_hash,
        score_versions=data.score_versions,
        foot=words.say("foot"),
    )
