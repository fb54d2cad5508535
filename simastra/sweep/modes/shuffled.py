"""Numbers in a random order, none of which need be kept."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b

_ROUNDS = 6


def shuffled(size: int, seed: int) -> Iterator[int]:
    """The numbers from 0 to `size` - 1, each once, in an order that the seed decides.

    A Feistel network of keyed hashes permutes the numbers of the next even count of bits; those
    that are too large are permuted on until one isn't (cycle walking: Black and Rogaway, Ciphers
    with Arbitrary Finite Domains, CT-RSA 2002).
    """
    half = max(1, ((size - 1).bit_length() + 1) // 2)
    for number in range(size):
        walked = _permuted(number, half, seed)
        while walked >= size:
            walked = _permuted(walked, half, seed)
        yield walked


def _permuted(number: int, half: int, seed: int) -> int:
    """A permutation of the numbers of twice so many bits as a half has."""
    left, right = number >> half, number & ((1 << half) - 1)
    for at in range(_ROUNDS):
        left, right = right, left ^ _mixed(f"{seed},{at},{right}", half)
    return left << half | right


def _mixed(text: str, bits: int) -> int:
    digest = blake2b(text.encode(), digest_size=16).digest()
    return int.from_bytes(digest, "big") & ((1 << bits) - 1)
