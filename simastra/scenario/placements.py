"""Where a job's NPUs are: as listed, or by a policy among those that no job before it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, TypeAlias

from pydantic import BeforeValidator, WithJsonSchema

from simastra.config.messages import problem, show
from simastra.draws import permuted
from simastra.units import NpuId

from .selector_syntax import check_keys
from .selectors import NpuSelector, SelectorError, read_selector


class Policy(StrEnum):
    """How NPUs are chosen among those that are free."""

    PACKED = "packed"
    """The lowest numbers."""

    SPREAD = "spread"
    """At equal distances, from the lowest on."""

    RANDOM = "random"
    """Any, by a seed, in any order."""

    RAIL_ALIGNED = "rail-aligned"
    """Those that have one place in their nodes, node after node; then those of the next place."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a job's NPUs are.

    Attributes:
        policy: how they are chosen; of no account where they are listed.
        seed: of a random choice.
        listed: them, in order of the job's ranks; None where a policy chooses.
    """

    policy: Policy = Policy.PACKED
    seed: int = 0
    listed: NpuSelector | None = None

    def npus(self, ranks: int, npus: int, taken: Sequence[NpuId], per_node: int) -> Sequence[NpuId]:
        """The NPU of each rank.

        Args:
            ranks: so many are wanted.
            npus: so many NPUs there are.
            taken: those that jobs before it have; only who is listed shares NPUs.
            per_node: NPUs of a node, which are numbered one after another.

        Raises:
            SelectorError: there is no such NPU, or there are too few or too many.
        """
        if self.listed is not None:
            found = self.listed.in_order(npus)
            if len(found) != ranks:
                raise SelectorError(f"are {len(found)} NPUs, and the workload has {ranks}")
            return found
        others = set(taken)
        free = [npu for npu in range(npus) if npu not in others]
        if len(free) < ranks:
            raise SelectorError(
                f"of {npus} NPUs {len(free)} are free, and the workload has {ranks}; "
                "list NPUs that it may share with other jobs"
            )
        match self.policy:
            case Policy.PACKED:
                return free[:ranks]
            case Policy.SPREAD:
                return [free[rank * len(free) // ranks] for rank in range(ranks)]
            case Policy.RANDOM:
                return permuted(free, self.seed, "placement")[:ranks]
            case Policy.RAIL_ALIGNED:
                return sorted(free, key=lambda npu: (npu % per_node, npu))[:ranks]


_WANTED = (
    "NPUs in order of the job's ranks, such as [0, 2, 4-7], or "
    f"{', '.join(Policy)} ({{policy: random, seed: 1}})"
)
_KEYS = ("policy", "seed")


def read_placement(value: object) -> Placement:
    """Read where a job's NPUs are."""
    match value:
        case Placement():
            return value
        case str() if value in set(Policy):
            return Placement(Policy(value))
        case Mapping() if "policy" in value:
            return _of_keys(value)
        case str() if value.strip().isalpha() and value.strip() != "all":  # meant as a policy
            raise problem(f"must be {_WANTED}, not {show(value)}")
        case str() | int() | Sequence() if not isinstance(value, bool):
            return Placement(listed=read_selector(value))
        case _:
            raise problem(f"must be {_WANTED}, not {show(value)}")


def _of_keys(value: Mapping[object, object]) -> Placement:
    check_keys(value, _KEYS)
    policy, seed = str(value["policy"]), value.get("seed", 0)
    if policy not in set(Policy):
        raise problem(f"has the policy {show(policy)}; there are {', '.join(Policy)}")
    if type(seed) is not int or seed < 0:
        raise problem(f"has the seed {show(seed)}; write a whole number from 0")
    if "seed" in value and policy != Policy.RANDOM:
        raise problem(f"has a seed, which {policy} doesn't need; only random does")
    return Placement(Policy(policy), seed)


Placed: TypeAlias = Annotated[
    Placement,
    BeforeValidator(read_placement),
    WithJsonSchema(
        {
            "type": ["integer", "string", "array", "object"],
            "minimum": 0,
            "minItems": 1,
            "properties": {
                "policy": {
                    "description": "how NPUs are chosen among those that no job before it has",
                    "enum": list(Policy),
                },
                "seed": {
                    "description": "of random: another seed draws other NPUs; 0 if left out",
                    "type": "integer",
                    "minimum": 0,
                },
            },
            "required": ["policy"],
            "additionalProperties": False,
        }
    ),
]
"""Where a job's NPUs are."""
