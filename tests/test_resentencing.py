"""Resentencing: who is brought before a court and when, and what follows, worked out here from the tariff alone."""

from datetime import date

import numpy as np
import pytest

from sim.days import NEVER, months_after, years_after
from sim.law import ALWAYS
from tests.reformed import (
    AFTER_END,
    BEGINS,
    GONE,
    IN_PRISON,
    LAST,
    OUT,
    REVIEWS,
    SUPPORT,
    A,
    E,
    S,
    lived,
    lives,
    standing,
    state_on,
)
from tests.test_conservation import REVIEWED, before


def whole(who: np.void, multiple: float = 2.0, share: float = 0.5) -> tuple[int, int]:
    """When the prison part and the whole of the new sentence have been served."""
    began = int(who["tariff_expiry"]) - int(who["tariff_days"])  # the tariff in force
    part = max(int(began + round(multiple * share * who["tariff_days"])), int(who["tariff_expiry"]) + 1)
    end = max(int(began + round(multiple * who["tariff_days"])), part)
    return min(NEVER - 1, part), min(NEVER - 1, end)  # past the calendar, which no life reaches


def test_all_are_resentenced_within_the_time_and_evenly() -> None:
    days, ends = [], months_after(BEGINS, 24)
    for who, lines in lives(lived("resentencing")):
        sat = [day for day, event, *_ in lines if event == E.RESENTENCED]
        serving = state_on(lines, ends) < S.TERMINATED
        assert len(sat) == 1 or not serving or who["other_life"]
        days += sat
    assert len(days) > 400 and min(days) >= BEGINS and max(days) < ends
    quarters = np.histogram((np.array(days) - BEGINS) / (ends - BEGINS), 4, (0, 1))[0] / len(days)
    assert np.all(abs(quarters - 0.25) < 4 * np.sqrt(0.25 * 0.75 / len(days)))


def test_each_is_free_or_out_or_waits_by_what_has_been_served() -> None:
    seen = dict.fromkeys(("free", "out", "waits", "goes on", "in hospital"), 0)
    for who, lines in lives(lived("resentencing", ("tariff_median_months", ALWAYS, 90.0))):
        for place, (day, event, _, _, detail) in enumerate(lines):
            if event != E.RESENTENCED:
                continue
            part, served = whole(who)
            was, then = lines[place - 1][2], [other for when, other, *_ in lines[place + 1 :] if when == day]
            then = [other for other in then if other not in SUPPORT]
            assert detail == max(0, served - day)
            if served <= day:
                kind = "free"
                assert then[-1] == E.SENTENCE_SERVED and state_on(lines, day) == S.TERMINATED
                assert len(then) == (2 if was in IN_PRISON else 1)
            elif was in IN_PRISON and part <= day:
                kind = "out"
                assert then in ([E.FIRST_RELEASED], [E.RERELEASED_ON_DATE])
            else:
                kind = (
                    "goes on" if was in (S.LICENCE, S.LICENCE_AP) else "in hospital" if was == S.HOSPITAL else "waits"
                )
                assert then == [] and state_on(lines, day) == was
            seen[kind] += 1
    assert all(number > 5 for number in seen.values()), seen


def test_those_who_wait_have_no_reviews_and_leave_on_the_day_that_the_prison_part_ends() -> None:
    changes = (("resentence_prison_share", BEGINS, 0.9), ("tariff_median_months", ALWAYS, 90.0))
    waited = 0
    for who, lines in lives(lived("resentencing", *changes)):
        part, _ = whole(who, share=0.9)
        sat = next((day for day, event, *_ in lines if event == E.RESENTENCED), None)
        if sat is None or part <= sat or state_on(lines, sat) not in (*REVIEWED, S.PRE_TARIFF):
            continue
        after = [line for line in lines if line[0] > sat]
        until = [event for day, event, *_ in after if day < part]
        directed = [event for day, event, *_ in lines if day <= sat and event in (
            E.RELEASE_DIRECTED_ON_PAPERS, E.RELEASE_DIRECTED_AT_HEARING)]  # fmt: skip
        if not any(event in GONE for event in until) and part < LAST and state_on(lines, part - 1) != S.HOSPITAL:
            assert not set(until) & {*REVIEWS, E.RELEASE_DIRECTED_ON_PAPERS, E.RELEASE_DIRECTED_AT_HEARING}
            assert next(event for day, event, *_ in after if day == part) in (E.FIRST_RELEASED, E.RERELEASED_ON_DATE)
            waited += 1
        elif any(event in OUT for event in until):
            assert directed or E.RERELEASED_BY_EXECUTIVE in until or E.RECALL_RESCINDED in until
    assert waited > 20


def test_the_licence_lasts_to_the_end_of_the_new_sentence_or_a_year_and_no_longer() -> None:
    ended = {"on licence that day": 0, "let out under it": 0}
    for who, lines in lives(lived("resentencing", ("tariff_median_months", ALWAYS, 90.0))):
        _, served = whole(who)
        sat = next((day for day, event, *_ in lines if event == E.RESENTENCED), NEVER)
        on_licence = state_on(lines, sat - 1) in (S.LICENCE, S.LICENCE_AP)
        out = [day for day, event, _, because, _ in lines if day >= sat and event in OUT and because == A.RESENTENCING]
        if served <= sat or not (on_licence or out):
            continue
        begun = max(day for day, event, *_ in lines if event in OUT and day < sat) if on_licence else out[0]
        last = max(served, years_after(begun, 1)) if begun < served else served
        assert all(day <= last for day, event, *_ in lines if event not in AFTER_END)
        for day, event, *_ in lines:
            if event == E.SENTENCE_SERVED:
                assert day == last
                ended["on licence that day" if on_licence else "let out under it"] += 1
    assert min(ended.values()) > 20, ended


def test_a_person_recalled_after_it_is_back_until_the_board_releases_or_the_sentence_ends() -> None:
    changes = (("resentence_licence_least", BEGINS, 6.0), ("tariff_median_months", ALWAYS, 90.0))
    by_board, at_the_end = 0, 0
    for _, lines in lives(lived("resentencing", *changes)):
        sat = next((day for day, event, *_ in lines if event == E.RESENTENCED), NEVER)
        recalled = [
            day for day, event, *_ in lines if day > sat and event in (E.RECALLED_CHARGED, E.RECALLED_NO_CHARGE)
        ]
        if not recalled:
            continue
        by_board += any(event == E.RERELEASED_BY_BOARD for day, event, *_ in lines if day > recalled[0])
        leaving = [(day, event) for day, event, *_ in lines if day > recalled[0] and event == E.RERELEASED_ON_DATE]
        at_the_end += len(leaving)
        assert all((day, E.SENTENCE_SERVED) in [line[:2] for line in lines] for day, _ in leaving)
    assert by_board > 5 and at_the_end > 5


def test_nobody_has_a_way_out_of_section_31a_once_resentenced() -> None:
    ended = (E.REFERRED_FOR_TERMINATION, E.TERMINATED_AUTOMATICALLY, E.TERMINATION_REQUESTED, E.TERMINATED_BY_BOARD)
    for _, lines in lives(lived("resentencing", ("resentence_licence_least", BEGINS, 6.0))):
        events = [event for _, event, *_ in lines]
        if E.RESENTENCED in events:
            assert not set(events[events.index(E.RESENTENCED) :]) & set(ended)


@pytest.mark.parametrize("place", range(4))
def test_whom_a_court_resentences_by_where_they_stand(place: int) -> None:
    journal = lived("resentencing", ("resentence_covers", BEGINS, tuple(float(n == place) for n in range(4))))
    table, _ = journal
    out = (
        (S.PRE_TARIFF, S.CLOSED, S.OPEN),
        (S.RECALLED, S.RECALLED_OPEN, S.AT_LARGE),
        (S.LICENCE, S.LICENCE_AP),
        (S.HOSPITAL,),
    )
    sat = table.event == E.RESENTENCED
    assert np.any(sat) and set(before(table)[sat].tolist()) <= {int(state) for state in out[place]}


@pytest.mark.parametrize(
    ("dial", "values", "measure", "year", "rises"),
    [
        ("resentence_within", (6.0, 24.0, 60.0), "custody_total", 2027, True),
        ("resentence_multiple", (1.0, 2.0, 4.0), "serving", 2029, True),
        ("resentence_prison_share", (0.5, 0.75, 1.0), "custody_total", 2029, True),
        ("resentence_licence_least", (0.0, 2.0, 4.0), "on_licence", 2029, True),
        ("resentence_share", (0.2, 0.6, 1.0), "serving", 2029, False),
        ("resentence_years_over", (0.0, 12.0, 16.0), "serving", 2029, True),
    ],
)
def test_each_dial_of_resentencing_bears_the_way_it_says(
    dial: str, values: tuple[float, ...], measure: str, year: int, rises: bool
) -> None:
    long_tariffs = ("tariff_median_months", ALWAYS, 60.0)
    journals = [lived("resentencing", (dial, BEGINS, value), long_tariffs) for value in values]
    counts = [standing(journal, measure, date(year, 12, 31)) for journal in journals]
    assert counts == sorted(counts, reverse=not rises) and len(set(counts)) == len(counts), counts


def test_a_shorter_time_brings_each_persons_day_forward() -> None:
    sat: list[dict[int, int]] = []
    for months in (12.0, 24.0):
        journal = lived("resentencing", ("resentence_within", BEGINS, months))
        sat.append({int(who["number"]): d for who, lines in lives(journal) for d, e, *_ in lines if e == E.RESENTENCED})
    both = sat[0].keys() & sat[1].keys()
    assert len(both) > 400
    assert all(sat[0][who] - BEGINS == pytest.approx((sat[1][who] - BEGINS) / 2, abs=2) for who in both)
