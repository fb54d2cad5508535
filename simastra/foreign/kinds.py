"""The kinds of files that are known, and what to do with each. To add one: a line, a test for it.

(Behaviour 1; docs/chakra.md 1 and 2.)
"""

from dataclasses import dataclass

from .roles import InputRole


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file.

    Attributes:
        what: it is, with an article.
        advice: what to do with it.
        roles: what it can be given as.
    """

    what: str
    advice: str
    roles: tuple[InputRole, ...] = ()


def _ours(role: InputRole, what: str, advice: str) -> FileKind:
    return FileKind(what, advice, (role,))


_LINK = (
    "join the host trace and the device trace of a process by 'simastra link HOST DEVICE --output "
    "linked.json', then 'simastra convert pytorch linked.json --output PREFIX.<npu>.et'"
)
_TOPOLOGY = (
    "simastra doesn't read it; write the nodes and links of its graph, or topology, npus_count, "
    "bandwidth and latency of each dimension, into a YAML file, and give it as --network "
    "(docs/networks.md)"
)
_PROVED = (
    "'simastra collective check FILE' says whether it computes what it claims, and 'simastra "
    "convert msccl FILE --output PREFIX --size BYTES' makes execution traces of it, to be named "
    "under all-reduce-implementation-custom or its likes"
)

SYSTEM = _ours(InputRole.SYSTEM, "a system configuration", "give it as --system")
NETWORK = _ours(InputRole.NETWORK, "a network configuration", "give it as --network")
NODE_LINK = _ours(InputRole.NETWORK, "a graph in node-link form", "give it as --network")
MEMORY = _ours(InputRole.MEMORY, "a remote-memory configuration", "give it as --memory")
GROUPS = _ours(InputRole.GROUPS, "a communicator-group configuration", "give it as --comm-groups")
TRACE = _ours(
    InputRole.TRACE,
    "a Chakra execution trace",
    "'simastra run --workload PREFIX' reads PREFIX.<npu>.et",
)
JSON_TRACE = _ours(
    InputRole.TRACE,
    "a Chakra execution trace in JSON",
    "'simastra run --workload PREFIX' reads it as PREFIX.<npu>.et; rename it, or make a trace in "
    "protobuf by 'simastra jsonize FILE --output PREFIX.<npu>.et'",
)
RESULT = _ours(
    InputRole.RESULT,
    "what 'simastra run --json' wrote",
    "it is a result; 'simastra timeline' reads it",
)

TEXT = _ours(
    InputRole.TEXT,
    "a text workload of ASTRA-sim 1.0",
    "convert it by 'simastra convert text FILE --output PREFIX --npus N', and run the result",
)
SIMAI_TEXT = _ours(
    InputRole.TEXT,
    "a text workload of SimAI, as AICB writes it",
    "convert it by 'simastra convert text FILE --output PREFIX', and run the result with "
    "--comm-groups PREFIX.groups.json",
)
SYSTEM_1 = FileKind(
    "a system file of ASTRA-sim 1.x",
    "'simastra convert astra-sim-1 FILE --output PREFIX' makes PREFIX.system.json of it: a line "
    "'key: value' becomes a key of a JSON object, an algorithm such as ring_halvingDoubling the "
    'list ["ring", "halvingDoubling"] with one a dimension, and keys that ASTRA-sim no longer '
    "reads, such as boost-mode, are left out",
    (InputRole.VERSION_1,),
)
NETWORK_1 = FileKind(
    "a network file of ASTRA-sim 1.x",
    "'simastra convert astra-sim-1 FILE --output PREFIX' makes PREFIX.network.yml of it: "
    "topologies-per-dim becomes topology, units-count npus_count, link-latency with nic-latency "
    "and router-latency latency, links-count times link-bandwidth bandwidth; dimensions-count, "
    "dimension-type and hbm-* are left out",
    (InputRole.VERSION_1,),
)
LLM_SERVING_TEXT = FileKind(
    "a text trace of LLMServingSim",
    "let its own converter make the execution traces, which simastra runs; 'simastra generate "
    "transformer --phase decode' makes such a step too",
)
LLM_SERVING_CLUSTER = FileKind(
    "a cluster configuration of LLMServingSim",
    "simastra simulates no serving; give the network and system files that it makes for ASTRA-sim",
)
LOGICAL_TOPOLOGY = FileKind(
    "a logical topology for ASTRA-sim's ns-3 frontend",
    "its logical-dims are npus_count here: write topology, npus_count, bandwidth and latency into "
    "a YAML file, and give it as --network",
)
NS3_CONFIG = FileKind("a configuration of ns-3", _TOPOLOGY)
NS3_TOPOLOGY = _ours(InputRole.NETWORK, "a topology of ns-3, link by link", "give it as --network")
SIMAI_TOPOLOGY = _ours(
    InputRole.NETWORK, "a topology of SimAI, link by link", "give it as --network"
)
HTSIM_TOPOLOGY = FileKind("a topology of htsim", _TOPOLOGY)
HTSIM_MATRIX = FileKind("a connection matrix of htsim", _TOPOLOGY)
INFRAGRAPH = _ours(
    InputRole.NETWORK, "an InfraGraph description of a cluster", "give it as --network"
)
NCCL_TOPOLOGY = FileKind("a topology that NCCL wrote", _TOPOLOGY)
GRAPHML = _ours(InputRole.NETWORK, "a graph in GraphML", "give it as --network")
MSCCL = _ours(InputRole.SCHEDULE, "an algorithm in MSCCL's XML", _PROVED)
MSCCLPP = _ours(InputRole.SCHEDULE, "an execution plan of MSCCL++", _PROVED)
TRANSFERS = _ours(InputRole.SCHEDULE, "a schedule of timed transfers", _PROVED)
TECCL = _ours(InputRole.SCHEDULE, "a schedule of TE-CCL", _PROVED)
GOAL = FileKind(
    "a schedule in GOAL, LogGOPSim's and ATLAHS' format",
    "simastra doesn't read it; build the same sends, receives and computations with "
    "simastra.TraceBuilder",
)
KINETO = FileKind(
    "a Kineto trace of PyTorch's profiler",
    f"it is half of a recording: {_LINK}; without a host trace, 'simastra convert pytorch FILE' "
    "takes it alone",
    (InputRole.DEVICE,),
)
HOST = FileKind(
    "an execution trace of PyTorch, not yet Chakra's",
    f"it is half of a recording: {_LINK}",
    (InputRole.HOST, InputRole.LINKED),
)
LINKED = FileKind(
    "a linked PyTorch trace",
    "convert it by 'simastra convert pytorch FILE --output PREFIX.<npu>.et'",
    (InputRole.LINKED,),
)
SQLITE = FileKind(
    "an SQLite database, as Nsight Systems exports", f"record with PyTorch's profiler, and {_LINK}"
)
ZIP = FileKind("a ZIP archive", "unpack it, and name what is in it")
TAR = FileKind("a tar archive", "unpack it, and name what is in it")
HTML = FileKind("a web page", "it may be the page about a file rather than the file; download that")
LFS_POINTER = FileKind("a pointer of Git LFS", "fetch the file itself by 'git lfs pull'")
