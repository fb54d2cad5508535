"""What switches that reduce wait for, as far as an NPU has to wait for them."""

from __future__ import annotations

from collections.abc import Sequence

from simastra.network import Envelope
from simastra.view.ends import SwitchId, is_switch

from .situation import Situation


def behind_switches(switch: SwitchId, tag: int, situation: Situation) -> Sequence[Envelope]:
    """The messages that a switch, and those that it waits for in turn, hasn't got yet.

    From switch to switch, up to one from an NPU, if there is one: rather one that hasn't been sent.

    Args:
        switch: that an NPU waits for.
        tag: of the stream's messages; those between switches have tags below 0.
        situation: as it stands.
    """
    chain: list[Envelope] = []
    seen = {int(switch)}
    at: int = switch
    while True:
        awaited = [
            it
            for it in dict.fromkeys(situation.posted_receives)
            if it.dst == at and (it.tag == tag or it.tag < 0) and it.src not in seen
        ]
        if not awaited:
            return chain
        not_sent = [it for it in awaited if situation.whereabouts(it) is None]
        of_npus = [it for it in not_sent if not is_switch(it.src)]
        envelope = (of_npus or not_sent or awaited)[0]
        chain.append(envelope)
        if not is_switch(envelope.src) or not not_sent:
            return chain
        at = int(envelope.src)
        seen.add(at)
