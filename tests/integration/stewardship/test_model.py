"""The model of stewardship by hand, on one history: one that could never say `waiver_expired` would compare nothing."""

from datetime import timedelta

from tests.integration.stewardship.model import Model


def test_one_history_by_hand() -> None:
    model = Model()
    model.absent("money", "2026Q3")
    issue = model.issues[("money", "2026Q3", "not_delivered")]
    assert model.ask("clerk", issue, "2026Q4")
    assert not model.decide("chief", issue, approves=True)
    assert model.decide("officer", issue, approves=True)
    model.submit("safety", "2026Q3", [], corrects=False)
    assert model.is_open("2026Q3")
    model.today += timedelta(days=100)
    assert not model.is_open("2026Q3")
    model.upkeep()
    model.today += timedelta(days=10)
    model.upkeep()
    assert issue.events == ["opened", "waiver_asked", "waived", "waiver_expired", "escalated"]
