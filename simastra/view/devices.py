"""What the devices of a network are called, wherever one is shown or asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class DeviceNames:
    """What the devices of a network are called.

    NPUs are called by their numbers, whatever a file calls them; other devices by the name that
    the file gives them, else as switches, by their numbers.

    Attributes:
        npus: number of NPUs; devices from there on are switches, or what else messages pass.
        given: the names that a network gives to its devices, by their numbers; empty for a product
            of dimensions, which gives none.

    >>> names = DeviceNames(2, {0: "npu.0", 1: "npu.1", 2: "leaf.0"})
    >>> names[1], names[2], DeviceNames(2)[2]
    ('NPU 1', 'leaf.0', 'switch 2')
    """

    npus: int
    given: Mapping[int, str] = field(default_factory=dict, hash=False)

    def __getitem__(self, device: int) -> str:
        """As in a sentence: "NPU 3", "switch 9", "leaf.0"."""
        if device < self.npus:
            return f"NPU {device}"
        return self.given.get(device) or f"switch {device}"

    def in_full(self, device: int) -> str:
        """With the name that a file gives to an NPU: "NPU 3 (host.0.gpu.3)"."""
        given = self.given.get(device)
        if device >= self.npus or given in {None, f"npu.{device}"}:
            return self[device]
        return f"{self[device]} ({given})"

    def label(self, device: int) -> str:
        """As short as a picture wants it: "3", "S9", "leaf.0"."""
        if device < self.npus:
            return str(device)
        return self.given.get(device) or f"S{device}"

    def word(self, device: int) -> str:
        """One word by which commands take it: "3" and "9", or "npu.3" and "leaf.0"."""
        return self.given.get(device) or str(device)

    def link(self, src: int, dst: int) -> str:
        """A link in a sentence: "NPU 3 to leaf.0"."""
        return f"{self[src]} to {self[dst]}"

    def arrow(self, src: int, dst: int) -> str:
        """A link in a table: "3 -> 9", or "npu.3 -> leaf.0"."""
        return f"{self.word(src)} -> {self.word(dst)}"

    def number(self, word: str) -> int | None:
        """The device that has this name; None if none has."""
        return next((device for device, name in self.given.items() if name == word), None)
