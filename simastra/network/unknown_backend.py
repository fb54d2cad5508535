"""What to say of a backend that there isn't: of other simulators, why not."""

from collections.abc import Iterable

from simastra.suggestions import unknown_name

_PACKETS = ("ns3", "ns-3", "ns_3", "htsim", "garnet", "booksim", "omnet", "simai", "packet")
_PREFIX = "analytical-"  # as in the names of ASTRA-sim's binaries


def unknown_backend(name: str, known: Iterable[str]) -> str:
    """Say that there is no backend of that name, and which one was meant.

    >>> unknown_backend("analytical_congestion_aware", ["congestion-aware", "congestion-unaware"])
    "unknown backend 'analytical_congestion_aware'; did you mean 'congestion-aware'?"
    """
    names, asked = list(known), name.casefold()
    if asked.startswith(_PACKETS):
        return (
            f"there is no backend {name!r}: it simulates packets, simastra whole messages; "
            f"known are {', '.join(names)}"
        )
    plain = asked.replace("_", "-").removeprefix(_PREFIX)
    if plain in names:
        return f"unknown backend {name!r}; did you mean {plain!r}?"
    if asked == _PREFIX.rstrip("-"):
        return f"all backends are analytical; known are {', '.join(names)}"
    return unknown_name("backend", name, names)
