"""Together: pieces of one draw and life, which one worker lives one after the other, to live what they share once.

A piece depends on nothing but itself, so how pieces are put together changes no result.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from results.plan import Piece
from sim.ensemble import Failed


@dataclass(frozen=True)
class Together:
    """Pieces of one draw and life."""

    pieces: tuple[Piece, ...]

    def __str__(self) -> str:
        """Name it by its pieces."""
        return "; ".join(map(str, self.pieces))


def together(pieces: Sequence[Piece], workers: int) -> list[Together]:
    """Put pieces of one draw and life that follow one another together, apart only if a worker had none otherwise."""
    members = [tuple(some) for _, some in groupby(pieces, lambda piece: (piece.draw, piece.life))]
    parts = -(-workers // max(1, len(members)))
    return [Together(part) for member in members for part in _in_parts(member, parts)]


def _in_parts(pieces: tuple[Piece, ...], parts: int) -> Iterator[tuple[Piece, ...]]:
    size = -(-len(pieces) // parts)
    for start in range(0, len(pieces), size):
        yield pieces[start : start + size]


def of_each(finished: Callable[[Piece], None]) -> Callable[[Together], None]:
    """Return what tells `finished` of each piece that was lived of several."""

    def told(some: Together) -> None:
        for piece in some.pieces:
            if piece.done:
                finished(piece)

    return told


def each_failed(pieces: Sequence[Together], failed: Sequence[Failed]) -> list[Failed]:
    """Return failures by piece: where all of several failed together, as their worker was killed, one for each."""
    whole = {str(some): some.pieces for some in pieces}
    return [
        failure._replace(piece=str(piece)) for failure in failed for piece in whole.get(failure.piece, (failure.piece,))
    ]
