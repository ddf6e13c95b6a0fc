"""Lives: cases worked by hand, as data in lives/, asked of `sim.licence` and lived through the story itself."""

from collections.abc import Callable, Generator, Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from scenarios import current_law
from sim import coming, community, licence, recall
from sim.days import NEVER, date_of, day_of, years_after
from sim.journal import Authority, Event, State
from sim.law import ALWAYS, Law
from sim.licence import BadHistory, History, dates
from sim.people import Person, Sentence, ever_released
from sim.rules import Incident, Turn
from sim.sentence import TURNS
from sim.world import World
from tests.test_conservation import amended

E = Event
FOLDER = Path(__file__).parent / "lives"
FILES = sorted(FOLDER.glob("*.yaml"))
CASES: list[dict[str, Any]] = [case for path in FILES for case in yaml.safe_load(path.read_text("utf-8"))]
NAMES = [case["name"] for case in CASES]
LAST = day_of(date(2034, 12, 31))
WORKED = ("E1", "E4", "E5", "E6", "E7", "E8", "E10", "E15", "E18")

# A world in which nothing happens by chance, nobody is released by the Board, and the Board ends no licence.
QUIET = dict.fromkeys(
    (
        "mortality_ratio_custody", "mortality_ratio_licence", "hospital_transfer_rate", "removal_rate",
        "executive_release_rate", "suspension_rate", "application_rate", "charge_rate", "breach_rate", "at_large_share",
        "rescission_share", "premises_share", "recall_papers_release", "recall_papers_to_hearing", "disregard_share",
        "disregard_share_rescinded", "rescission_keeps_clock", "termination_granted", "termination_granted_recalled",
        "termination_granted_presumption", "other_life_share",
    ),
    0.0,
)  # fmt: skip


@cache
def law_of(s42: str = "") -> Law:
    return current_law(commencements={"sentencing_act_2026_s42": None} if s42 == "never" else None)


def quiet(law: Law, **rates: float) -> Law:
    return amended(law, *((name, ALWAYS, value) for name, value in (QUIET | rates).items()))


def days(whens: Iterable[date]) -> list[int]:
    return [day_of(when) for when in whens]


def history_of(case: dict[str, Any]) -> History:
    return History(
        Sentence[case.get("sentence", "ipp").upper()], day_of(case["first_release"]), days(case.get("recalls", ())),
        days(case.get("rereleases", ())), frozenset(case.get("disregarded", ())), case.get("other_life", False),
    )  # fmt: skip


def iso(when: date | None) -> str | None:
    return None if when is None else when.isoformat()


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_the_law_gives_the_dates_worked_by_hand(case: dict[str, Any]) -> None:
    found = dates(law_of(case.get("s42", "")), history_of(case)).as_json()
    assert {name: found[name] for name in case["expects"]} == {name: iso(day) for name, day in case["expects"].items()}
    assert set(found["authorities"]) == {name for name, day in case["expects"].items() if day is not None}
    assert all(found["authorities"].values())


def test_every_worked_case_of_the_digest_is_here_with_its_rule() -> None:
    assert all(any(name.startswith((f"{case},", f"{case} ")) for name in NAMES) for case in WORKED)
    assert len(set(NAMES)) == len(NAMES) and all(case["rule"].endswith(".") for case in CASES)


# The same lives through the story: what a case gives is done on its day, and the story does the rest.

Act = Callable[[Person, World], None]
Script = list[tuple[int, Act]]


def goes_out(person: Person, world: World) -> None:
    event = E.RERELEASED_BY_EXECUTIVE if ever_released(person) else E.FIRST_RELEASED
    community.goes_out(person, world, event, Authority.BOARD_MAY_RELEASE)


def is_recalled(person: Person, world: World) -> None:
    recall.is_recalled(person, world, Incident.BREACH)


def story(person: Person, world: World, script: Script) -> Generator[Any, Any, None]:
    for day, act in [*script, (world.last + 1, None)]:
        while person.serving:
            due, turn = coming.next_turn(world.numbers, world.people, 0, max(world.day, 0), day - 1)
            if due >= day:
                break
            yield world.clock.timeout(world._tick(due, turn, 0) - world.clock.now)
            TURNS[Turn(turn)](person, world)
        if not person.serving or act is None:
            return
        yield world.clock.timeout(world._tick(day, 0, 0) - world.clock.now)
        act(person, world)


def lived(law: Law, history: History, script: Script) -> list[tuple[int, Event]]:
    world = World([law], people=1, last=LAST)
    persons: Any = world._persons
    person = persons[0]
    person.sentence, person.other_life = history.sentence, history.other_life
    person.sentenced, person.tariff_expiry, person.state = 0, 1, State.CLOSED
    person.sentenced_again = NEVER
    world.clock.process(story(person, world, script))
    world.clock.run(until=world._tick(LAST + 1, 0, 0))
    return [(day, Event(event)) for day, event, *_ in world.journal.story(0)]


def script_of(case: dict[str, Any], history: History) -> Script:
    back: Act = community.rescission if case.get("rescinded") else goes_out
    script: Script = [(history.first_release, goes_out)]
    script += [(day, is_recalled) for day in history.recalls] + [(day, back) for day in history.rereleases]
    return sorted(script, key=lambda step: step[0])


def first(lines: list[tuple[int, Event]], *events: Event) -> date | None:
    return next((date_of(day) for day, event in lines if event in events), None)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_the_story_comes_to_the_dates_worked_by_hand(case: dict[str, Any]) -> None:
    history, keeps = history_of(case), float("disregarded" in case)
    law = quiet(
        law_of(case.get("s42", "")),
        disregard_share=keeps, disregard_share_rescinded=keeps, rescission_keeps_clock=keeps,
    )  # fmt: skip
    lines = lived(law, history, script_of(case, history))
    assert first(lines, E.TERMINATED_AUTOMATICALLY) == case["expects"]["automatic_end"]
    assert sum(event == E.REVOCATION_DISREGARDED for _, event in lines) == len(history.disregarded)
    referred, expected = first(lines, E.REFERRED_FOR_TERMINATION), case["expects"]["reference_due"]
    if expected in case.get("rereleases", ()):  # the story takes what is due on the day of a release the day after
        assert referred is not None and 0 <= (referred - expected).days <= 1
    else:
        assert referred == expected


def dated(lines: list[tuple[int, Event]], event: Event) -> list[str]:
    return [date_of(day).isoformat() for day, each in lines if each == event]


def in_prison(first_release: date, *more: tuple[date, Act]) -> tuple[History, Script]:
    """A person recalled in 2021, and what is done afterwards."""
    script: Script = [(day_of(first_release), goes_out), (day_of(date(2021, 3, 1)), is_recalled)]
    script += [(day_of(when), act) for when, act in more]
    return History(Sentence.IPP, day_of(first_release)), script


def test_in_prison_the_board_is_asked_every_year_until_october_2024() -> None:
    law = quiet(law_of(), termination_days_low=20, termination_days_high=20)
    lines = lived(law, *in_prison(date(2012, 7, 1)))
    assert dated(lines, E.REFERRED_FOR_TERMINATION) == ["2022-07-01", "2023-07-21", "2024-08-10"]
    assert dated(lines, E.TERMINATION_REFUSED) == ["2022-07-21", "2023-08-10", "2024-08-30"]


def test_a_reference_pending_on_1_november_2024_is_not_decided_in_prison() -> None:
    law = quiet(law_of(), termination_days_low=300, termination_days_high=300, termination_granted_recalled=0.0)
    lines = lived(law, *in_prison(date(2012, 7, 1)))
    assert dated(lines, E.REFERRED_FOR_TERMINATION) == ["2022-07-01", "2024-04-27"]
    assert dated(lines, E.TERMINATION_REFUSED) == ["2023-04-27"]


def test_what_the_board_ends_in_prison_ends_on_the_day_of_release() -> None:
    law = quiet(law_of(), termination_days_low=20, termination_days_high=20, termination_granted_recalled=1.0)
    lines = lived(law, *in_prison(date(2012, 7, 1), (date(2024, 1, 15), goes_out)))
    assert dated(lines, E.TERMINATION_GRANTED_IN_CUSTODY) == ["2022-07-21"]
    assert dated(lines, E.TERMINATED_BY_BOARD) == ["2024-01-15"]


def test_what_the_board_ends_in_prison_ends_when_the_recall_is_rescinded() -> None:
    law = quiet(law_of(), termination_days_low=20, termination_days_high=20, termination_granted_recalled=1.0)
    lines = lived(law, *in_prison(date(2012, 7, 1), (date(2024, 1, 15), community.rescission)))
    assert dated(lines, E.TERMINATED_BY_BOARD) == ["2024-01-15"]


def test_from_november_2024_the_reference_waits_for_release() -> None:
    law = quiet(law_of(), termination_days_low=20, termination_days_high=20)
    lines = lived(law, *in_prison(date(2018, 7, 1), (date(2026, 9, 1), goes_out)))
    (referred,) = dated(lines, E.REFERRED_FOR_TERMINATION)
    assert referred in ("2026-09-01", "2026-09-02")


@pytest.mark.parametrize(
    ("first_release", "recalled", "back", "referred"),
    [
        ("2016-05-01", "2022-01-01", "2023-06-01", "2025-02-01"),
        ("2021-12-31", "", "", "2025-02-01"),
        ("2022-02-01", "", "", "2025-02-01"),
        ("2022-02-02", "", "", "2025-02-02"),
        ("2022-03-15", "", "", "2025-03-15"),
    ],
)
def test_on_1_february_2025_everyone_whose_three_years_have_run_is_referred(
    first_release: str, recalled: str, back: str, referred: str
) -> None:
    script: Script = [(day_of(date.fromisoformat(first_release)), goes_out)]
    if recalled:
        script += [(day_of(date.fromisoformat(recalled)), is_recalled), (day_of(date.fromisoformat(back)), goes_out)]
    lines = lived(quiet(law_of()), History(Sentence.IPP, script[0][0]), script)
    assert dated(lines, E.REFERRED_FOR_TERMINATION) == [referred]


def test_a_refusal_does_not_move_the_automatic_end() -> None:
    law = quiet(law_of("never"), termination_days_low=200, termination_days_high=200)
    lines = lived(law, History(Sentence.IPP, 0), [(day_of(date(2022, 3, 1)), goes_out)])
    assert dated(lines, E.TERMINATION_REFUSED) == ["2025-09-17"]
    assert dated(lines, E.TERMINATED_AUTOMATICALLY) == ["2027-03-01"]


def test_a_request_may_be_made_a_year_after_the_period_once_in_a_spell() -> None:
    law = quiet(law_of(), termination_days_low=30, termination_days_high=30, request_share=1.0)
    again = [(date(2027, 1, 1), is_recalled), (date(2027, 6, 1), goes_out)]
    script: Script = [(day_of(date(2024, 8, 1)), goes_out), *((day_of(when), act) for when, act in again)]
    lines = lived(law, History(Sentence.IPP, 0), script)
    assert dated(lines, E.REFERRED_FOR_TERMINATION) == ["2026-08-01"]  # two years, under section 42
    assert dated(lines, E.TERMINATION_REQUESTED) == ["2028-06-01"]  # a year from re-release; none was due before
    assert dated(lines, E.TERMINATED_AUTOMATICALLY) == ["2029-06-01"]


def test_the_end_falls_on_the_day_of_release_where_the_clock_ran_out_in_prison() -> None:
    """A disregarded revocation is as if it had not been made: the two years ended in prison."""
    out, back, again = days([date(2020, 1, 10), date(2024, 12, 1), date(2025, 4, 1)])
    history = History(Sentence.IPP, out, [back], [again], frozenset({1}))
    assert dates(law_of(), history).as_json()["automatic_end"] == "2025-04-01"
    lines = lived(quiet(law_of(), disregard_share=1.0), history, script_of({}, history))
    assert dated(lines, E.TERMINATED_AUTOMATICALLY) == ["2025-04-01"]


@pytest.mark.parametrize(
    ("history", "words"),
    [
        (((100,), (50,), ()), "24 May 2005 must come after 13 July 2005"),
        (((100,), (200,), (150,)), "1 September 2005 must come after 21 October 2005"),
        (((100,), (100,), ()), "13 July 2005 must come after 13 July 2005"),
        (((100,), (), (200,)), "0 recalls cannot go with 1 re-releases"),
        (((100,), (200, 300), ()), "2 recalls cannot go with 0 re-releases"),
        (((100,), (200, 300), (400, 500)), "must come after"),
    ],
)
def test_a_history_that_cannot_be_is_refused(history: tuple[tuple[int, ...], ...], words: str) -> None:
    (released,), recalls, rereleases = history
    with pytest.raises(BadHistory) as refused:
        History(Sentence.IPP, released, recalls, rereleases)
    assert words in str(refused.value) and str(refused.value).endswith(".")


@pytest.mark.parametrize("number", [-1, 0, 2])
def test_a_recall_that_never_was_cannot_be_disregarded(number: int) -> None:
    with pytest.raises(BadHistory, match=f"recall {number} cannot be disregarded"):
        History(Sentence.IPP, 100, [200], [300], frozenset({number}))


@pytest.mark.parametrize("recalled", [1, 2])  # on one day the law's end is taken before a recall: see rules.Turn
def test_a_recall_on_or_after_the_day_of_the_end_is_refused(recalled: int) -> None:
    history = History(Sentence.IPP, day_of(date(2020, 3, 1)), [day_of(date(2025, 3, recalled))])
    words = f"ended by itself on 1 March 2025, before the recall given for {recalled} March 2025"
    with pytest.raises(BadHistory, match=words):
        dates(law_of(), history)


def test_a_licence_may_outlast_every_law() -> None:
    never = amended(law_of(), ("automatic_clock", ALWAYS, float("nan")), ("reference_automatic", ALWAYS, 0.0))
    found = dates(never, History(Sentence.IPP, day_of(date(2020, 3, 1))))
    assert (found.automatic_end, found.reference_due) == (None, None)
    assert found.qualifying_period_ends == years_after(day_of(date(2020, 3, 1)), 2)
    assert found.words[-1] == "The licence does not end by itself under this law."


def test_every_sentence_about_a_history_ends_with_a_stop() -> None:
    for case in CASES:
        for words in dates(law_of(case.get("s42", "")), history_of(case)).words:
            assert words.endswith("."), words
    assert licence.BadHistory.__mro__[1] is ValueError
