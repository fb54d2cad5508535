"""What an operator's or a kernel's name says of communication.

PyTorch records a collective up to four times, each caller of the next: ``c10d::allreduce_`` (what
the program asks for), ``record_param_comms`` (its parameters), ``nccl:all_reduce`` or
``gloo:all_reduce`` (what the backend does), and on a GPU the kernel.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto

from simastra.trace import CollectiveType

from .operators import Operator

PARAMETERS = "record_param_comms"
LEGACY = "c10d_functional::"
FUNCTIONAL = ("_c10d_functional::", "_c10d_functional_autograd::", LEGACY)
"""Requests whose first argument is what goes in."""
_SYMMETRIC = ("symm_mem::one_shot_", "symm_mem::two_shot_", "symm_mem::multimem_")
GROUP_LAST = ("_c10d_functional::", "_c10d_functional_autograd::", *_SYMMETRIC)
"""Requests whose last text is the name of their group."""
_SERVING = ("vllm::all_", "vllm::reduce_scatter", "_C_custom_ar::all_", "sgl_kernel::all_reduce")
_REQUESTS = ("c10d::", *FUNCTIONAL, *_SYMMETRIC, *_SERVING)
_BACKENDS = ("nccl:", "gloo:", "mpi:", "ucc:", "rccl:", "xccl:", "hccl:")
# ncclDevKernel_AllReduce_Sum_f32_RING_LL since 2.19, ncclKernel_... before, and in the beginning
# ncclAllReduceRingLLKernel_sum_f32; RCCL has the same names, or rccl.
_KERNEL = re.compile(r"(?<![a-zA-Z])[nr]ccl(_?(Dev|main_)?_?[kK]ernel|[A-Z]\w*Kernel)", re.ASCII)
_PEERS = re.compile(r"(?<!\d)(\d{1,9})\s*(->|<-)\s*(\d{1,9})(?!\d)", re.ASCII)

_OTHER_KERNELS = (
    # Collectives that aren't NCCL's: of serving engines (vLLM, SGLang, TensorRT-LLM, FlashInfer,
    # AITER, QuickReduce, DeepEP), PyTorch's symmetric memory, NVSHMEM, MSCCL and MSCCL++.
    (r"cross_device_reduce_\dstage|allreduce_prototype|userbuffers_\w*_sum_", "allreduce"),
    (r"all_?reduce\w*(one|two)_?shot|(one|two)_?shot\w*all_?reduce", "allreduce"),
    (r"all_?reduce_fusion_kernel|lamport\w*all_?reduce|all_?reduce\w*lamport", "allreduce"),
    (r"multimem_\w*all_?reduce", "allreduce"),
    (r"multimem_\w*all_?gather", "allgather"),
    (r"multimem_\w*reduce_?scatter", "reducescatter"),
    (r"deep_ep::\w*::(dispatch|combine)", "alltoall"),
    (r"moe_?all_?to_?all|alltoall(dispatch|combine)", "alltoall"),
    (r"msccl\w*kernel|mscclpp|nvshmem\w*(all|reduce|broadcast|alltoall)", ""),
)
_OTHER_KERNEL = tuple((re.compile(f"(?i:{word})", re.ASCII), kind) for word, kind in _OTHER_KERNELS)

_COLLECTIVES = (
    # The first that is found counts: "reducescatter" also holds "reduce" and "scatter".
    ("allreduce", CollectiveType.ALL_REDUCE),
    ("reducescatter", CollectiveType.REDUCE_SCATTER),
    ("allgather", CollectiveType.ALL_GATHER),
    ("alltoall", CollectiveType.ALL_TO_ALL),
    ("broadcast", CollectiveType.BROADCAST),
    ("barrier", CollectiveType.BARRIER),
    ("gather", CollectiveType.GATHER),
    ("scatter", CollectiveType.SCATTER),
    ("reduce", CollectiveType.REDUCE),
)


class Direction(Enum):
    """Which side of a point-to-point message this is."""

    SEND = auto()
    RECEIVE = auto()


@dataclass(frozen=True, slots=True)
class Peers:
    """Ends of a message, as a name tells them: positions in the process group."""

    source: int
    destination: int


def is_request(name: str) -> bool:
    """Whether the program asks here for a communication that `kind_named` knows."""
    return name.startswith(_REQUESTS) and kind_named(name) is not None


def is_backend(name: str) -> bool:
    """Whether the backend communicates here, in a way that `kind_named` knows."""
    return name.startswith(_BACKENDS) and kind_named(name) is not None


def tells_communication(name: str) -> bool:
    """Whether the host's operator of this name may tell what is communicated."""
    return name == PARAMETERS or name.startswith(_BACKENDS) or is_request(name)


def is_communication_kernel(operator: Operator) -> bool:
    """Whether this is a kernel of NCCL or RCCL, of any version, or of who else communicates."""
    return operator.on_device and is_communication_name(operator.name)


def is_communication_name(name: str) -> bool:
    """Whether a kernel of this name communicates."""
    return _KERNEL.search(name) is not None or _other_kernel(name) is not None


def kernel_kind(name: str) -> CollectiveType | Direction | None:
    """Return what a communication kernel's name stands for, None if that can't be told from it.

    >>> kernel_kind("void vllm::cross_device_reduce_1stage<float, 8>(vllm::RankData*)").name
    'ALL_REDUCE'
    """
    return kind_named(_other_kernel(name) or name)


def _other_kernel(name: str) -> str | None:
    """What a kernel does that isn't NCCL's; "" if its name may tell, None if it is no such."""
    if _KERNEL.search(name) is not None:
        return None
    plain = name.partition("(")[0]
    return next((kind for word, kind in _OTHER_KERNEL if word.search(plain)), None)


def kind_named(name: str) -> CollectiveType | Direction | None:
    """Return what a name stands for, None if that can't be told from it.

    >>> kind_named("c10d::_reduce_scatter_base_").name
    'REDUCE_SCATTER'
    >>> kind_named("nccl:send 0->1").name
    'SEND'
    >>> kind_named("ncclDevKernel_SendRecv(ncclDevComm*)")
    """
    normal = re.sub(r"[^a-z]", "", name.lower().partition("(")[0])
    for fragment, collective in _COLLECTIVES:
        if fragment in normal:
            return collective
    sends, receives = "send" in normal, "recv" in normal
    if sends == receives:
        return None
    return Direction.SEND if sends else Direction.RECEIVE


def peers_named(name: str) -> Peers | None:
    """Return the ends of a message where the name tells them.

    >>> peers_named("nccl:recv 1<-0")
    Peers(source=0, destination=1)
    """
    match = _PEERS.search(name)
    if match is None:
        return None
    left, right = int(match[1]), int(match[3])
    return Peers(left, right) if match[2] == "->" else Peers(right, left)
