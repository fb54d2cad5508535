"""The arrays of a machine: the tables that it is given, and its pools, which grow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .layout import ARRAYS, LINES, MACHINE, MATCHES, NONE, POOL, POOLS, WAYS, Numbers, Records

Arrays: TypeAlias = Mapping[str, NDArray[Any]]
"""By name."""

_FEWEST = 1024
_BUCKETS = {"line_buckets": LINES, "match_buckets": MATCHES, "way_buckets": WAYS}
"""As many as a pool has records; a power of two."""


class MachineArrays:
    """What the loop works on.

    Args:
        tables: all arrays but the pools, and what grows with them.
        room: how many records a single call may need of a pool, as far as that is known.

    Attributes:
        address: of the record with the addresses of all arrays.
    """

    def __init__(self, tables: Arrays, room: int) -> None:
        self._arrays: dict[str, NDArray[Any]] = dict(tables)
        self._record = np.zeros(1, MACHINE)
        pools = self._arrays["pools"] = np.zeros(len(POOLS), POOL)
        pools["free"] = NONE
        size = max(_FEWEST, 1 << (2 * room - 1).bit_length())  # as a call finds them half in use
        for number, (name, dtype) in enumerate(POOLS):
            self._arrays[name] = np.zeros(size, dtype)
            pools[number]["record"] = dtype.itemsize
        self._link()

    def __getitem__(self, name: str) -> Records:
        return self._arrays[name]

    @property
    def address(self) -> int:
        """Of the record that has those of all arrays."""
        return self._record.ctypes.data

    def grow(self, factor: int, *, all_of_them: bool = False) -> None:
        """Enlarge the pools of which more than half is in use, or all.

        Args:
            factor: by how much; a power of two.
            all_of_them: whether all pools grow.
        """
        for number, (name, _) in enumerate(POOLS):
            old = self._arrays[name]
            if all_of_them or 2 * self._arrays["pools"][number]["used"] > len(old):
                new = self._arrays[name] = np.zeros(len(old) * factor, old.dtype)
                new[: len(old)] = old
        self._link()

    def extend(self, name: str, used: int, more: Records | Numbers) -> None:
        """Put something behind what is in use of an array, which there is room for afterwards."""
        old = self._arrays[name]
        needed = used + len(more)
        if needed >= len(old):
            new = self._arrays[name] = np.zeros(max(_FEWEST, 2 * needed), old.dtype)
            new[: len(old)] = old
            self._record[name] = new.ctypes.data
        self._arrays[name][used:needed] = more

    def answer_ways_at(self, address: int) -> None:
        """Note where the function is that answers for ways."""
        self._record["answer"] = address

    def _link(self) -> None:
        """Note where everything is; what depends on the pools' sizes is made anew."""
        pools, times = self._arrays["pools"], self._arrays.get("times", np.zeros(0, np.int64))
        for number, (name, _) in enumerate(POOLS):
            pools[number]["address"] = self._arrays[name].ctypes.data
            pools[number]["size"] = len(self._arrays[name])
        for name, pool in _BUCKETS.items():
            self._arrays[name] = np.full(pools[pool]["size"], NONE, np.int32)
        self._arrays["times"] = np.zeros(pools[LINES]["size"], np.int64)
        self._arrays["times"][: len(times)] = times
        self._arrays["state"]["relink"] = 1
        self._arrays["state"]["short"] = 0
        for name, dtype in ARRAYS:
            array = self._arrays[name]
            assert array.dtype.itemsize == dtype.itemsize, name
            self._record[name] = array.ctypes.data
