"""The diagnosis of one unit: two pages to read, one to look up, four at most. Not here: how a section is composed."""

from orchestration.core.catalogue.models import Unit
from orchestration.publishing.diagnosis.figures import Drafting
from orchestration.publishing.diagnosis.follow_up import has_open, of_unit
from orchestration.publishing.diagnosis.losses import losses
from orchestration.publishing.diagnosis.nodes import aspects, points
from orchestration.publishing.diagnosis.parts import document
from orchestration.publishing.diagnosis.result import heading, result
from orchestration.publishing.diagnosis.steps import steps
from orchestration.publishing.diagnosis.trend import split, trend
from orchestration.publishing.diagnosis.unmeasured import issues, objections, unmeasured
from orchestration.publishing.documents.model import Block, Document, Paragraph


def unit_document(drafting: Drafting, unit: Unit) -> Document:
    """What a unit's score is, what set it, how sure, what to do first; then where it comes from."""
    data, words = drafting.data, drafting.words
    subject, who = data.subject(unit), words.name(unit)
    head = result(drafting, subject)
    blocks: tuple[Block, ...]
    if head is None:
        none = Paragraph(words.line("none", period=words.period(data.period)))
        blocks = (none, *(of_unit(drafting, unit.code) if has_open(drafting, unit.code) else ()))
    else:
        blocks = (
            head,
            *aspects(drafting, subject),
            *trend(drafting, subject, who),
            *split(drafting, subject),
            *losses(drafting, subject),
            *steps(drafting, subject),
            *of_unit(drafting, unit.code),
            *unmeasured(drafting, subject),
            *issues(drafting, subject),
            *objections(drafting, subject),
            *points(drafting, subject),
        )
    codes = [one.code for one in data.frame.units]
    return document(drafting, "unit", unit.code, heading(drafting, subject, who), blocks, codes)
