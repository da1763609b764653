"""The yearly report put together, chapter after chapter. Not here: what a chapter says, how it is drawn."""

from dataclasses import replace

from orchestration.messages import Language
from orchestration.publishing.annual.aspects import chapters
from orchestration.publishing.annual.assessed import assessed
from orchestration.publishing.annual.audit import audit
from orchestration.publishing.annual.corrections import corrections
from orchestration.publishing.annual.drafting import Yearly
from orchestration.publishing.annual.follow_up import follow_up
from orchestration.publishing.annual.method import method
from orchestration.publishing.annual.model import AnnualData
from orchestration.publishing.annual.quality import quality
from orchestration.publishing.annual.tasks import tasks
from orchestration.publishing.annual.units import units
from orchestration.publishing.diagnosis.figures import Drafting
from orchestration.publishing.diagnosis.groups import Member, group_lines, members
from orchestration.publishing.diagnosis.nodes import aspects
from orchestration.publishing.diagnosis.parts import document
from orchestration.publishing.diagnosis.result import result
from orchestration.publishing.diagnosis.school import institution_heading, look_first
from orchestration.publishing.diagnosis.trend import trend
from orchestration.publishing.documents.model import Block, Document, Heading, Listing, Paragraph

STEM = "annual-report"


def annual_report(data: AnnualData, language: Language) -> Document:
    """The yearly report of the data's framework in one language."""
    drafting = Drafting(data.base, language)
    yearly = Yearly(data, drafting)
    base, words = data.base, drafting.words
    who = words.name(base.frame.institution)
    found = members(drafting, [(base.subject(unit), base.root) for unit in base.frame.units])
    blocks = (
        *_overall(yearly, who, found),
        *chapters(yearly),
        *units(yearly),
        *corrections(yearly),
        *quality(yearly),
        *tasks(yearly),
        *follow_up(yearly),
        *method(yearly),
        *audit(yearly),
    )
    made = document(
        drafting,
        "institution",
        base.institution,
        institution_heading(drafting, base.school, who, found),
        blocks,
        [base.institution],
    )
    title = replace(made.furniture, title=yearly.say("title"), foot=yearly.say("foot"))
    return replace(made, stem=made.stem.replace("institution", STEM), furniture=title)


def _overall(yearly: Yearly, who: str, found: tuple[Member, ...]) -> tuple[Block, ...]:
    """The institution's colour and what set it, the leading group's own judgement, the total over quarters."""
    drafting = yearly.drafting
    head = result(drafting, yearly.data.base.school, look_first(drafting, found))
    title = Heading(1, yearly.say("chapter.overall"))
    if head is None:
        year = drafting.words.period(yearly.data.year)
        return (title, Paragraph(yearly.line("overall.none", year=year)), *assessed(yearly))
    school = yearly.data.base.school
    return (
        title,
        head,
        *_first(drafting, found),
        *assessed(yearly),
        *aspects(drafting, school),
        *trend(drafting, school, who),
    )


def _first(drafting: Drafting, found: tuple[Member, ...]) -> tuple[Block, ...]:
    """Whom to look at first, colour by colour with what the catalogue asks for; the head names this section."""
    if not found:
        return ()
    return (Heading(2, drafting.words.say("section.alarms")), Listing(group_lines(drafting, found)))
