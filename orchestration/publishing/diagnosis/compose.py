"""All diagnoses of one framework over units in one period. Not here: what each says, how they are drawn."""

from orchestration.messages import Language
from orchestration.publishing.diagnosis.figures import Drafting
from orchestration.publishing.diagnosis.lead_unit import lead_unit_document, lead_units
from orchestration.publishing.diagnosis.model import DiagnosisData
from orchestration.publishing.diagnosis.post import post_document, posts_with_portfolio
from orchestration.publishing.diagnosis.school import school_document
from orchestration.publishing.diagnosis.unit import unit_document
from orchestration.publishing.documents.model import Document


def diagnoses(data: DiagnosisData, language: Language) -> tuple[Document, ...]:
    """The school's, each leadership post's with a portfolio, each lead unit's, each unit's, in this order."""
    drafting = Drafting(data, language)
    return (
        school_document(drafting),
        *(post_document(drafting, post) for post in posts_with_portfolio(drafting)),
        *(lead_unit_document(drafting, unit) for unit in lead_units(drafting)),
        *(unit_document(drafting, unit) for unit in data.frame.units),
    )
