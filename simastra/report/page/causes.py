"""Causes of cost: what they mean, in a few words each, and which NPUs they struck alike."""

from collections.abc import Mapping, Sequence

from simastra.explain import Category
from simastra.units import NpuId, Ns
from simastra.view.alike import alike

CAUSES_IN_WORDS: Mapping[str, str] = {
    Category.COMPUTE: "computing",
    Category.ENDPOINT: "packets pass an NPU's endpoint",
    Category.REDUCTION: "packets are reduced with local data",
    Category.LATENCY: "messages cross links, their bytes apart",
    Category.SERIALISATION: "bytes are put on the wire",
    Category.LAUNCH: "collectives are launched, their steps follow each other",
    Category.PROTOCOL: "collectives' protocols, and pipelines that fill",
    Category.BANDWIDTH: "collectives' bytes pass links",
    Category.MEMORY: "remote memory is read or written",
    Category.OTHER: "what nothing says more of",
    Category.QUEUEING: "messages wait at a link behind others",
    Category.SHARING: "messages share a link's bandwidth with others",
    Category.CONTENTION: "collectives use links that others use, too",
    Category.PARTNER: "a partner hasn't sent yet, or hasn't come",
    Category.SLOWER: "a partner waits for an NPU that the scenario makes slower",
    Category.UNIT: "a shared unit serves others first",
    Category.OTHER_JOB: "messages wait for another job's messages, or share links with them",
    Category.FAULT: "a link is down or slower, or an NPU is held, as the scenario says",
    Category.IDLE: "the NPU has finished, others haven't",
}
"""By `Category`."""


def in_words(cause: str) -> str:
    """What a cause means; empty for one that isn't known."""
    return CAUSES_IN_WORDS.get(cause, "")


def fared_alike(
    attribution: Mapping[NpuId, Mapping[str, Ns]], causes: Sequence[str]
) -> dict[tuple[Ns, ...], list[NpuId]]:
    """The NPUs that spent the same on each of the causes, by those times."""
    npus = sorted(attribution)
    return alike((tuple(attribution[npu].get(it, 0) for it in causes) for npu in npus), npus)
