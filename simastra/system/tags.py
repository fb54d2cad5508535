"""Tags of messages: numbers that senders and receivers agree in (behaviour 1.9, 3.2)."""

from collections.abc import Sequence

from simastra.quick_dataclass import dataclass

COLLECTIVE_TAGS = 500_000_000
"""First tag of collectives where they have tags of their own."""


@dataclass(frozen=True, slots=True)
class Tags:
    """How messages are tagged.

    Attributes:
        separate: whether collectives and sends have tags of their own; otherwise a stream's number
            is the same tag as that number in an ET's ``comm_tag``.
    """

    separate: bool

    def of_stream(self, number: int) -> int:
        """Tag of the messages of a stream."""
        return COLLECTIVE_TAGS + number % COLLECTIVE_TAGS if self.separate else number

    def of_send(self, tag: int) -> int:
        """Tag of a message that an ET node sends or receives."""
        return tag % COLLECTIVE_TAGS if self.separate else tag

    def of_sends(self, tags: Sequence[int]) -> Sequence[int]:
        """The same of many, of which most stay as they are."""
        if not self.separate or not tags or 0 <= min(tags) <= max(tags) < COLLECTIVE_TAGS:
            return tags
        return [self.of_send(tag) for tag in tags]


def tag_of_part(tag: int, part: int) -> int:
    """Tag of messages between a member and a switch.

    Where a switch takes several parts in a stream, on each level of a hierarchical algorithm for
    instance, they could be taken for each other: those after the first have tags below 0.

    Args:
        tag: of the stream.
        part: which of them it is.
    """
    assert part < MOST_PARTS  # else it is another stream's tag
    return -(MOST_PARTS * tag + part) if part else tag


MOST_PARTS = 4
"""More parts than a switch takes in a phase."""
