"""The key ``options`` of a study: how a simulation runs, by the names of the command line."""

from typing import ClassVar

from simastra.config import ConfigModel
from simastra.config.fields import Amount, Count, Flag, TextField
from simastra.simulation import Options, dialect_named

_DEFAULT = Options()


class OptionKeys(ConfigModel):
    """Options of ``simastra run`` that decide how a simulation runs.

    >>> OptionKeys.parse({"network-backend": "fluid"}).options().backend
    'fluid'
    """

    word: ClassVar[str] = "options"

    network_backend: TextField = _DEFAULT.backend
    """network model: congestion-aware, congestion-unaware or fluid"""

    compat: TextField = _DEFAULT.dialect.name
    """which ASTRA-sim is reproduced"""

    num_queues_per_dim: Count = _DEFAULT.queues_per_dimension
    """logical queues of each network dimension"""

    injection_scale: Amount = _DEFAULT.injection_scale
    """factor on the endpoint delay"""

    rendezvous_protocol: Flag = _DEFAULT.rendezvous
    """whether each message is preceded by a handshake"""

    extended_collectives: Flag = False
    """whether collectives are simulated that ASTRA-sim doesn't have"""

    exact_durations: Flag = False
    """whether durations are taken to the nanosecond where the trace has them"""

    shortcuts: TextField = _DEFAULT.shortcuts
    """whether exact shortcuts may be taken: auto, always or off"""

    order: TextField = "any"  # no column tells it
    """whether the order within a nanosecond must be known: auto, exact or any"""

    def options(self) -> Options:
        """As a simulation takes them.

        Raises:
            OptionError: if one is out of its range, or there is none of that name.
        """
        return Options(
            backend=self.network_backend,
            dialect=dialect_named(
                self.compat,
                extended_collectives=self.extended_collectives,
                exact_durations=self.exact_durations,
            ),
            queues_per_dimension=self.num_queues_per_dim,
            injection_scale=self.injection_scale,
            rendezvous=self.rendezvous_protocol,
            shortcuts=self.shortcuts,
            order=self.order,
        )
