"""What to call nodes of the critical path, and NPUs that fared alike."""

from collections.abc import Sequence

from simastra.units import NpuId
from simastra.view.phrases import npus_words


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
        return f"NPU {npus[0]}"
    is_range = npus[-1] - npus[0] == len(npus) - 1
    return npus_words(range(npus[0], npus[-1] + 1) if is_range else npus)
