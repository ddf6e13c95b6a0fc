"""Telling: one life from the journal in sentences, each turn with its authority."""

from typing import NamedTuple

from sim.days import YEAR, said
from sim.journal import Authority, Event, Journal
from sim.law import Law
from sim.people import Offence, Person, Sentence, Sex
from sim.rules import Incident

INCIDENTS = {
    Incident.MISSED_APPOINTMENTS: "missed appointments",
    Incident.LOST_ACCOMMODATION: "a lost home",
    Incident.RELAPSE: "relapse",
    Incident.BREACH: "a broken condition",
    Incident.NEW_CHARGE: "a new charge",
    Incident.SERIOUS_OFFENCE: "a serious further offence",
}
WORDS = {
    Event.SENTENCED: "is sentenced, with a tariff of {years}",
    Event.SENTENCED_AGAIN: "is sentenced again while inside, with a tariff of {years} that runs from this day",
    Event.TARIFF_EXPIRED: "has served the tariff",
    Event.PAPERS_REFUSED: "is refused release on the papers",
    Event.SENT_TO_HEARING: "is sent to an oral hearing, listed {days} ahead",
    Event.HEARING_DEFERRED: "has the hearing put off, by {days}",
    Event.HEARING_REFUSED: "is refused release after a hearing",
    Event.OPEN_RECOMMENDED: "is recommended for open conditions",
    Event.OPEN_ACCEPTED: "moves to open conditions",
    Event.OPEN_REFUSED: "is refused open conditions by the Secretary of State",
    Event.RETURNED_TO_CLOSED: "is returned to a closed prison",
    Event.RELEASE_DIRECTED_ON_PAPERS: "is to be released: the Board directs it on the papers",
    Event.RELEASE_DIRECTED_AT_HEARING: "is to be released: the Board directs it after a hearing",
    Event.FIRST_RELEASED: "is released on licence for the first time",
    Event.RERELEASED_BY_BOARD: "is released again by the Board, {days} after the recall",
    Event.RERELEASED_BY_EXECUTIVE: "is released again by the Secretary of State, {days} after the recall",
    Event.RERELEASED_FROM_HOSPITAL: "is released again from hospital, {days} after the recall",
    Event.RECALL_RESCINDED: "has the recall rescinded as mistaken, after {days}",
    Event.TO_HOSPITAL: "is transferred to a secure hospital",
    Event.BACK_FROM_HOSPITAL: "returns from hospital to prison after {days}",
    Event.MOVED_ON: "moves on from approved premises",
    Event.WARNED: "is warned over {incident}",
    Event.SUPPORT_STEPPED_UP: "is given more support after {incident}",
    Event.RECALL_SOUGHT: "is put forward for recall over {incident}, and the decision is awaited",
    Event.RECALLED_NO_CHARGE: "is recalled over {incident}, with no new charge",
    Event.RECALLED_CHARGED: "is recalled on a new charge",
    Event.RETURNED_TO_CUSTODY: "is found and returned to custody after {days} at large",
    Event.REVOCATION_DISREGARDED: "has the revocation disregarded: the two-year clock runs on",
    Event.REFERRED_FOR_TERMINATION: "is referred to the Board, which is asked whether the licence should end",
    Event.TERMINATION_REQUESTED: "asks to be referred to the Board again",
    Event.TERMINATION_REFUSED: "stays on licence: the Board does not end it",
    Event.TERMINATED_BY_BOARD: "has the licence, and with it the sentence, ended by the Board",
    Event.TERMINATED_AUTOMATICALLY: "has the licence, and with it the sentence, ended by the law itself",
    Event.SUPERVISION_SUSPENDED: "has supervision suspended",
    Event.REMOVED: "is removed from the country",
    Event.DIED: "dies",
    Event.TERMINATION_GRANTED_IN_CUSTODY: "is told that the licence will end at release",
    Event.OFFICER_CHANGED: "gets another officer",
    Event.SUPPORT_ARRANGED: "has treatment arranged, to begin in {days}",
    Event.SUPPORT_NOT_FOUND: "finds no place in treatment in time",
    Event.CONTACT_KEPT: "keeps an appointment",
    Event.RELEASE_DATE_SET: "is given a day of release, {days} ahead",
    Event.RERELEASED_ON_DATE: "is released again on the day that was fixed, {days} after the recall",
    Event.RESENTENCED: "is resentenced to a determinate sentence, with {days} left to serve",
    Event.SENTENCE_SERVED: "has served the new sentence, and is free",
    Event.CHARGED: "is charged with a new offence",
    Event.SERIOUS_FURTHER_OFFENCE: "commits a serious further offence",
    Event.SERIOUS_OFFENCE_AFTER_END: "commits a serious further offence, the sentence having ended",
    Event.REOFFENDED_AFTER_END: "is proven to have offended again, the sentence having ended",
    Event.SELF_INFLICTED_DEATH: "dies a self-inflicted death",
    Event.DIED_AFTER_END: "dies, the sentence having ended",
}
OFFENCES = {
    Offence.VIOLENCE: "violence",
    Offence.SEXUAL: "a sexual offence",
    Offence.ROBBERY: "robbery",
    Offence.ARSON: "arson or criminal damage",
    Offence.OTHER: "another offence",
}


class Line(NamedTuple):
    """One turn of a life: its day, what happened in words, and under what authority."""

    day: int
    what: str
    because: str

    @property
    def said(self) -> str:
        """The line as a sentence."""
        return f"{said(self.day)}: {self.what}" + (f" ({self.because})" if self.because else "") + "."


def introduced(person: Person) -> str:
    """Return who a person is, in a sentence."""
    who = "woman" if person.sex == Sex.FEMALE else "man"
    age = int((person.sentenced - person.born) / YEAR)
    kind = {Sentence.IPP: "as an adult", Sentence.DPP: "as a child", Sentence.MIXED: "as a child and as an adult"}
    return (
        f"Person {person.number}, a {who} sentenced at {age} {kind[Sentence(person.sentence)]} "
        f"for {OFFENCES[Offence(person.offence)]}. An imagined life: nobody real is described."
    )


def told(journal: Journal, law: Law, person: int) -> list[Line]:
    """Return one person's life as lines, in order; the law tells the authority in force on each day."""
    return [
        Line(day, _words(Event(event), detail), _authority(law, Authority(because), day))
        for day, event, _, because, detail in journal.story(person)
    ]


def parting(one: list[Line], other: list[Line]) -> int | None:
    """Return the place of the first line in which two lives differ; None if they are the same."""
    for place, (mine, theirs) in enumerate(zip(one, other, strict=False)):
        if mine[:2] != theirs[:2]:
            return place
    return None if len(one) == len(other) else min(len(one), len(other))


def _words(event: Event, detail: int) -> str:
    years = f"{detail / YEAR:.1f} years"
    days = "1 day" if detail == 1 else f"{detail} days"
    incident = INCIDENTS.get(detail, "")  # type: ignore[call-overload]
    return WORDS[event].format(years=years, days=days, incident=incident)


def _authority(law: Law, because: Authority, day: int) -> str:
    if because == Authority.CHANCE:
        return ""
    return law.why(because.name.lower(), day).cited
