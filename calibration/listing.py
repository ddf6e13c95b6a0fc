"""Listing: the published series as text for a terminal: all of them in short, or one figure by figure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import fill

from calibration.definitions import Excluded, Grade, Series
from calibration.lines import ADDED, Line
from calibration.series import Observation, described, left_out, lines, observed, spread
from results.measures import MEASURES
from scenarios.reading import BadInput, label, nearest, shown

WIDE = 118
INDENT = "    "
GRADES: tuple[Grade, ...] = ("good", "fair", "poor")
EVERYONE = "everyone"


def series_list(added: Path | None = None) -> str:
    """Return every series: its kind, how many figures, their days and grades, and what is left out and why."""
    every, series = lines(added=added), described(added=added)
    observations, excluded = observed(series, every), left_out(added=added)
    told = []
    for each in series:
        mine = [one for one in observations if one.series == each.series]
        told.append("\n".join(_short(each, mine, [pair for pair in excluded if pair[0].series == each.series])))
    names = {each.series for each in series}
    lost = [line for line in every if line.series not in names]
    more = [f"Without a definition, so not used: {', '.join(line.where for line in lost)}."] if lost else []
    files = Counter(line.file for line in every)
    total = f"{len(series)} series, {len(observations)} figures observed, {len(excluded)} lines left out"
    return "\n".join(
        [*told, "", f"{total}; from {', '.join(f'{file} ({n} lines)' for file, n in files.items())}.", *more]
    )


def _short(series: Series, mine: Sequence[Observation], excluded: Sequence[tuple[Line, str]]) -> Iterator[str]:
    """Yield the lines that tell of one series in a list."""
    yield f"{series.series}: {series.title}"
    if mine:
        grades = Counter(one.grade for one in mine)
        graded = ", ".join(f"{grades[grade]} {grade}" for grade in GRADES if grades[grade])
        yield f"{INDENT}{series.measures}, {_figures(len(mine))}, {_span(mine)}, {graded}{_held(series)}"
    for reason, count in Counter(reason for _, reason in excluded).items():
        yield _wrapped(f"left out: {_lines(count)}. {reason}")


def _figures(count: int) -> str:
    return f"{count} figure{'s' if count > 1 else ''}"


def _lines(count: int) -> str:
    return f"{count} line{'s' if count > 1 else ''}"


def _span(mine: Sequence[Observation]) -> str:
    first, last = min(one.first for one in mine), max(one.last for one in mine)
    return f"{first}" if first == last else f"{first} to {last}"


def _held(series: Series) -> str:
    return f", held out from {series.hold_out_from}" if series.hold_out_from else ""


def _wrapped(text: str, indent: str = INDENT) -> str:
    return fill(text, WIDE, initial_indent=indent, subsequent_indent=indent, break_long_words=False)


def series_shown(name: str, added: Path | None = None) -> str:
    """Return one series: each figure, how the model observes it, and the lines left out; BadInput if there is none."""
    series = {each.series: each for each in described(added=added)}
    if name not in series:
        raise BadInput(f"There is no series {shown(name)}{nearest(name, series, '; `ipp series` lists them.')}")
    each, every = series[name], [line for line in lines(added=added) if line.series == name]
    mine = observed([each], every)
    excluded = [(line, taker.reason) for line in every if isinstance(taker := each.taker(line), Excluded)]
    return "\n".join([*_head(each), *_measures(mine), *_observed(each, mine), *_excluded(excluded)])


def _head(series: Series) -> Iterator[str]:
    yield f"{series.series}: {series.title}"
    if series.measures:
        yield f"{INDENT}{series.measures}; likelihood {series.likelihood}; grade {series.grade}{_held(series)}"
    if series.note:
        yield _wrapped(series.note)


def _measures(mine: Sequence[Observation]) -> Iterator[str]:
    """Yield the measures that a series is observed as, with what each is."""
    for name in dict.fromkeys(one.measure for one in mine):
        groups = list(dict.fromkeys(one.group or EVERYONE for one in mine if one.measure == name))
        told = f" Of {', '.join(groups)}." if groups != [EVERYONE] else ""
        yield _wrapped(f"observed as {name}: {MEASURES[name].meaning}{told}")


def _observed(series: Series, mine: Sequence[Observation]) -> Iterator[str]:
    """Yield each figure: its window, value, how far it scatters, what it is observed as, and where it stands."""
    for one in mine:
        window = f"{one.first}" if one.first == one.last else f"{one.first} to {one.last}"
        rounding = f", rounded within {one.rounding:.4g}" if one.rounding else ""
        group = f", {one.group}" if one.group else ""
        places = ", ".join(map(str, (one.csv_line, *one.added_lines)))
        yield (
            f"  {window}: {one.value:.6g} {MEASURES[one.measure].unit}{rounding}; {one.measure}{group}; "
            f"{one.likelihood}, scatters by {spread(one):.2g}; {one.grade}"
        )
        yield f"{INDENT}{one.csv_file}, line {places}; {one.source_url}"
        if its_own := one.note.removeprefix(series.note).removeprefix(" | "):
            yield _wrapped(its_own)


def _excluded(excluded: Sequence[tuple[Line, str]]) -> Iterator[str]:
    """Yield each line that is left out, under its reason."""
    for reason in dict.fromkeys(reason for _, reason in excluded):
        yield _wrapped(f"left out: {reason}", "  ")
        for line, its in excluded:
            if its == reason:
                yield f"{INDENT}{line.days}: {line.value:.6g} {line.unit}; {line.breakdown}; {line.where}"


def added_words(path: Path, new: Sequence[Line], excluded: Sequence[tuple[Line, str]]) -> str:
    """Return what to say once figures are added: how many, where, and which of them are left out."""
    names = sorted({line.series for line in new})
    told = [f"{_figures(len(new))} of {', '.join(names)} added as {label(path)}; what ships is as it was."]
    told += [f"{line.where}: left out of what is observed. {reason}" for line, reason in excluded]
    told.append("Runs from now on use them, under another name, and their manifest has the file's hash.")
    told.append(f"To take them out, delete the file (all that was added lies in {label(ADDED)}).")
    return "\n".join(told)
