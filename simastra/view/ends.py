"""What the ends of messages are called: NPUs by their numbers, switches by their names."""

from __future__ import annotations

from typing import TypeGuard


class SwitchId(int):
    """The number of a device that isn't an NPU, as an end of messages; it knows what it is called.

    Args:
        device: its number.
        name: what a network's file calls it; empty if nothing.
        part: which of the switch's parts in a phase is meant, where it takes several.

    >>> SwitchId(9, "leaf.0") == 9, device_words(SwitchId(9, "leaf.0")), device_words(9)
    (True, 'leaf.0', 'NPU 9')
    """

    name: str
    part: int

    def __new__(cls, device: int, name: str = "", part: int = 0) -> SwitchId:
        """The number, with the name."""
        made = super().__new__(cls, device)
        made.name, made.part = name, part
        return made

    def __str__(self) -> str:
        return self.name or f"switch {int(self)}"

    def __reduce__(self) -> tuple[type[SwitchId], tuple[int, str, int]]:
        """For copies of other processes."""
        return SwitchId, (int(self), self.name, self.part)


def is_switch(device: int) -> TypeGuard[SwitchId]:
    """Whether an end of a message is a switch; else it is an NPU."""
    return isinstance(device, SwitchId)


def device_words(device: int) -> str:
    """An end of a message in a sentence: "NPU 3", "switch 9", "leaf.0"."""
    return str(device) if is_switch(device) else f"NPU {device}"
