"""What a member does step by step: whom it sends which blocks to, and what it waits for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

from .holdings import Block

if TYPE_CHECKING:
    from .in_network import InNetworkPart


@dataclass(frozen=True, slots=True)
class Transfer:
    """A message of a step, as one of its two ends sees it.

    Attributes:
        peer: the position of the other end; it may be given modulo the number of members.
        blocks: what it carries, by number as in `PhaseMachine.blocks`; where an algorithm doesn't
            promise `runs_uneven`, the receiver's need only be as many.
        part: if given, the other end is no member but the member's switch of this.
    """

    peer: int
    blocks: Sequence[Block]
    part: InNetworkPart | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What one member does in one step; the next begins when all is received and has been let in.

    Attributes:
        sends: what it sends, in this order.
        receives: what it receives.
        reduces: whether it reduces what it receives with its own data.
    """

    sends: tuple[Transfer, ...] = ()
    receives: tuple[Transfer, ...] = ()
    reduces: bool = False


def exchange(
    peer: int, sent: Sequence[Block], received: Sequence[Block], *, reduces: bool = False
) -> Step:
    """A step in which a member sends to `peer` and receives from it."""
    return Step((Transfer(peer, sent),), (Transfer(peer, received),), reduces)


def shift(
    position: int,
    by: int,
    sent: Sequence[Block],
    received: Sequence[Block],
    *,
    reduces: bool = False,
) -> Step:
    """A step in which the member at `position`, like all, sends `by` places on.

    Args:
        position: of the member.
        by: how far; less than 0 for members before it.
        sent: blocks.
        received: blocks that come from `by` places before, as many.
        reduces: as of `Step`.
    """
    return Step((Transfer(position + by, sent),), (Transfer(position - by, received),), reduces)


class LazyBlocks(Sequence[Block]):
    """Blocks whose number is known, and which are made only for who looks at them.

    Args:
        count: how many.
        make: makes them.
    """

    def __init__(self, count: int, make: Callable[[], Iterable[Block]]) -> None:
        self._count, self._make = count, make

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Block]:
        return iter(self._make())

    @overload
    def __getitem__(self, index: int) -> Block: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Block]: ...

    def __getitem__(self, index: int | slice) -> Block | Sequence[Block]:
        return tuple(self._make())[index]
