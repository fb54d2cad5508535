"""How the loop reaches its arrays: ``calls(m, 7).next`` is a field of the 8th record of `CALLS`.

`m` is the address of a machine (`layout.MACHINE`), which has those of all arrays. A function of the
loop gets that number alone: handing some fifty arrays on to each, as numba would, takes it minutes
to compile.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numba
import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]  # it says none
from numba import types
from numba.extending import intrinsic

from .layout import ARRAYS, MACHINE

Address: TypeAlias = int
"""Of a machine."""

At: TypeAlias = Callable[[Address, int], Any]
"""Reaches a record by its index."""


def _reaching(name: str, dtype: np.dtype[np.void]) -> At:
    record = numba.from_dtype(dtype)
    fields = MACHINE.fields
    assert fields is not None  # it is a record
    offset, size = fields[name][1], dtype.itemsize

    def at(_typing: Any, _machine: Any, _index: Any) -> Any:
        def code(context: Any, builder: Any, _signature: Any, args: Any) -> Any:
            address = context.get_value_type(types.int64)
            place = builder.add(args[0], address(offset))
            first = builder.load(builder.inttoptr(place, address.as_pointer()))
            wanted = builder.add(first, builder.mul(args[1], address(size)))
            return builder.inttoptr(wanted, context.get_value_type(record))

        return record(types.int64, types.int64), code

    at.__name__ = name
    made: Any = intrinsic(at)  # numba's types forget what it does
    reaching: At = made
    return reaching


def _asking() -> Callable[[Address, int], int]:
    fields = MACHINE.fields
    assert fields is not None  # it is a record
    offset = fields["answer"][1]

    def ask_way(_typing: Any, _machine: Any, _way: Any) -> Any:
        def code(context: Any, builder: Any, _signature: Any, args: Any) -> Any:
            number = context.get_value_type(types.int64)
            place = builder.add(args[0], number(offset))
            answer = builder.load(builder.inttoptr(place, number.as_pointer()))
            function = ir.FunctionType(number, [number])
            return builder.call(builder.inttoptr(answer, function.as_pointer()), [args[1]])

        return types.int64(types.int64, types.int64), code

    made: Any = intrinsic(ask_way)
    asking: Callable[[Address, int], int] = made
    return asking


def _next_at() -> Callable[[int], Any]:
    record = numba.from_dtype(np.dtype([("next", "i4")]))

    def next_at(_typing: Any, _address: Any) -> Any:
        def code(context: Any, builder: Any, _signature: Any, args: Any) -> Any:
            return builder.inttoptr(args[0], context.get_value_type(record))

        return record(types.int64), code

    made: Any = intrinsic(next_at)
    reaching: Callable[[int], Any] = made
    return reaching


_AT = {name: _reaching(name, dtype) for name, dtype in ARRAYS}
next_at = _next_at()
"""The record of a pool at an address, of which `next` is the first field."""

ask_way = _asking()
"""Has Python fill in a way, by its index; other than 0 if that fails."""

state, pools, calls, lines = (_AT[it] for it in ("state", "pools", "calls", "lines"))
line_buckets, times, stack = (_AT[it] for it in ("line_buckets", "times", "stack"))
rules, messages, matches = (_AT[it] for it in ("rules", "messages", "matches"))
match_buckets, pair_starts, pairs = (_AT[it] for it in ("match_buckets", "pair_starts", "pairs"))
ways, way_buckets = (_AT[it] for it in ("ways", "way_buckets"))
routes, links, links_used = (_AT[it] for it in ("routes", "links", "links_used"))
scores, arrivals, steps = (_AT[it] for it in ("scores", "arrivals", "steps"))
actions, rings, members = (_AT[it] for it in ("actions", "rings", "members"))
streams, parts, queues, turns = (_AT[it] for it in ("streams", "parts", "queues", "turns"))
plans, legs, seats, communicators = (_AT[it] for it in ("plans", "legs", "seats", "communicators"))
npus, nodes, order, heaps = (_AT[it] for it in ("npus", "nodes", "order", "heaps"))
ready, freed, operations = (_AT[it] for it in ("ready", "freed", "operations"))
children, finishes, servers = (_AT[it] for it in ("children", "finishes", "servers"))
ets, et_nodes, et_children = (_AT[it] for it in ("ets", "et_nodes", "et_children"))
progress, blocked = (_AT[it] for it in ("progress", "blocked"))
buses, sides, requests = (_AT[it] for it in ("buses", "sides", "requests"))
