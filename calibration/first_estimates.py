"""First estimates: step the yearly rates of release, recall and re-release until simulated flows meet yearly targets.

A stated simple estimate, not a fit: it finds one value for each year and says nothing of how sure it is.
`python -m calibration.first_estimates [ROUNDS]` writes what it finds into beliefs.yaml, from which every
scenario reads it. The targets and how they were come by stand in first_targets.yaml.
"""

import re
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from math import exp, log
from pathlib import Path

import yaml

from results.outcomes import flow_between
from scenarios import current_law
from sim.compiled import CompiledWorld
from sim.days import date_of, day_of
from sim.law import Amendment, Dated, Law

HERE = Path(__file__).parent
BELIEFS = HERE / "beliefs.yaml"
LIVES = 6
SEED = 2024  # apart from the seeds of projections, so that no projection is shown the luck it was stepped on
STEP = 0.8  # of the way in one round; a full step overshoots, as next year's people are this year's left over
STEPPED = ("release_log_odds", "rerelease_log_odds", "charge_rate", "breach_rate")
ODDS_STEP = 1.5  # log-odds move a flow less than one for one, since the queue for hearings sets the pace
LOG_ODDS_MOST = 4.5
Years = dict[int, dict[str, float]]


@dataclass(frozen=True)
class Changes:
    """Amendments without a Bill: the values tried in one round."""

    amendments: tuple[Amendment, ...]


def targets() -> Years:
    """Return the yearly targets: year -> first_releases, recalls, rereleases (people a year) and charge_share."""
    years: Years = yaml.safe_load((HERE / "first_targets.yaml").read_text())["years"]
    return years


def simulated(law: Law, life: int) -> Years:
    """Return the same yearly flows in one life under a law."""
    years = targets()
    world = CompiledWorld([law], seed=SEED, life=life, last=day_of(date(max(years), 12, 31)))
    table = world.live()

    def flow(measure: str, group: str, year: int) -> float:
        return flow_between(table, world.people, measure, group, day_of(date(year, 1, 1)), day_of(date(year, 12, 31)))

    return {
        year: {
            "first_releases": flow("first_releases", "", year),
            "recalls": flow("recalls", "", year),
            "charged": flow("recalls", "new charge", year),
            "rereleases": flow("rereleases", "", year),
        }
        for year in years
    }


def averaged(lives: list[Years]) -> Years:
    """Return the mean over lives of yearly flows, never below one."""
    return {
        year: {name: max(1.0, sum(life[year][name] for life in lives) / len(lives)) for name in lives[0][year]}
        for year in lives[0]
    }


def held(log_odds: float) -> float:
    """Return log-odds within bounds: beyond them a flow no longer answers, and something else must be wrong."""
    return max(-LOG_ODDS_MOST, min(LOG_ODDS_MOST, log_odds))


def stepped(law: Law, seen: Years) -> Changes:
    """Return yearly values moved towards the targets: log-odds by the log ratio of flows, rates by the ratio."""
    tried: dict[str, list[Dated]] = {name: [] for name in STEPPED}
    for year, wanted in targets().items():
        day, now = day_of(date(year, 1, 1)), seen[year]
        charged = wanted["recalls"] * wanted["charge_share"]
        ratios = {
            "release_log_odds": wanted["first_releases"] / now["first_releases"],
            "rerelease_log_odds": wanted["rereleases"] / now["rereleases"],
            "charge_rate": charged / now["charged"],
            "breach_rate": (wanted["recalls"] - charged) / max(1.0, now["recalls"] - now["charged"]),
        }
        for name, ratio in ratios.items():
            value = law.why(name, day).value[0]
            step = STEP * max(-1.0, min(1.0, log(ratio)))
            moved = held(value + ODDS_STEP * step) if name.endswith("odds") else value * exp(step)
            tried[name].append(Dated(day, (round(moved, 3),)))
    return Changes(tuple(Amendment(name, tuple(values)) for name, values in tried.items()))


def written(text: str, changes: Changes) -> str:
    """Return the text of beliefs.yaml with the values of some dated rules replaced from their first day on."""
    for amendment in changes.amendments:
        first = min(dated.day for dated in amendment.values)
        block = re.search(rf"(?m)^  {amendment.rule}:\n(?:    [^\n]*\n)*?    from:\n((?:      [^\n]*\n)+)", text)
        if block is None:
            raise ValueError(f"beliefs.yaml: the rule {amendment.rule} has no dated values to replace")
        kept = [line for line in block[1].splitlines() if day_of(date.fromisoformat(line.strip()[:10])) < first]
        new = [f"      {date_of(dated.day)}: {dated.value[0]:g}" for dated in amendment.values]
        text = text[: block.start(1)] + "\n".join(kept + new) + "\n" + text[block.end(1) :]
    return text


def main(rounds: int = 8) -> None:
    """Step `rounds` times and write the result into beliefs.yaml, printing how far off each round was."""
    law = current_law()
    with ProcessPoolExecutor() as workers:
        for turn in range(rounds):
            seen = averaged(list(workers.map(simulated, [law] * LIVES, range(LIVES))))
            off = {
                name: sum(abs(log(wanted[name] / seen[year][name])) for year, wanted in targets().items()) / len(seen)
                for name in ("first_releases", "recalls", "rereleases")
            }
            said = ", ".join(f"{name} {value:.3f}" for name, value in off.items())
            print(f"round {turn}: mean log error {said}", flush=True)
            changes = stepped(law, seen)
            law = law.amended_by(changes)
    BELIEFS.write_text(written(BELIEFS.read_text(), changes))


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))
