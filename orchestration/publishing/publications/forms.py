"""The forms of a publication's documents, written into its draft folder: HTML, DOCX, PDF, the workbook of figures.

Not here: the forms themselves (`documents`).
"""

from collections.abc import Sequence
from pathlib import Path

from orchestration.messages import LANGUAGES
from orchestration.publishing.documents.model import Document
from orchestration.publishing.publications.files import DOCX_LANGUAGE, Documents

BOOK = "figures.xlsx"


def write_documents(documents: Documents, draft: Path) -> None:
    """Write every document: HTML in each language, DOCX in Chinese, and the workbook of all figures.

    What is about the institution, which meetings read on paper, as PDF too where the machine can: a page costs it
    more than all other forms of a document together.
    """
    from orchestration.publishing.documents.docx import write_docx
    from orchestration.publishing.documents.figures_book import write_figures
    from orchestration.publishing.documents.pdf import write_pdf

    for language in LANGUAGES:
        write_pages(documents[language], draft)
    for document in documents[DOCX_LANGUAGE]:
        write_docx(document, draft / f"{document.stem}.docx")
        if document.subject_kind == "institution":
            name = f"{document.stem}.{DOCX_LANGUAGE}"
            write_pdf((draft / f"{name}.html").read_text(encoding="utf-8"), draft / f"{name}.pdf")
    write_figures(documents[DOCX_LANGUAGE], draft / BOOK)


def write_pages(documents: Sequence[Document], draft: Path) -> None:
    """Write documents as HTML, each with a link to the same in the other language."""
    from orchestration.publishing.documents.html import render_html

    for document in documents:
        other = next(language for language in LANGUAGES if language != document.language)
        page = render_html(document, alternate=f"{document.stem}.{other}.html")
        (draft / f"{document.stem}.{document.language}.html").write_text(page, encoding="utf-8")
