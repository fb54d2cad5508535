"""Quantities as people write them: a number and its unit, such as ``50GB/s``, ``500ns``, ``1MiB``.

Read exactly, as fractions: no rounding stands between what is written and what it means. As in SI
and IEC 80000-13, K, M, G, T, P are powers of 1000 and Ki, Mi, Gi, Ti, Pi of 1024, B is a byte and b
a bit. (docs/units.md.)
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

_WRITTEN = re.compile(
    r"\s*([+-]?)((?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?)\s*([^\s0-9.].*?)?\s*"
)
_LONGEST = 60  # characters: more is no quantity, and may be more digits than Python reads
_BITS_OF_A_BYTE = 8
_PREFIXES = ("", "K", "M", "G", "T", "P")


class QuantityError(ValueError):
    """What is written is no quantity of the kind that is wanted; the text says what would be."""


@dataclass(frozen=True, slots=True)
class QuantityKind:
    """What is measured: sizes, durations, or one of their like.

    Attributes:
        what: it is, with its article.
        units: what each is worth, in the unit in which `read` answers.
        examples: of what may be written.
    """

    what: str
    units: Mapping[str, Fraction] = field(repr=False)
    examples: str

    def read(self, text: str, *, bare: str | None = None) -> Fraction:
        """What `text` is worth, exactly.

        Args:
            text: a number and a unit, with or without blanks between.
            bare: the unit of a number that has none; None if it must have one.

        Raises:
            QuantityError: if it isn't such a quantity, or is negative.
        """
        match = _WRITTEN.fullmatch(text) if len(text) <= _LONGEST else None
        if match is None:
            raise self._no_quantity(text)
        sign, number, unit = match.groups()
        value = Fraction(number) * self._worth(number, unit or bare, text)
        if sign == "-" and value:
            raise QuantityError(f"must be 0 or more, not {text!r}")
        return value

    def _worth(self, number: str, unit: str | None, text: str) -> Fraction:
        if unit is None:
            raise QuantityError(f"lacks its unit: must be {self.what} such as {self.examples}")
        if unit in self.units:
            return self.units[unit]
        wanted = re.sub(r"\s*/\s*", "/", unit).casefold()
        meant = [name for name in self.units if name.casefold() == wanted]
        worths = {self.units[name] for name in meant}
        if len(worths) == 1:
            return worths.pop()
        if not worths:
            raise self._no_quantity(text)
        both = " or ".join(f"{number}{name}" for name in meant if not name.startswith("k"))
        raise QuantityError(f"{text!r} may be bytes (B) or bits (b): write {both}")

    def _no_quantity(self, text: str) -> QuantityError:
        shown = text if len(text) <= _LONGEST else text[:_LONGEST] + "..."
        return QuantityError(f"must be {self.what} such as {self.examples}, not {shown!r}")


def _sizes() -> Iterator[tuple[str, Fraction]]:
    """Names of bytes and bits, and what they are worth in bytes."""
    for power, prefix in enumerate(_PREFIXES):
        for name, base in ((prefix, 1000), (f"{prefix}i", 1024)):
            if prefix or base == 1000:  # noqa: PLR2004  # without a prefix there is but one
                yield f"{name}B", Fraction(base**power)
                yield f"{name}b", Fraction(base**power, _BITS_OF_A_BYTE)


def _rates() -> Iterator[tuple[str, Fraction]]:
    for name, size in _sizes():
        spellings = (name, "k" + name[1:]) if name[0] == "K" and name[1] != "i" else (name,)
        for spelling in spellings:
            for per_second in (f"{spelling}/s", f"{spelling}ps"):
                yield per_second, size / 10**9
            if spelling.endswith("b"):
                yield f"{spelling}it/s", size / 10**9


def _operations() -> Iterator[tuple[str, Fraction]]:
    for power, prefix in enumerate(_PREFIXES):
        for name in ("FLOP/s", "FLOPS", "OP/s", "OPS"):
            yield f"{prefix}{name}", Fraction(1000**power)


SIZE = QuantityKind(
    "a size",
    {name: worth for name, worth in _sizes() if name.endswith("B")},
    "1MiB (2^20 bytes), 1MB (10^6) or 100B",
)
"""Sizes of memory and messages, in bytes."""

DURATION = QuantityKind(
    "a duration",
    {
        **{"ns": Fraction(1), "us": Fraction(10**3), "µs": Fraction(10**3), "μs": Fraction(10**3)},
        **{"ms": Fraction(10**6), "s": Fraction(10**9)},
    },
    "500ns, 0.5us or 2ms",
)
"""Times and durations, in nanoseconds. Micro is the sign (U+00B5) or the Greek letter (U+03BC)."""

BANDWIDTH = QuantityKind(
    "a bandwidth",
    dict(_rates()),
    "50GB/s (10^9 bytes), 50GiB/s (2^30) or 400Gb/s (bits)",
)
"""Bandwidths, in bytes per nanosecond."""

COMPUTE_RATE = QuantityKind("a rate of operations", dict(_operations()), "312TFLOP/s")
"""Floating-point (or other) operations a second."""
