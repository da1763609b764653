"""A period published the whole way: its documents composed, drawn in their forms, frozen. Not here: each of these."""

from orchestration.core.catalogue.models import Catalogue
from orchestration.publishing.publications.changes import explain_in
from orchestration.publishing.publications.compose import composer
from orchestration.publishing.publications.edition import Place
from orchestration.publishing.publications.forms import write_documents
from orchestration.publishing.publications.publish import Published, publish
from orchestration.settings import Settings
from orchestration.warehouse.connections import Warehouse


def publish_period(
    warehouse: Warehouse, catalogue: Catalogue, place: Place, settings: Settings, *, by: str | None
) -> Published:
    """Publish one institution's period; `catalogue` as it holds in its last quarter. Errors as of `publish`."""
    return publish(
        warehouse,
        place,
        settings.publications,
        composer(
            catalogue,
            place,
            min_coverage=settings.min_coverage,
            timezone=settings.timezone,
            is_draft=by is None,
        ),
        fill=write_documents,
        explain=explain_in(catalogue, settings.publications),
        by=by,
    )
