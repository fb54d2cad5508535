"""Times and sizes as people read them. The exact number stands beside them, or in the JSON."""

from collections.abc import Callable

from simastra.units import Bytes, GiB, KiB, MiB, Ns

_TIME_UNITS = ((1_000_000_000, "s"), (1_000_000, "ms"), (1000, "µs"))
_SIZE_UNITS = ((GiB, "GiB"), (MiB, "MiB"), (KiB, "KiB"))


def human_time(time: Ns) -> str:
    """Show a time in its largest fitting unit.

    >>> human_time(117_780), human_time(999), human_time(60_000_000_000)
    ('117.78 µs', '999 ns', '60 s')
    """
    return _scaled(time, _TIME_UNITS, "ns")


def time_unit(longest: Ns) -> tuple[Ns, str]:
    """Return the largest unit in which `longest` is 1 or more, in ns, and its name: for an axis.

    >>> time_unit(117_780), time_unit(999), time_unit(0)
    ((1000, 'µs'), (1, 'ns'), (1, 'ns'))
    """
    return next((unit for unit in _TIME_UNITS if longest >= unit[0]), (1, "ns"))


def human_size(size: Bytes) -> str:
    """Show a size in its largest fitting unit.

    >>> human_size(1536), human_size(1000), human_size(4 * 1024**3)
    ('1.5 KiB', '1000 B', '4 GiB')
    """
    return _scaled(size, _SIZE_UNITS, "B")


def human_difference(amount: int, shown: Callable[[int], str] = human_time) -> str:
    """Show a difference of times, or of what else `shown` shows, with its sign; 0 has none.

    >>> human_difference(1220), human_difference(-1536, human_size), human_difference(0)
    ('+1.22 µs', '-1.5 KiB', '0 ns')
    """
    sign = "+" if amount > 0 else "-" if amount else ""
    return f"{sign}{shown(abs(amount))}"


def _scaled(value: int, units: tuple[tuple[int, str], ...], smallest: str) -> str:
    for unit, name in units:
        if value >= unit:
            digits = f"{value / unit:.2f}".rstrip("0").rstrip(".")
            return f"{digits} {name}"
    return f"{value} {smallest}"
