"""The yearly report of an institution as one document: judgement, first-level chapters, units, corrections, audit page.

Composed by rules from figures of the marts. Not here: analysis, drawing (`publishing.documents`), files.
"""

from orchestration.publishing.annual.compose import annual_report
from orchestration.publishing.annual.load import load_annual
from orchestration.publishing.annual.model import AnnualData

__all__ = ["AnnualData", "annual_report", "load_annual"]
