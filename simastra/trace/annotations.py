"""What a trace says of the whole step, in the attributes of its metadata: for metrics, and no more.

Nothing here changes what is simulated; ASTRA-sim and Chakra pass over it.
"""

from collections.abc import Iterable
from dataclasses import fields

from simastra.quick_dataclass import dataclass
from simastra.trace.attributes import Stored, step_total
from simastra.units import Bytes


@dataclass(frozen=True, slots=True)
class Annotations:
    """What the file of one NPU says; None where it says nothing. The names are the attributes'.

    Attributes:
        tokens: of the step, on all NPUs together.
        model_flops: operations that the step's forward and backward passes need, on all NPUs
            together, without what is computed twice; a multiplication and an addition are two.
        weight_bytes: of the weights that this NPU has, throughout.
        gradient_bytes: of their gradients.
        optimizer_bytes: of what the optimiser keeps.
        activation_bytes: of activations that are there throughout; of those that come and go,
            nodes tell in ``outputs`` and ``inputs``.
        cache_bytes: of keys and values, in inference.
    """

    tokens: int | None = None
    model_flops: int | None = None
    weight_bytes: Bytes | None = None
    gradient_bytes: Bytes | None = None
    optimizer_bytes: Bytes | None = None
    activation_bytes: Bytes | None = None
    cache_bytes: Bytes | None = None

    def stored(self) -> dict[str, int]:
        """What there is to write, by name.

        Raises:
            ValueError: one has a value that no file takes; the text says what is wrong and wanted.
        """
        values = ((name, getattr(self, name)) for name in ANNOTATED)
        return {name: _total(name, value) for name, value in values if value is not None}


ANNOTATED = tuple(field.name for field in fields(Annotations))
"""The attributes' names."""

NOT_ANNOTATED = Annotations()
"""Of a trace that says nothing."""


def annotations_of(attributes: Iterable[tuple[str, Stored | None]]) -> Annotations:
    """Return what the attributes of a trace's metadata say; others are passed over.

    Raises:
        ValueError: one has a value that is of no use; the text says what is wrong and wanted.
    """
    found: dict[str, int] = {}
    for name, stored in attributes:
        if name in ANNOTATED and stored is not None:
            found[name] = _total(name, stored)
    return Annotations(**found) if found else NOT_ANNOTATED


def _total(name: str, value: Stored) -> int:
    try:
        return step_total(value)
    except ValueError as wanted:
        raise ValueError(f"{name} is {value!r}; {wanted} is wanted") from None
