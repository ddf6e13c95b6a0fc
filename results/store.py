"""Store: tables, journals and manifests on disk, written whole or not at all."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from results.outcomes import MEASURES
from sim.journal import Table

DECIMALS = 6


@contextmanager
def writing(path: Path, lasting: bool = True) -> Iterator[BinaryIO]:
    """Yield a file of a temporary name in the path's own folder, renamed at the end; a reader never sees half a file.

    If what is done with it fails, nothing is left. `lasting` waits for the disk, so that a power failure cannot
    spoil it either.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            yield file
            if lasting:
                file.flush()
                os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    with writing(path) as file:
        file.write(content)


def clear_abandoned(folder: Path) -> None:
    """Remove the temporary files that processes of this machine left in a folder, or below it, when killed."""
    for path in folder.rglob(".*.tmp"):
        writer = path.name.removesuffix(".tmp").rpartition(".")[2]
        if writer.isdigit() and not _lives(int(writer)):
            path.unlink(missing_ok=True)


def _lives(process: int) -> bool:
    if os.name != "posix":
        return True  # elsewhere asking would end it
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it lives, and is somebody else's
        return True
    return True


def said_number(value: object) -> str:
    """Return a number with at most six decimals and no trailing zeros, such as 12, 0.25 or -1.333333."""
    text = f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _said_numbers(column: "pd.Series[float]") -> NDArray[np.object_]:
    """Return a column's numbers as `said_number` says them, each distinct one said once; '' where missing."""
    places, distinct = pd.factorize(column)
    return np.array([*map(said_number, distinct), ""], object)[places]


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """Return a table as CSV, the same bytes for the same table: UTF-8, bare line feeds, ISO dates, missing empty."""
    floats = [name for name in frame.columns if frame[name].dtype == np.float64]
    frame = frame.assign(**{name: _said_numbers(frame[name]) for name in floats})
    text = frame.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d", float_format=said_number)
    return text.encode("utf-8")


def parquet_bytes(frame: pd.DataFrame) -> bytes:
    """Return a table as parquet, compressed with zstd, without its index."""
    buffer = BytesIO()
    frame.to_parquet(buffer, engine="pyarrow", compression="zstd", index=False)
    return buffer.getvalue()


WRITERS = {".csv": csv_bytes, ".parquet": parquet_bytes}


def write_table(path: Path, frame: pd.DataFrame) -> None:
    """Write a table as its ending says, .parquet or .csv; ValueError for another ending."""
    if path.suffix not in WRITERS:
        raise ValueError(f"{path.name}: a table is written as .parquet or .csv")
    write_bytes(path, WRITERS[path.suffix](frame))


def read_table(path: Path) -> pd.DataFrame:
    """Read a table as its ending says; a CSV's columns `date`, `first` and `last` come back as dates.

    ValueError for another ending. In a CSV an empty `group` is everyone, and is not missing.
    """
    if path.suffix == ".parquet":
        return pd.read_parquet(path, engine="pyarrow")
    if path.suffix != ".csv":
        raise ValueError(f"{path.name}: a table is read from .parquet or .csv")
    frame = pd.read_csv(path)
    for column in {"date", "first", "last"} & set(frame.columns):
        frame[column] = pd.to_datetime(frame[column]).astype("datetime64[ms]")
    return frame.fillna({"group": ""}) if "group" in frame else frame


def write_manifest(path: Path, manifest: Mapping[str, Any]) -> None:
    """Write a manifest as JSON with sorted keys; TypeError for what JSON cannot say."""
    write_bytes(path, (json.dumps(manifest, sort_keys=True, indent=2, ensure_ascii=False) + "\n").encode("utf-8"))


def read_manifest(path: Path) -> dict[str, Any]:
    """Read a manifest; ValueError if the file holds anything but one JSON object."""
    manifest = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(manifest, dict):
        raise ValueError(f"{path.name}: a manifest is one JSON object")
    return manifest


def write_journal(path: Path, table: Table) -> None:
    """Write a journal's columns as parquet, each in its own width; ValueError unless the name ends .parquet."""
    if path.suffix != ".parquet":
        raise ValueError(f"{path.name}: a journal is written as .parquet")
    write_table(path, pd.DataFrame(table._asdict()))


def read_journal(path: Path) -> Table:
    """Read a journal; KeyError if a column is missing."""
    frame = read_table(path)
    return Table._make(np.array(frame[column]) for column in Table._fields)


def data_dictionary() -> pd.DataFrame:
    """Return one row for each measure: measure, kind, over (day or window), unit, meaning."""
    rows = [{"measure": name, **measure._asdict()} for name, measure in MEASURES.items()]
    return pd.DataFrame(rows, columns=["measure", "kind", "over", "unit", "meaning"])
