"""Arrows of a Chrome trace: from where a message is sent to where it arrives."""

from collections.abc import Iterator

from simastra.report.run_records import MessageRecord, RunRecords
from simastra.report.timeline import ChromeEvent
from simastra.units import Ns, ns_to_micros
from simastra.view.ends import device_words

from .tracks import Track, TrackKind, Tracks

_MARK: Ns = 1  # how long the bars last from which and to which the arrows lead; a viewer needs some


def message_arrows(records: RunRecords, tracks: Tracks) -> Iterator[list[ChromeEvent]]:
    """For each message a mark at either end, and an arrow between them; in order of sending."""
    for number, message in enumerate(records.messages.records):
        events = _end_of(message, number, tracks, is_send=True)
        if message.end is not None:
            events += _end_of(message, number, tracks, is_send=False)
        yield events


def _end_of(
    message: MessageRecord, number: int, tracks: Tracks, *, is_send: bool
) -> list[ChromeEvent]:
    if is_send:
        track, time = Track(message.src, TrackKind.SENDS, "sends"), message.start
        name = f"to {device_words(message.dst)}"
    else:
        assert message.end is not None
        track, time = Track(message.dst, TrackKind.RECEIVES, "receives"), message.end
        name = f"from {device_words(message.src)}"
    place = {**tracks.place(track), "ts": ns_to_micros(time)}
    mark = {"name": name, "ph": "X", **place, "dur": ns_to_micros(_MARK)}
    if is_send:
        mark["args"] = {"bytes": message.size, "tag": message.tag}
        return [mark, {"name": "message", "cat": "message", "ph": "s", "id": number, **place}]
    return [
        mark,
        {"name": "message", "cat": "message", "ph": "f", "bp": "e", "id": number, **place},
    ]
