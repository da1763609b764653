"""What a membership of a login may name, held against the shipped catalogue."""

from typing import Any

import pytest

from orchestration.messages import LANGUAGES
from orchestration.stewardship.errors import LoginError
from orchestration.stewardship.scopes import checked_scope


def test_what_the_catalogue_does_not_know_is_named(catalogue: Any) -> None:
    (place, *_) = [row.code for row in catalogue.institutions]
    unit = next(row.code for row in catalogue.units if row.institution == place)
    leads = next(row.post for row in catalogue.portfolios if row.institution == place and row.unit)
    post = next(
        row.code for row in catalogue.posts
        if row.institution == place
        and not any((of.institution, of.post) == (place, row.code) and of.unit for of in catalogue.portfolios)
    )  # fmt: skip
    department = catalogue.departments[0].code
    for role, where, code in (
        ("unit_reader", place, unit), ("leader_reader", place, leads), ("portrait_reader", place, post),
        ("portrait_reader", place, None), ("steward", place, department), ("bi_reader", place, None),
        ("bi_reader", None, None), ("auditor", None, None),
    ):  # fmt: skip
        assert checked_scope(catalogue, role, where, code) == (role, where, code)
    for role, where, code, reason in (
        ("reader", place, unit, "role_unknown"), ("unit_reader", place, leads, "code_unknown"),
        ("unit_reader", None, unit, "institution_needed"), ("unit_reader", "nowhere", unit, "institution_unknown"),
        ("unit_reader", place, None, "code_needed"), ("leader_reader", place, unit, "code_unknown"),
        ("leader_reader", place, None, "code_needed"), ("leader_reader", place, post, "post_leads_nothing"),
        ("portrait_reader", place, unit, "code_unknown"), ("steward", place, unit, "code_unknown"),
        ("bi_reader", place, unit, "code_too_many"), ("auditor", None, department, "code_too_many"),
    ):  # fmt: skip
        with pytest.raises(LoginError) as refused:
            checked_scope(catalogue, role, where, code)
        assert refused.value.reason == reason
        assert all("{" not in refused.value.sentence(language) for language in LANGUAGES)
