"""What ASTRA-sim takes as command-line options (behaviour 1.1)."""

import re
from collections.abc import Iterable
from dataclasses import field, replace
from typing import TYPE_CHECKING

from simastra.deferred import deferred
from simastra.dialect import AUTO, DIALECTS, HOTI2024, MASTER, Dialect
from simastra.errors import OptionError
from simastra.quick_dataclass import dataclass
from simastra.suggestions import unknown_name
from simastra.values import whole

from .tables import Tables

if TYPE_CHECKING:
    from simastra.network import unknown_backend
else:  # for who names one that there isn't
    unknown_backend = deferred("simastra.network.unknown_backend")

MOST_QUEUES = 1024
SHORTCUTS = ("auto", "always", "off")
ORDERS = ("auto", "exact", "any")
LARGEST_SCALE = 1e9


@dataclass(frozen=True, slots=True)
class Options:
    """How a simulation runs, beside its input files.

    Attributes:
        backend: one of `tables.backends`: ``congestion-aware``, ``congestion-unaware``, ``fluid``;
            ``calibrated`` where a simulation has a calibration.
        dialect: which ASTRA-sim is reproduced; by default the one that the trace asks for.
        queues_per_dimension: logical queues of each network dimension, at least 1.
        injection_scale: factor on the endpoint delay, where the system file gives one.
        rendezvous: whether each message is preceded by a handshake (behaviour 3.9).
        shortcuts: whether exact shortcuts may be taken: ``auto`` where they save noticeable work,
            ``always`` wherever they apply, ``off`` never.
        order: whether it must be known in which order NPUs finish in the same nanosecond:
            ``exact``; ``any`` where nobody needs to know; ``auto`` if that takes a second or so at
            most event by event, where no shortcut tells it. Times are the same in any case.
        tables: where names are looked up; with entries of your own, if you like.

    Raises:
        OptionError: if a value is out of its range.
    """

    backend: str = "congestion-aware"
    dialect: Dialect = AUTO
    queues_per_dimension: int = 1
    injection_scale: float = 1.0
    rendezvous: bool = False
    shortcuts: str = "auto"
    order: str = "auto"
    tables: Tables = field(default_factory=Tables)

    def __post_init__(self) -> None:
        backends = self.tables.backends
        if self.backend not in backends:
            raise OptionError(
                "network-backend", unknown_backend.unknown_backend(self.backend, backends)
            )
        queues = whole("num-queues-per-dim", self.queues_per_dimension)
        object.__setattr__(self, "queues_per_dimension", queues)
        if not 1 <= queues <= MOST_QUEUES:
            raise OptionError(
                "num-queues-per-dim",
                f"must be from 1 to {MOST_QUEUES}, not {self.queues_per_dimension}",
            )
        if self.shortcuts not in SHORTCUTS:
            raise OptionError("shortcuts", unknown_name("setting", self.shortcuts, SHORTCUTS))
        if self.order not in ORDERS:
            raise OptionError("order", unknown_name("setting", self.order, ORDERS))
        if not 0 <= self.injection_scale <= LARGEST_SCALE:
            raise OptionError(
                "injection-scale",
                f"must be a number from 0 to {LARGEST_SCALE:g}, not {self.injection_scale}",
            )

    def to_dict(self) -> dict[str, object]:
        """What decides the result, by the names of the command line; ready for JSON."""
        return {
            "network-backend": self.backend,
            "compat": self.dialect.name,
            "num-queues-per-dim": self.queues_per_dimension,
            "injection-scale": self.injection_scale,
            "rendezvous-protocol": self.rendezvous,
            "extended-collectives": self.dialect.extended_collectives,
            "exact-durations": self.dialect.exact_durations,
        }


def dialect_named(
    name: str, *, extended_collectives: bool = False, exact_durations: bool = False
) -> Dialect:
    """Look a dialect up.

    Args:
        name: of the dialect, or ``auto`` for the one that the trace asks for.
        extended_collectives: whether broadcast, reduce, gather, scatter and barrier are
            simulated, which no version of ASTRA-sim does.
        exact_durations: whether durations are taken to the nanosecond where the trace has them in
            ``duration_nanos``, as simastra's converter and generator write them; ASTRA-sim reads
            whole microseconds.

    Raises:
        OptionError: if there is none of that name.
    """
    known = {AUTO.name: AUTO, **DIALECTS}
    if name not in known:
        raise OptionError("compat", _unknown_dialect(name, known))
    dialect = known[name]
    return replace(
        dialect,
        extended_collectives=extended_collectives or dialect.extended_collectives,
        exact_durations=exact_durations or dialect.exact_durations,
    )


_VERSION_OF_ASTRA_SIM = re.compile(r"astra|^v?[0-9]+(\.[0-9]+)*$", re.IGNORECASE)


def _unknown_dialect(name: str, known: Iterable[str]) -> str:
    if _VERSION_OF_ASTRA_SIM.search(name):
        return (
            f"unknown dialect {name!r}; of ASTRA-sim 2 there are {HOTI2024.name}, as in its "
            f"tutorial, and {MASTER.name}; {AUTO.name} takes the one that the trace asks for"
        )
    return unknown_name("dialect", name, known)
