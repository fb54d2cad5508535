"""What NPUs do with each other: the different collectives, messages and accesses of a scenario."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from simastra.workload import (
    CollectiveOperation,
    Operation,
    Program,
    ReceiveOperation,
    SendOperation,
    distinct_programs,
)


class Contacts:
    """What programs do beyond their own NPU, as numbers: equal ones for what is equal.

    A large run has millions of such operations, and few different ones.

    Args:
        programs: of all NPUs.

    Attributes:
        examples: an operation for each number; the ids of ET nodes, which mean nothing to other
            NPUs, are left out.
    """

    def __init__(self, programs: Sequence[Program]) -> None:
        self.examples: list[Operation] = []
        self._numbers: dict[Operation, int] = {}
        self._by_identity: dict[int, int] = {}
        self._of: dict[int, tuple[int, ...]] = {}
        for program in distinct_programs(programs):
            operations = map(program.operations.__getitem__, program.reaching_out)
            self._of[id(program)] = tuple(map(self._number, operations))

    def of(self, program: Program) -> tuple[int, ...]:
        """The contacts of a program, by index."""
        return self._of[id(program)]

    @property
    def collectives(self) -> Iterator[CollectiveOperation]:
        """The different collectives."""
        return (kind for kind in self.examples if isinstance(kind, CollectiveOperation))

    @property
    def has_messages(self) -> bool:
        """Whether ET nodes send or receive."""
        return any(isinstance(kind, SendOperation | ReceiveOperation) for kind in self.examples)

    def _number(self, operation: Operation) -> int:
        number = self._by_identity.get(id(operation))
        if number is None:
            kind: Operation = operation
            if isinstance(kind, CollectiveOperation):
                kind = replace(kind, node=0)
            number = self._numbers.setdefault(kind, len(self.examples))
            if number == len(self.examples):
                self.examples.append(kind)
            self._by_identity[id(operation)] = number
        return number
