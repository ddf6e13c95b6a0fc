"""Effects assumed: on which sizes of effects that nobody has measured in these people an answer to a Bill rests."""

from collections.abc import Sequence

from results.asked_words import counted
from results.limits import limits
from results.words import listed
from scenarios import Scenario
from scenarios.grades import GRADES
from sim.law import Law, Rule

MEASURED_HERE = "direct"
NONE = (
    "It rests on no assumed size of an effect: it follows from what the Bill amends and from the rates of the model, "
    "many of which are beliefs."
)


def acted_through(bill: Scenario, law: Law) -> list[Rule]:
    """Return the sizes of effects through which a Bill's dials act, in the order of the book, less those it sets."""
    turned = {change.rule for one in bill.bills for change in one.changes}
    through = {name for rule in turned for name in limits().acts_through.get(rule, ())}
    return [rule for rule in law.rules.values() if rule.effect and rule.name in through - turned]


def leant_on_beside(law: Law, measure: str) -> list[Rule]:
    """Return the sizes of effects that any answer about a measure leans on, whatever the Bill."""
    return [law.rule(name) for name in limits().rests_on.get(measure, ()) if law.rule(name).effect]


def rests_on(bill: Scenario, law: Law, measures: Sequence[str]) -> list[str]:
    """Return in sentences on which assumed sizes of effects the answers about some measures rest, or that on none."""
    through = [rule for rule in acted_through(bill, law) if rule.grade != MEASURED_HERE]
    found = [f"The size of the effect is an assumption. It rests on {_numbers(through)}."] if through else []
    for measure in dict.fromkeys(measures):
        more = [rule for rule in leant_on_beside(law, measure) if rule.grade != MEASURED_HERE and rule not in through]
        if more:
            opening = "The effect" if not through else "That"
            found.append(f"{opening} on {counted(measure, '')} rests {'also ' if through else ''}on {_numbers(more)}.")
    return found or [NONE]


def _numbers(rules: Sequence[Rule]) -> str:
    """Return how many numbers there are and, by grade, what each rests on and which they are."""
    graded = [(meaning, [r.name for r in rules if r.grade == grade]) for grade, meaning in GRADES.items()]
    parts = [f"{listed(names)} ({meaning.partition(',')[0]})" for meaning, names in graded if names]
    counted_as = "a number" if len(rules) == 1 else f"{len(rules)} numbers"
    return f"{counted_as} that nobody has measured in people serving this sentence: {'; '.join(parts)}"
