"""The order in which many rows stand: neighbours together, so that a block of them is left out by one look.

A k-d split on unit vectors (J. L. Bentley, "Multidimensional binary search trees", 1975), cut where blocks begin; first
by the rarest code of a row, so that who offers a rare code stands together."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from matching.bits import WORD, Words
from matching.columns import Columns, Floats, Ints

Vectors = NDArray[np.float64]


def vectors(lat: Floats, lon: Floats) -> Vectors:
    """Unit vectors of points in degrees, one a row; NaN for an unknown point."""
    phi, theta = np.radians(lat), np.radians(lon)
    return np.stack([np.cos(phi) * np.cos(theta), np.cos(phi) * np.sin(theta), np.sin(phi)], axis=1)


def order(c: Columns, leaf: int) -> Ints:
    """The rows in their new order, for blocks of `leaf` rows."""
    placed = c.placed & ~c.remote
    section = _rarest(c.codes) * 2 + ~placed
    rows = np.lexsort((c.tie, section))
    ends = np.flatnonzero(np.diff(section[rows])) + 1
    bounds = [0, *ends.tolist(), len(rows)]
    points = vectors(c.lat, c.lon)
    for low, high in pairwise(bounds):
        if high > low and placed[rows[low]]:
            _split(rows, points, low, high, leaf)
    return rows


def _rarest(codes: Words) -> Ints:
    """For each row, the place of its rarest code among all codes by number of rows, 0 the rarest."""
    count = np.array([np.count_nonzero(_bit(codes, bit)) for bit in range(codes.shape[1] * WORD)])
    found = np.full(len(codes), len(count), dtype=np.int64)
    for place, bit in reversed(list(enumerate(np.argsort(count, kind="stable").tolist()))):
        if count[bit]:
            found[_bit(codes, bit)] = place
    return found


def _bit(codes: Words, bit: int) -> NDArray[np.bool_]:
    return np.asarray((codes[:, bit // WORD] >> np.uint64(bit % WORD)) & np.uint64(1), dtype=np.bool_)


def _split(rows: Ints, points: Vectors, start: int, end: int, leaf: int) -> None:
    """Puts the rows from `start` to `end` in order, halving along the widest axis where a block begins."""
    todo = [(start, end)]
    while todo:
        low, high = todo.pop()
        if low // leaf == (high - 1) // leaf:
            continue
        middle = min(max(round((low + high) / 2 / leaf), low // leaf + 1), (high - 1) // leaf) * leaf
        here = rows[low:high]
        there = points[here]
        axis = int(np.argmax(there.max(axis=0) - there.min(axis=0)))
        rows[low:high] = here[np.argpartition(there[:, axis], middle - low)]
        todo += [(low, middle), (middle, high)]
