"""Any text is refused with a message or becomes traces that are sound and can be read again."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st
from support.machines import system
from support.trace_files import decode_nodes

from simastra.config import NetworkConfig
from simastra.convert.text import TEXT_DIALECTS, Strategy, TextOptions, convert_text
from simastra.errors import InputError
from simastra.simulation import Options, Simulation, dialect_named
from simastra.trace import NodeType, check_nodes
from simastra.units import micros_to_ns

WORDS = st.sampled_from(
    [
        *(*Strategy, "ALLREDUCE", "NONE", "0", "1", "2", "-1", "x", "ü", "9" * 30, "0x1"),
        *("model_parallel_NPU_group:", "checkpoints:", "checkpoint_initiates:"),
        *("\N{ARABIC-INDIC DIGIT ONE}", "\t", "\n", "\r", "\x00"),
    ]
)
GARBLED = st.lists(WORDS, max_size=40).map(" ".join) | st.text(max_size=60)

COLLECTIVES = st.sampled_from(["ALLREDUCE", "ALLTOALL", "ALLGATHER", "REDUCESCATTER", "NONE"])
SIZES = st.sampled_from([0, 1, 64, 1000, 65536])
OWN = st.sampled_from(["DATA", "MODEL", "HYBRID_DATA_MODEL", "HYBRID_MODEL_DATA"])


@st.composite
def workloads(draw: Callable[..., object], most_time: int = 3000) -> str:
    """A text in which everything is as it should be."""
    strategy = str(draw(st.sampled_from([*Strategy])))
    count = int(str(draw(st.integers(1, 4))))
    header = {
        "HYBRID_DLRM": f" {draw(st.integers(0, count - 1))}",
        "HYBRID_DLRM_ENHANCED": f" {draw(st.integers(0, count - 1))}",
        "HYBRID_TRANSFORMER": f" model_parallel_NPU_group: {draw(st.integers(1, 5))}",
        "HYBRID_TRANSFORMER_FWD_IN_BCKWD": f" model_parallel_NPU_group: {draw(st.integers(1, 5))} "
        f"checkpoints: 1 0 checkpoint_initiates: 1 {draw(st.integers(0, count - 1))}",
    }.get(strategy, "")
    rows = [strategy + header, str(count)]
    for index in range(count):
        phases = [
            f"{draw(st.integers(0, most_time))} {draw(COLLECTIVES)} {draw(SIZES)}" for _ in range(3)
        ]
        own = f" {draw(OWN)}" if strategy == "HYBRID_CUSTOMIZED" else ""
        rows.append(f"layer{index} -1 {' '.join(phases)} 5{own}")
    return "\n".join(rows)


@st.composite
def conversions(draw: Callable[..., object]) -> TextOptions:
    counts = draw(st.sampled_from([(4,), (2, 2), (2, 3)]))
    assert isinstance(counts, tuple)
    npus = 1
    for size in counts:
        npus *= size
    return TextOptions(
        npus,
        len(counts),
        npus_count=counts if draw(st.booleans()) else None,
        passes=int(str(draw(st.integers(1, 3)))),
        dialect=TEXT_DIALECTS[str(draw(st.sampled_from([*TEXT_DIALECTS])))],
    )


def assert_refused_or_converted(text: str, options: TextOptions) -> None:
    try:
        conversion = convert_text(text, "m.txt", options)
    except InputError as error:
        assert str(error).startswith("m.txt")  # noqa: PT017 - both ways are right
        return
    check_nodes(conversion.nodes(1), "m.txt", with_ctrl_deps=True)


@given(GARBLED, conversions())
def test_garbled_text_is_refused_or_converted(text: str, options: TextOptions) -> None:
    assert_refused_or_converted(text, options)


@given(workloads(), st.integers(0, 400), WORDS, conversions())
def test_a_text_with_a_slip_in_it_is_refused_or_converted(
    text: str, position: int, slip: str, options: TextOptions
) -> None:
    assert_refused_or_converted(text[:position] + slip + text[position + 1 :], options)


@given(workloads(), conversions())
def test_a_sound_text_becomes_sound_traces_that_can_be_read_again(
    text: str, options: TextOptions
) -> None:
    try:
        conversion = convert_text(text, "m.txt", options)
    except InputError:
        return
    for npu in range(options.npus):
        nodes = conversion.nodes(npu)
        check_nodes(nodes, "m.txt", with_ctrl_deps=True)
        assert decode_nodes(conversion.encoded(npu), "m.0.et") == nodes
        seen: set[int] = set()
        for node in nodes:
            assert seen.issuperset(node.data_deps)  # no node stands before what it waits for
            seen.add(node.id)


@given(workloads(), conversions())
def test_our_dialect_takes_every_sound_text_and_leaves_nothing_to_guess(
    text: str, options: TextOptions
) -> None:
    ours = TextOptions(options.npus, options.dims, options.npus_count, options.passes)
    try:
        nodes = convert_text(text, "m.txt", ours).nodes(0)
    except InputError as error:
        assert "nothing is left to do" in str(error)  # noqa: PT017 - the one way to be refused
        return
    assert all(node.is_cpu_op is False for node in nodes)
    for node in nodes:
        if node.type is NodeType.COMM_COLL:
            assert node.comm_size
            assert node.involved_dim is not None
            assert any(node.involved_dim)
            assert len(node.involved_dim) == ours.dims


@given(workloads(most_time=50), st.sampled_from(["hoti2024", "master"]))
def test_what_our_dialect_makes_runs_to_its_end_and_no_faster_than_its_computations(
    text: str, dialect: str
) -> None:
    try:
        conversion = convert_text(text, "m.txt", TextOptions(4, 2, npus_count=(2, 2)))
    except InputError:
        return
    network = NetworkConfig(
        topology=["Ring", "Switch"], npus_count=[2, 2], bandwidth=[50, 50], latency=[500, 500]
    )
    options = Options("congestion-unaware", dialect_named(dialect))
    machine = system(("ring", "ring"))
    result = Simulation(conversion.trace(), machine, network, options=options).run()
    micros = sum(step.micros for step in conversion.steps)
    assert set(result.cycles) == {0, 1, 2, 3}
    assert min(result.cycles.values()) >= micros_to_ns(micros)
