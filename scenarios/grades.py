"""The grade of an effect: what its size rests on, for the numbers that say how much a lever does."""

from scenarios.fields import one_of
from scenarios.reading import Node

# Through what an effect acts.
AREAS = {
    "staffing": "officers, their workload and changes of officer",
    "contact": "appointments and supervision",
    "support": "treatment, psychology and extra support",
    "premises": "approved premises and homes",
    "preparation": "preparation for release and delivery plans",
    "recall": "the practice of recall",
    "harms": "risk without recall, and after the sentence",
    "parole": "what the Parole Board must ask",
}
GRADES = {
    "direct": "measured in people serving this sentence",
    "analogous": "measured in another population",
    "judgement": "not measured but judged, with the reason given",
}
MEASURED = ("direct", "analogous")


def graded(node: Node, fields: dict[str, Node]) -> tuple[str, str]:
    """Return (effect, grade), or two empty texts for a number that is no effect.

    BadInput for an area or a grade that is not in the lists above, for one without the other, and for a measured
    effect without its source.
    """
    for one, other in (("effect", "grade"), ("grade", "effect")):
        if one in fields and other not in fields:
            raise node.bad(f"must have the field '{other}' beside '{one}', as every effect has both")
    if "effect" not in fields:
        return "", ""
    area, grade = one_of(fields["effect"], AREAS), one_of(fields["grade"], GRADES)
    if grade in MEASURED and "authority" not in fields:
        raise node.bad(f"must have the field 'authority', as every effect that is {grade} has a source")
    return area, grade
