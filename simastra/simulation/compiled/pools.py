"""Records that come and go, and what they are strung into: lines to wait in, and hash buckets.

Each is a list by the field `next`, which is the first of every record of a pool. numba compiles
what is said here for each kind of records.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from .compiler import compiled
from .layout import NO_ROOM, NONE
from .records import Address, At, next_at, pools, state

Waiting: TypeAlias = Any
"""A `layout.WAITING`, a field of some record."""

Bucket: TypeAlias = Any
"""A `layout.NUMBER`, of some buckets."""

MIX = np.uint64(0x9E3779B97F4A7C15)
MIX_SECOND = np.uint64(0xC2B2AE3D27D4EB4F)
_HIGH = np.uint64(32)


@compiled
def fail(m: Address, why: int) -> None:
    """End the loop, in the midst of things.

    Raises:
        RuntimeError: in any case.
    """
    state(m, 0).failure = why
    raise RuntimeError


@compiled
def take(m: Address, pool: int) -> int:
    """The index of a record of a pool that is free.

    Fails if there is none; then larger pools are needed, and the run begins anew.
    """
    it = pools(m, pool)
    index = it.free
    if index != NONE:
        it.free = next_at(it.address + index * it.record).next
    else:
        index = it.top
        if index == it.size:
            fail(m, NO_ROOM)
        it.top = index + 1
    it.used += 1
    if it.used > it.size >> 1:
        state(m, 0).short = 1
    return index


@compiled
def give_back(m: Address, pool: int, index: int) -> None:
    """Let a record be free."""
    it = pools(m, pool)
    next_at(it.address + index * it.record).next = it.free
    it.free = index
    it.used -= 1


@compiled
def join(m: Address, line: Waiting, records: At, index: int) -> None:
    """Have a record of a pool wait behind all that wait in a line."""
    records(m, index).next = NONE
    if line.head == NONE:
        line.head = index
    else:
        records(m, line.tail).next = index
    line.tail = index


@compiled
def leave(m: Address, line: Waiting, records: At) -> int:
    """The record that has waited longest, which leaves the line; there is one."""
    index = line.head
    line.head = records(m, index).next
    return index


@compiled
def bucket_of(m: Address, pool: int, mixed: np.uint64) -> int:
    """The bucket for a mixture of what is looked for; there are as many as the pool has records."""
    folded = np.uint64(mixed) ^ (np.uint64(mixed) >> _HIGH)
    return np.int64(folded & np.uint64(pools(m, pool).size - 1))  # type: ignore[return-value]  # to numba it is an int


@compiled
def put(bucket: Bucket, m: Address, records: At, index: int) -> None:
    """Put a record of a pool into a bucket."""
    records(m, index).next = bucket.value
    bucket.value = index


@compiled
def take_out(bucket: Bucket, m: Address, records: At, index: int) -> None:
    """Take a record out of its bucket."""
    behind = records(m, index).next
    at = bucket.value
    if at == index:
        bucket.value = behind
    else:
        while records(m, at).next != index:
            at = records(m, at).next
        records(m, at).next = behind
