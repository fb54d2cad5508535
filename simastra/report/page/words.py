"""What to call nodes of the critical path, and NPUs that fared alike."""

from collections.abc import Sequence

from simastra.units import NpuId, Ns
from simastra.view.ends import device_words
from simastra.view.phrases import npus_words, part_words


def node_words(node: str) -> str:
    """As in "gradients (node 7)", of a step's node; of a node without a name, its id.

    >>> node_words("7: gradients"), node_words("7: "), node_words("")
    ('gradients (node 7)', 'node 7', 'no node')
    """
    number, _, name = node.partition(": ")
    if not number:
        return "no node"
    return f"{name} (node {number})" if name else f"node {number.rstrip(': ')}"


def npu_words(npus: Sequence[NpuId]) -> str:
    """Name NPUs, ascending; many that don't follow each other only by their number.

    >>> npu_words([3]), npu_words([4, 5, 6, 7]), npu_words([1, 5])
    ('NPU 3', 'NPUs 4 to 7', 'NPUs 1, 5')
    """
    if len(npus) == 1:
        return device_words(npus[0])
    is_range = npus[-1] - npus[0] == len(npus) - 1
    return npus_words(range(npus[0], npus[-1] + 1) if is_range else npus)


def share_words(part: Ns, whole: Ns) -> str:
    """A part of a whole; one that isn't nothing never looks like it.

    >>> share_words(1, 8), share_words(1, 100_000), share_words(0, 8)
    ('12.5 %', '< 0.1 %', '0.0 %')
    """
    return "< 0.1 %" if 0 < part < whole / 2000 else part_words(part, whole)
