"""What NPUs do with each other: the different collectives, messages and accesses of a scenario."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simastra.workload import (
    Collective,
    Operation,
    Program,
    ReceiveOperation,
    SendOperation,
    distinct_programs,
)


class CommunicationSignatures:
    """What programs do beyond their own NPU, as numbers: equal ones for what is equal.

    A large run has millions of such operations, and few different ones.

    Args:
        programs: of all NPUs.

    Attributes:
        examples: an operation for each number.
    """

    def __init__(self, programs: Sequence[Program]) -> None:
        self.examples: list[Operation] = []
        self._numbers: dict[Operation, int] = {}
        self._by_identity: dict[int, int] = {}
        self._of: dict[int, tuple[int, ...]] = {}
        for program in distinct_programs(programs):
            operations = map(program.operations.__getitem__, program.external_operations)
            self._of[id(program)] = tuple(map(self._number, operations))

    def of(self, program: Program) -> tuple[int, ...]:
        """The signatures of a program, by index."""
        return self._of[id(program)]

    @property
    def collectives(self) -> Iterator[Collective]:
        """The different collectives."""
        return (kind for kind in self.examples if isinstance(kind, Collective))

    @property
    def has_messages(self) -> bool:
        """Whether ET nodes send or receive."""
        return any(isinstance(kind, SendOperation | ReceiveOperation) for kind in self.examples)

    def _number(self, operation: Operation) -> int:
        number = self._by_identity.get(id(operation))
        if number is None:
            number = self._numbers.setdefault(operation, len(self.examples))
            if number == len(self.examples):
                self.examples.append(operation)
            self._by_identity[id(operation)] = number
        return number
