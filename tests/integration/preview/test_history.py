"""Rules look back on history as this quarter's catalogue scores it: in a preview, too, where no run did so yet."""

from dataclasses import replace

from orchestration.warehouse.contested import mark_as_whole
from orchestration.warehouse.restated import Restatement, put_restated_in_scope
from orchestration.warehouse.versions import scoring_lock
from tests.integration.intake.deliveries import INSTITUTION, widened
from tests.integration.preview.conftest import BEFORE, QUARTER, RULES, Place, worse
from tests.integration.preview.test_preview import plain, seen
from tests.integration.runs import same
from tests.integration.scored import NOT_BESIDE
from tests.unit.small_catalogue import change


def restate(place: Place) -> None:
    """The quarter before under this one's catalogue, as a run does it."""
    wanted = [Restatement(INSTITUTION, BEFORE, QUARTER)]
    with scoring_lock(place.warehouse) as conn:
        at = {QUARTER: place.school.at(QUARTER)}
        assert put_restated_in_scope(conn, wanted, at, place.scoring.settings)
        failed = place.scoring.dbt("build", "--select", "tag:scoring", "--exclude", *NOT_BESIDE)
        assert not failed, failed
        mark_as_whole(conn)


def test_history_is_scored_within_the_preview_where_the_catalogue_differs(scored_school: Place) -> None:
    reweighted = widened(change("items", 2, weight="9")).model_copy(update={"warning_rules": RULES})
    place = replace(scored_school.copy(), school=reweighted)
    incoming = worse(place).incoming(QUARTER)
    held = place.held()
    preview = place.preview(incoming)
    assert place.held() == held
    assert not preview.is_settled  # another catalogue than readers see

    place.receive(incoming)
    place.run(QUARTER)
    restate(place)
    real = seen(place).causes
    own = {cause.fingerprint: cause for cause in (*preview.begins, *preview.goes_on)}
    assert own.keys() == real.keys()
    assert same([plain(own[key]) for key in own], [plain(real[key]) for key in own])
    ((published,),) = place.rows(
        "select score from marts.fct_indicator_score where quarter = %s and subject_code = 'U1' and level = 0",
        BEFORE,
    )
    (fell,) = (cause for cause in own.values() if (cause.rule, cause.subject_code) == ("R1", "U1"))
    assert fell.previous_score is not None
    assert abs(fell.previous_score - published) > 0.01
