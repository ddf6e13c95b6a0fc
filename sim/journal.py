"""Journal: what happened. Who, on which day, what, the state it left them in, and under what authority."""

from array import array
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class State(IntEnum):
    """Where a person stands. Everyone is in exactly one of these each day from the day of sentence."""

    UNSENTENCED = 0
    PRE_TARIFF = 1
    CLOSED = 2  # never released, tariff served, in closed conditions
    OPEN = 3  # never released, in open conditions
    HOSPITAL = 4  # transferred under ss.47/49 Mental Health Act 1983, released before or not
    LICENCE_AP = 5  # on licence in approved premises
    LICENCE = 6
    AT_LARGE = 7  # recalled and not yet returned to custody
    RECALLED = 8
    RECALLED_OPEN = 9
    TERMINATED = 10
    REMOVED = 11
    DEAD = 12


class Event(IntEnum):
    """What may happen to a person; the comment says what `detail` holds (0 where it says nothing)."""

    SENTENCED = 0  # length of the tariff in days
    TARIFF_EXPIRED = 1
    PAPERS_REFUSED = 2  # days past the day the review was due
    SENT_TO_HEARING = 3  # days from this decision to the listing
    HEARING_DEFERRED = 4  # days from this day to the new listing
    HEARING_REFUSED = 5  # days past the day the review was due
    OPEN_RECOMMENDED = 6  # days past the day the review was due
    OPEN_ACCEPTED = 7
    OPEN_REFUSED = 8
    RETURNED_TO_CLOSED = 9
    RELEASE_DIRECTED_ON_PAPERS = 10  # days past the day the review was due
    RELEASE_DIRECTED_AT_HEARING = 11  # days past the day the review was due
    FIRST_RELEASED = 12  # 1 if straight from secure hospital
    RERELEASED_BY_BOARD = 13  # days since the revocation
    RERELEASED_BY_EXECUTIVE = 14  # days since the revocation
    RERELEASED_FROM_HOSPITAL = 15  # days since the revocation
    RECALL_RESCINDED = 16  # days since the revocation
    TO_HOSPITAL = 17
    BACK_FROM_HOSPITAL = 18  # days spent there
    MOVED_ON = 19  # out of approved premises
    WARNED = 20  # incident (rules.Incident)
    SUPPORT_STEPPED_UP = 21  # incident
    RECALLED_NO_CHARGE = 22  # incident
    RECALLED_CHARGED = 23  # incident
    RETURNED_TO_CUSTODY = 24  # days unlawfully at large
    REVOCATION_DISREGARDED = 25
    REFERRED_FOR_TERMINATION = 26
    TERMINATION_REQUESTED = 27
    TERMINATION_REFUSED = 28
    TERMINATED_BY_BOARD = 29
    TERMINATED_AUTOMATICALLY = 30
    SUPERVISION_SUSPENDED = 31
    REMOVED = 32
    DIED = 33  # the state in which they died
    TERMINATION_GRANTED_IN_CUSTODY = 34  # takes effect at release
    OFFICER_CHANGED = 35  # officers since release
    SUPPORT_ARRANGED = 36  # days from release to its first day; the authority says which support
    SUPPORT_NOT_FOUND = 37  # no place in time; the authority says of which support
    CONTACT_KEPT = 38
    RELEASE_DATE_SET = 39  # days ahead
    RERELEASED_ON_DATE = 40  # days since the revocation
    RESENTENCED = 41  # days of the new sentence still to run; 0 if it has been served
    SENTENCE_SERVED = 42  # the state in which it ended
    RECALL_SOUGHT = 43  # incident; the decision takes some days
    SENTENCED_AGAIN = 44  # length in days of the tariff that runs from then
    CHARGED = 50  # with an offence that is not a serious further offence, on licence; what is decided comes next
    SERIOUS_FURTHER_OFFENCE = 51  # on licence; the recall comes next
    SERIOUS_OFFENCE_AFTER_END = 52  # no longer followed from that day: in prison under another sentence
    REOFFENDED_AFTER_END = 53  # other proven reoffending
    SELF_INFLICTED_DEATH = 54  # the state in which they died
    DIED_AFTER_END = 55  # 1 if self-inflicted


class Authority(IntEnum):
    """Under what authority something happened: each is the name, in capitals, of a rule in the law's book."""

    CHANCE = -1  # no rule: it befell them
    SENTENCE_POWER = 0
    TARIFF_POWER = 1
    REVIEW_INTERVAL_MOST = 2
    BOARD_MAY_RELEASE = 3
    ORAL_HEARINGS_PER_YEAR = 4
    OPEN_ACCEPTANCE = 5
    RECALL_POWER = 6
    BOARD_MAY_RERELEASE = 7
    EXECUTIVE_RELEASE_POWER = 8
    DISREGARD_POWER = 9
    RESCISSION_KEEPS_CLOCK = 10
    REFERENCE_AUTOMATIC = 11
    REAPPLICATION_YEARS = 12
    REQUEST_AFTER = 13
    TERMINATION_POWER = 14
    PRESUMPTION_OF_TERMINATION = 15
    AUTOMATIC_CLOCK = 16
    SUSPENSION_AFTER = 17
    REMOVAL_POWER = 18
    HOSPITAL_POWER = 19
    MENTAL_HEALTH_PLACES = 20
    SUBSTANCE_PLACES = 21
    PSYCHOLOGY_PLACES = 22
    FIXED_RELEASE_WITHIN = 23
    RESENTENCING = 24


CUSTODY = (State.PRE_TARIFF, State.CLOSED, State.OPEN, State.RECALLED, State.RECALLED_OPEN)
ON_LICENCE = (State.LICENCE_AP, State.LICENCE)
ENDED = (State.TERMINATED, State.REMOVED, State.DEAD)


class Table(NamedTuple):
    """A journal as columns of one length, in the order in which things happened."""

    day: NDArray[np.int16]
    person: NDArray[np.int32]
    event: NDArray[np.int8]
    state: NDArray[np.int8]  # after the event
    because: NDArray[np.int16]  # an Authority
    detail: NDArray[np.int16]


class Journal:
    """What happened, written line by line; it never changes what it has written."""

    def __init__(self) -> None:
        """Begin empty."""
        self._columns = (array("h"), array("i"), array("b"), array("b"), array("h"), array("h"))

    def write(self, day: int, person: int, event: int, state: int, because: int, detail: int) -> None:
        """Add a line: day number, person's number, `Event`, `State` after it, authority or -1, detail."""
        for column, value in zip(self._columns, (day, person, event, state, because, detail), strict=True):
            column.append(value)

    def as_table(self) -> Table:
        """Return the journal as numpy columns (copies)."""
        return Table(*(np.array(column) for column in self._columns))

    def story(self, person: int) -> list[tuple[int, int, int, int, int]]:
        """Return one person's lines: (day, event, state, because, detail), in order."""
        days, people, *rest = self._columns
        return [(days[i], *(column[i] for column in rest)) for i, who in enumerate(people) if who == person]  # type: ignore[misc]
