"""The diagnoses of a half-year: of the school, each leadership post, each lead unit and each unit, as documents.

Composed by rules from figures of the marts. Not here: analysis, drawing (`publishing.documents`), files.
"""

from orchestration.publishing.diagnosis.compose import diagnoses
from orchestration.publishing.diagnosis.load import load_diagnosis
from orchestration.publishing.diagnosis.model import DiagnosisData

__all__ = ["DiagnosisData", "diagnoses", "load_diagnosis"]
