"""Numbers and names of the tracks of a Chrome trace."""

from dataclasses import dataclass
from enum import IntEnum

from simastra.report.timeline import ChromeEvent, named
from simastra.view.devices import DeviceNames


class TrackKind(IntEnum):
    """Kinds of tracks, in the order in which a viewer shows them."""

    SCENARIO = 0
    NODES = 1
    PHASES = 2
    SENDS = 3
    RECEIVES = 4
    LINK = 5


@dataclass(frozen=True, slots=True)
class Track:
    """One line of a process.

    Attributes:
        device: the process: an NPU, or a switch, numbered after the NPUs.
        kind: what is on it.
        name: as shown.
        order: among the tracks of that kind.
    """

    device: int
    kind: TrackKind
    name: str
    order: int = 0


class Tracks:
    """Numbers and names processes and tracks as they are first used.

    Args:
        names: what devices are called.

    Attributes:
        fresh: events that name what has been used and isn't named in the trace yet; whoever writes
            them there clears it.
    """

    def __init__(self, names: DeviceNames) -> None:
        self._names = names
        self._numbers: dict[Track, int] = {}
        self._tracks_of: dict[int, int] = {}
        self.fresh: list[ChromeEvent] = []

    def process(self, device: int) -> ChromeEvent:
        """The part of an event that says in which process it is."""
        if device not in self._tracks_of:
            self._tracks_of[device] = 0
            self.fresh.append(named("process_name", device, 0, self._names[device]))
            self.fresh.append(_sorted("process_sort_index", {"pid": device}, device))
        return {"pid": device}

    def place(self, track: Track) -> ChromeEvent:
        """The part of an event that says on which track it is."""
        process = self.process(track.device)
        number = self._numbers.get(track)
        if number is None:
            number = self._tracks_of[track.device] + 1
            self._tracks_of[track.device] = number
            self._numbers[track] = number
            self.fresh.append(named("thread_name", track.device, number, track.name))
            place = {**process, "tid": number}
            order = track.kind * _TRACKS_OF_A_KIND + track.order
            self.fresh.append(_sorted("thread_sort_index", place, order))
        return {**process, "tid": number}


def _sorted(what: str, place: ChromeEvent, order: int) -> ChromeEvent:
    return {"name": what, "ph": "M", **place, "args": {"sort_index": order}}


_TRACKS_OF_A_KIND = 1_000_000
