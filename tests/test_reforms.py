"""The reforms of release: nothing before they commence, each dial in its direction, each date as worked out apart."""

from datetime import date
from itertools import zip_longest
from typing import Any

import numpy as np
import pytest

from scenarios import find
from sim.compiled import CompiledWorld
from sim.days import NEVER, YEAR, day_of, years_after
from sim.journal import Event
from sim.law import ALWAYS
from sim.world import World
from tests.identity import first_difference
from tests.reformed import (
    BEGINS,
    GONE,
    IN_PRISON,
    LAST,
    OUT,
    REFORMS,
    REFUSED,
    REVIEWS,
    A,
    E,
    Lived,
    S,
    book,
    count,
    happened,
    lived,
    lives,
    standing,
    state_on,
)
from tests.test_conservation import amended, check

# Nothing before, the same in both engines, and nothing at all while the rules are absent


@pytest.mark.parametrize("bill", REFORMS)
def test_nothing_changes_before_the_commencement_and_something_after(bill: str) -> None:
    scarce = (("oral_hearings_share", day_of(date(2021, 4, 1)), 0.05),) if bill == "parole_capacity" else ()
    columns = 5 if bill == "parole_capacity" else 6  # a hearing booked before may be told its listing after
    (now, _), (then, _) = (lived(name, *scarce, scale=1_500 / 7_000) for name in ("current_law", bill))
    assert find(bill).commencement == date(2027, 4, 1)
    pairs: list[tuple[Any, Any]] = list(zip(now, then, strict=True))
    for mine, theirs in pairs[:columns]:
        assert np.array_equal(mine[now.day < BEGINS], theirs[then.day < BEGINS])
    assert first_difference(now, then) != ""


DIALS: dict[str, tuple[float, float]] = {
    "fixed_release_within": (0, 5), "resentencing": (1, 1), "resentence_within": (0, 60),
    "resentence_multiple": (1, 6), "resentence_prison_share": (0, 1), "resentence_licence_least": (0, 4),
    "resentence_share": (0.3, 1), "resentence_years_over": (0, 8), "proportionality_after": (0, 10),
    "proportionality_log_odds": (-2, 3), "executive_release_rate": (0.2, 1.5), "executive_release_after": (0, 24),
    "executive_release_no_charge": (0, 1), "recall_review_most": (0, 300),
}  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_whatever_the_dials_people_are_conserved_and_the_engines_agree(seed: int) -> None:
    chance = np.random.default_rng(seed)
    law = amended(book(), ("hospital_transfer_rate", ALWAYS, 0.1), ("rescission_share", ALWAYS, 0.1))
    for name, (low, high) in DIALS.items():
        day = int(chance.integers(day_of(date(2024, 10, 1)), day_of(date(2029, 1, 1))))
        whole = book().rule(name).unit == "yes or no"
        law = amended(law, (name, day, float(round(chance.uniform(low, high), 0 if whole else 3))))
    covers = tuple(float(each) for each in chance.random(4) < 0.8)
    law = amended(law, ("resentence_covers", ALWAYS, covers), ("fixed_release_covers", ALWAYS, covers[1:3]))
    how: dict[str, Any] = {"people": 120, "seed": seed, "last": LAST, "scale": 0.02}
    table = check(World([law], **how), range(7_000, LAST, 300))
    assert first_difference(table, CompiledWorld([law], **how).live()) == ""
    assert np.isin(table.event, (E.RELEASE_DATE_SET, E.RESENTENCED)).any()


def test_dials_of_what_is_not_law_do_nothing() -> None:
    names = ("fixed_release_covers", "resentence_covers", "resentence_within", "resentence_multiple",
             "resentence_prison_share", "resentence_share", "resentence_licence_least", "resentence_years_over",
             "proportionality_log_odds")  # fmt: skip
    changes = [(name, ALWAYS, 1.0 if name == "resentence_multiple" else 0.0) for name in names]
    assert first_difference(lived()[0], lived("current_law", *changes)[0]) == ""


def test_what_the_reforms_bring_is_counted() -> None:
    dated, court = lived("fixed_release"), lived("resentencing")
    for journal, measure, group, event in (
        (dated, "release_dates_set", "", E.RELEASE_DATE_SET), (dated, "rereleases", "fixed date", E.RERELEASED_ON_DATE),
        (court, "resentenced", "", E.RESENTENCED), (court, "sentences_served", "", E.SENTENCE_SERVED),
    ):  # fmt: skip
        assert happened(journal, measure, group) == count(journal, event) > 0
    ended = standing(court, "terminated", date(2034, 12, 31)) - standing(court, "terminated", date(2027, 3, 31))
    assert ended == happened(court, "terminations") + happened(court, "sentences_served")


# A day of release after each review


def test_a_review_that_does_not_release_sets_a_day_two_years_on() -> None:
    seen = 0
    for who, lines in lives(lived("fixed_release")):
        set_for = NEVER
        for (day, event, state, because, detail), following in zip(lines, [*lines[1:], None], strict=True):
            sets = following is not None and following[:2] == (day, E.RELEASE_DATE_SET)
            if event in REFUSED and day >= max(BEGINS, who["tariff_expiry"]) and not who["other_life"]:
                assert sets == (years_after(day, 2) < set_for)
            if event == E.RELEASE_DATE_SET:
                assert because == A.FIXED_RELEASE_WITHIN and state in IN_PRISON
                assert day + detail == years_after(day, 2)
                set_for, seen = day + detail, seen + 1
            if event in OUT:
                assert because != A.FIXED_RELEASE_WITHIN or day == set_for or state_on(lines, set_for) == S.HOSPITAL
                set_for = NEVER
    assert seen > 300


def test_nobody_is_in_prison_the_day_after_the_day_that_was_set() -> None:
    kept = 0
    for _, lines in lives(lived("fixed_release")):
        for day, event, _, _, detail in lines:
            if event == E.RELEASE_DATE_SET and day + detail < LAST:
                on_the_day = [other for then, other, *_ in lines if then == day + detail]
                left = any(event in GONE for then, event, *_ in lines if day <= then <= day + detail)
                assert left or state_on(lines, day + detail) == S.HOSPITAL
                kept += E.FIRST_RELEASED in on_the_day or E.RERELEASED_ON_DATE in on_the_day
    assert kept > 100


def test_a_shorter_wait_for_the_day_leaves_fewer_in_prison() -> None:
    journals = [lived("fixed_release", ("fixed_release_within", BEGINS, years)) for years in (0.5, 2.0, 4.0)]
    left = [standing(journal, "custody_total", date(2031, 12, 31)) for journal in journals]
    assert left[0] < left[1] < left[2]
    assert left[2] < standing(lived(), "custody_total", date(2031, 12, 31))


@pytest.mark.parametrize(("covers", "first", "again"), [((1.0, 0.0), True, False), ((0.0, 1.0), False, True)])
def test_whom_the_days_of_release_cover(covers: tuple[float, ...], first: bool, again: bool) -> None:
    journal = lived("fixed_release", ("fixed_release_covers", BEGINS, covers))
    assert (count(journal, E.FIRST_RELEASED, A.FIXED_RELEASE_WITHIN) > 0) == first
    assert (count(journal, E.RERELEASED_ON_DATE) > 0) == again


def test_a_day_of_release_lapses_with_the_law_that_set_it() -> None:
    repealed = day_of(date(2029, 1, 1))
    table, _ = lived("fixed_release", ("fixed_release_within", repealed, float("nan")))
    assert np.any(table.event == E.RELEASE_DATE_SET)
    assert not np.any((table.because == A.FIXED_RELEASE_WITHIN) & (table.day >= repealed))


# Proportionality


def test_proportionality_bears_only_on_those_so_far_over_tariff() -> None:
    room = ("oral_hearings_per_year", ALWAYS, 1e6)
    changed = 0
    for (who, mine), (_, theirs) in zip(
        *(lives(lived(name, room)) for name in ("current_law", "proportionality")), strict=True
    ):
        if mine != theirs:
            parts = next(n for n, pair in enumerate(zip_longest(mine, theirs)) if pair[0] != pair[1])
            first = min(lines[parts][0] for lines in (mine, theirs) if parts < len(lines))
            assert first >= max(BEGINS, years_after(int(who["tariff_expiry"]), 10))
            changed += 1
    assert changed > 50


def test_the_change_in_log_odds_bears_the_way_it_says_and_none_is_none() -> None:
    journals = [lived("proportionality", ("proportionality_log_odds", BEGINS, odds)) for odds in (-1.5, 0.0, 0.5, 1.5)]
    shares = [happened(each, "parole_outcomes", "release") / happened(each, "reviews_concluded") for each in journals]
    assert shares == sorted(shares) and len(set(shares)) == 4
    assert first_difference(journals[1][0], lived()[0]) == ""


def test_the_prior_of_the_effect_includes_none() -> None:
    rule = book().rule("proportionality_log_odds")
    kind, centre, spread = rule.prior
    assert kind == "normal" and abs(centre) < spread


# Executive release


def test_a_higher_rate_of_executive_release_leaves_fewer_in_prison_on_recall() -> None:
    rates = [("executive_release_rate", BEGINS, rate) for rate in (0.0, 0.3, 1.2)]
    left = [standing(lived("executive_release", rate), "recalled", date(2030, 12, 31)) for rate in rates]
    assert left == sorted(left, reverse=True) and len(set(left)) == 3


def executive_releases(*changes: tuple[str, int, Any]) -> list[tuple[Event, int]]:
    """Each after the commencement: the recall that it ended, and the days since the return to prison."""
    found = []
    for _, lines in lives(lived("executive_release", ("executive_release_rate", BEGINS, 1.2), *changes)):
        recall, back = E.SENTENCED, 0
        for day, event, state, *_ in lines:
            if event in (E.RECALLED_CHARGED, E.RECALLED_NO_CHARGE):
                recall, back = event, day
            back = day if event == E.RETURNED_TO_CUSTODY else back
            if event == E.RERELEASED_BY_EXECUTIVE and day >= BEGINS:
                assert state in (S.LICENCE, S.LICENCE_AP)
                found.append((recall, day - back))
    return found


def test_executive_release_leaves_those_recalled_on_a_charge_to_the_board() -> None:
    assert {recall for recall, _ in executive_releases()} == {E.RECALLED_NO_CHARGE}
    everyone = {recall for recall, _ in executive_releases(("executive_release_no_charge", BEGINS, 0.0))}
    assert everyone == {E.RECALLED_NO_CHARGE, E.RECALLED_CHARGED}


@pytest.mark.parametrize("months", [0.0, 1.0, 12.0])
def test_executive_release_waits_for_the_months_back_in_prison(months: float) -> None:
    waits = [days for _, days in executive_releases(("executive_release_after", BEGINS, months))]
    assert len(waits) > 100 and min(waits) >= int(months * YEAR / 12) - 2
    assert min(waits) < months * YEAR / 12 + 60


# The Board's listings and practice, and reviews after recall

SCARCE = (("oral_hearings_share", day_of(date(2021, 4, 1)), 0.05),)


def board(bill: str, *changes: tuple[str, int, Any]) -> Lived:
    return lived(bill, *SCARCE, *changes, scale=1_500 / 7_000)


def test_more_listings_hear_more_people_sooner_where_they_are_short_and_else_do_nothing() -> None:
    now, then = board("current_law"), board("parole_capacity")
    assert happened(then, "mean_days_to_listing") < 0.9 * happened(now, "mean_days_to_listing")
    assert happened(then, "hearings") > happened(now, "hearings")
    assert standing(then, "never_released", date(2031, 12, 31)) < standing(now, "never_released", date(2031, 12, 31))
    assert first_difference(lived("parole_capacity")[0], lived()[0]) == ""  # 1,500 people with a nation's listings


def test_accepting_more_advice_for_open_conditions_opens_more_places_and_releases_more() -> None:
    journals = [lived("current_law", ("open_acceptance", BEGINS, share)) for share in (0.0, 0.5, 1.0)]
    opened = [happened(journal, "open_accepted") for journal in journals]
    assert opened[0] == 0 and opened[0] < opened[1] < opened[2]
    released = [happened(journal, "first_releases") for journal in journals]
    assert released[0] < released[1] <= released[2]


def test_fewer_deferrals_mean_fewer_hearings_put_off_and_reviews_less_late() -> None:
    journals = [lived("current_law", ("deferral", BEGINS, share)) for share in (0.0, 0.34, 0.6)]
    put_off = [happened(journal, "hearings_deferred") for journal in journals]
    assert put_off[0] == 0 and put_off[0] < put_off[1] < put_off[2]
    late = [happened(journal, "mean_days_review_late") for journal in journals]
    assert late == sorted(late) and late[0] < late[2]


AFTER = 1  # day by which papers wait, where the Board decides on the licence on the same day


def test_a_limit_on_the_first_review_after_recall_brings_it_and_release_forward() -> None:
    journals = [lived("current_law", ("recall_review_most", BEGINS, days)) for days in (30.0, 120.0, 300.0)]
    months = [happened(journal, "mean_months_recalled") for journal in (*journals, lived())]
    assert months[0] < months[1] < months[3] and months[2] == pytest.approx(months[3], abs=0.1)
    lead = int(book().on(BEGINS)["papers_lead_days"])  # type: ignore[arg-type]
    for _, lines in lives(journals[1]):
        for day, event, state, *_ in lines:
            if state == S.RECALLED and day >= BEGINS and (
                event in (E.RECALLED_CHARGED, E.RECALLED_NO_CHARGE, E.RETURNED_TO_CUSTODY)
            ):  # fmt: skip
                nexts = [(then, other) for then, other, *_ in lines if then > day]
                assert not nexts or nexts[0][1] not in REVIEWS or nexts[0][0] <= day + max(1, 120 - lead) + AFTER
