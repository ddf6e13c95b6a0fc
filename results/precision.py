"""Precision: what a run has found of what its Bills ask, and whether that is known as precisely as was asked."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from results.answers import Answer, answer, in_words, value_of
from results.pieces import months_of
from results.plan import BASELINE, Piece, Plan
from scenarios.bill import Ask

PER_CENT = 100
DIGITS = 1  # of a percentage
Shown = dict[tuple[Path, Ask], float]


def answered(plan: Plan, shown: Shown) -> list[Answer]:
    """Return an answer to each thing asked, from the finished pairs; `shown` keeps what has been read before."""
    done = {(piece.scenario.key, piece.draw, piece.life): piece for piece in plan.pieces if piece.done}
    return [
        answer(key, ask, _differences(plan, done, key, ask, shown), plan.in_draws)
        for key, asks in plan.asks.items()
        for ask in asks
    ]


def _differences(
    plan: Plan, done: dict[tuple[str, int, int], Piece], key: str, ask: Ask, shown: Shown
) -> dict[tuple[int, int], float]:
    """Return a scenario less the current law in each (draw, life) of which both are finished."""
    found = {}
    for scenario, draw, life in done:
        if scenario == key and (BASELINE, draw, life) in done:
            pair = done[key, draw, life], done[BASELINE, draw, life]
            mine, its = (_shown(piece, ask, plan, shown) for piece in pair)
            found[draw, life] = mine - its
    return found


def _shown(piece: Piece, ask: Ask, plan: Plan, shown: Shown) -> float:
    if (piece.path, ask) not in shown:
        shown[piece.path, ask] = value_of(ask, months_of(piece), plan.last)
    return shown[piece.path, ask]


def reached(plan: Plan, answers: Sequence[Answer]) -> bool:
    """Whether the first thing that each Bill asks is known as precisely as was asked, or nothing was."""
    return plan.precision is None or all(each.reaches(plan.precision) for each in sought(answers))


def sought(answers: Sequence[Answer]) -> list[Answer]:
    """Return the answers that are to be found to a precision: those to what Bills ask first, and not beside it."""
    return [each for each in answers if not each.ask.aside]


def told(plan: Plan, answers: Sequence[Answer]) -> dict[str, Any]:
    """Return what the manifest says of answers and precision."""
    counted = "draws" if plan.in_draws else "lives"
    found: dict[str, Any] = {"answers": [each.as_json(counted, plan.precision) for each in answers]}
    if plan.precision is not None:
        found["precision"] = {
            "asked_per_cent": round(PER_CENT * plan.precision, DIGITS + 1),
            "reached": reached(plan, answers),
            "budget": plan.budget,
            "worlds": len(plan.pieces),
        }
    return found


def lines(manifest: dict[str, Any], against: str = BASELINE) -> list[str]:
    """Return a run's answers as lines to print, and of its precision whether it was reached."""
    found = [in_words(each, against) for each in manifest.get("answers", ())]
    if "precision" not in manifest:
        return found
    asked = manifest["precision"]
    if asked["reached"]:
        return [*found, f"Known to within {asked['asked_per_cent']:g}% as asked, with {asked['worlds']:,} worlds."]
    missed = [each for each in manifest["answers"] if not each.get("reached", True)]
    named = ", ".join(dict.fromkeys(each["scenario"] for each in missed))
    ended = f"{asked['worlds']:,} worlds were lived, and the budget of {asked['budget']:,} holds no further batch"
    return [*found, f"Not known to within {asked['asked_per_cent']:g}% for {named}: {ended}."]


def so_far(plan: Plan, answers: Sequence[Answer]) -> str:
    """Return in one line how precisely the answers are known after a batch, the worst first named."""
    worst = max(sought(answers), key=lambda each: (not each.members, each.within))
    asked, draws_lives = f"{PER_CENT * (plan.precision or 0):g}%", plan.each
    lived = f"{draws_lives[0]} draws" if plan.in_draws else f"{draws_lives[1]} lives"
    within = f"{PER_CENT * worst.within:.{DIGITS}f}%" if worst.within < PER_CENT else "no percentage worth saying"
    return f"after {lived}: {worst.scenario} is known to within {within}, and {asked} was asked; living more"
