"""Numbers at random that depend on nothing but a seed and what they are for.

Each is drawn from a hash of both, so that it doesn't matter what is drawn before: not the order of
events, nor the machine, nor Python's version or hash seed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from operator import itemgetter
from typing import TypeVar

_Item = TypeVar("_Item")
_BITS = 53


def uniform(*of: object) -> Iterator[float]:
    """Numbers from 0 to 1, both left out, each as likely as any other: as many as are asked for.

    >>> next(uniform(1, "compute", 3, 17)) == next(uniform(1, "compute", 3, 17))
    True

    Args:
        of: what they are for, a seed among it.
    """
    key = repr(of).encode()
    number = 0
    while True:
        digest = blake2b(key, digest_size=8, salt=number.to_bytes(8, "big")).digest()
        yield ((int.from_bytes(digest, "big") >> (64 - _BITS)) + 0.5) / 2**_BITS
        number += 1


def permuted(items: Iterable[_Item], *of: object) -> list[_Item]:
    """The same in another order, each order as likely as any other: in that of numbers drawn.

    >>> permuted("abcd", 7, "letters")
    ['a', 'c', 'd', 'b']

    Args:
        items: they.
        of: what the order is for, a seed among it.
    """
    return [item for _, item in sorted(zip(uniform(*of), items, strict=False), key=itemgetter(0))]
