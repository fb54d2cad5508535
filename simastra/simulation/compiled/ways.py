"""Which way a message takes, where that depends on its tag: asked once for each pair and tag."""

from __future__ import annotations

import numpy as np

from .compiler import compiled
from .layout import NO_WAY, NONE, WAYS
from .pools import MIX, MIX_SECOND, bucket_of, fail, put, take
from .records import Address, ask_way, pools, way_buckets, ways


@compiled
def _bucket(m: Address, pair: int, tag: int) -> int:
    return bucket_of(m, WAYS, np.uint64(tag) * MIX + np.uint64(pair) * MIX_SECOND)


@compiled
def way_of(m: Address, pair: int, tag: int) -> int:
    """The way of a pair's messages of a tag (CongestionAware._route, CongestionUnaware._path).

    Fails if the topology raises something.
    """
    bucket = way_buckets(m, _bucket(m, pair, tag))
    at = bucket.value
    while at != NONE and (ways(m, at).pair != pair or ways(m, at).tag != tag):
        at = ways(m, at).next
    if at == NONE:
        at = take(m, WAYS)
        ways(m, at).pair = pair
        ways(m, at).tag = tag
        put(bucket, m, ways, at)
        if ask_way(m, at):
            fail(m, NO_WAY)
    return at


@compiled
def relink_ways(m: Address) -> None:
    """Put all ways into buckets that are empty."""
    for way in range(pools(m, WAYS).top):
        it = ways(m, way)
        put(way_buckets(m, _bucket(m, it.pair, it.tag)), m, ways, way)
