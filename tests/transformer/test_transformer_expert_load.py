"""Tokens that spread unevenly over experts: what is sent, what is computed, what is refused."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_models import MIXTURE as FOUR
from support.machines import network, system

from simastra import Simulation
from simastra.cli import main
from simastra.errors import OptionError
from simastra.trace import CollectiveType, Node, NodeType
from simastra.trace.protobuf import encode_nodes
from simastra.transformer import (
    ExpertLoad,
    Generated,
    Hardware,
    Parallelism,
    Training,
    ZipfLoad,
    build,
    read_expert_load,
)

MIXTURE = replace(FOUR, experts=8)


def made(load: ExpertLoad | None, ep: int = 4, **more: object) -> Generated:
    degrees = Parallelism(dp=4, ep=ep, **more)  # type: ignore[arg-type]  # of several types
    return build(MIXTURE, degrees, Training(4), Hardware(100, 1000), expert_load=load)


def exchanges(generated: Generated) -> list[list[Node]]:
    """All-to-alls among experts, by NPU."""
    return [
        [it for it in nodes if it.comm_type is CollectiveType.ALL_TO_ALL]
        for nodes in generated.trace.npus
    ]


zipf = st.builds(ZipfLoad, st.floats(0, 4), st.integers(0, 100))


@settings(max_examples=20)
@given(zipf)
def test_what_is_brought_to_experts_is_brought_back(load: ZipfLoad) -> None:
    plain = exchanges(made(None))
    for place, same in enumerate(zip(*exchanges(made(load)), strict=True)):
        rows = [node.comm_sizes for node in same]
        size = plain[0][place].comm_size
        there = place % 2 == 0  # forward, and the gradients the other way round
        matrix = rows if there else list(zip(*map(tuple, rows), strict=True))  # type: ignore[arg-type]
        assert all(sum(row or ()) == size for row in matrix)
        assert len(set(matrix)) == 1
        assert len({node.comm_size for node in same}) == 1


@settings(max_examples=20)
@given(zipf)
def test_all_experts_together_compute_as_much_as_ever(load: ZipfLoad) -> None:
    def operations(generated: Generated) -> int:
        each = (node for nodes in generated.trace.npus for node in nodes)
        return sum(node.num_ops or 0 for node in each if node.type is NodeType.COMP)

    plain = operations(made(None))
    assert operations(made(load)) == pytest.approx(plain, rel=1e-3)


@pytest.mark.parametrize("counts", [None, (4,)])
def test_equal_shares_take_what_even_ones_take(counts: tuple[int, ...] | None) -> None:
    times = []
    for load in (None, ZipfLoad(0)):
        generated = made(load, npus_count=counts)
        config, groups = system(["direct"], local_mem_bw=1600), generated.comm_groups
        shape = network(("Switch", 4))
        times.append(Simulation(generated.trace, config, shape, comm_groups=groups).run().cycles)
    assert times[0] == times[1]


def test_popular_experts_keep_others_waiting() -> None:
    times = []
    for load in (ZipfLoad(0), ZipfLoad(1), ZipfLoad(3)):
        generated = made(load, npus_count=(4,))
        config = system(["direct"], local_mem_bw=1600)
        times.append(Simulation(generated.trace, config, network(("Switch", 4))).run().makespan)
    assert times == sorted(times)
    assert times[0] < times[2]


def test_a_seed_decides_which_are_popular_in_each_layer() -> None:
    def sizes(seed: int) -> Sequence[Sequence[tuple[int, ...] | None]]:
        return [[it.comm_sizes for it in nodes] for nodes in exchanges(made(ZipfLoad(2, seed)))]

    assert sizes(1) == sizes(1)
    assert sizes(1) != sizes(2)
    assert len(set(sizes(1)[0][::2])) > 1  # layers


def test_popularity_is_the_same_for_ever() -> None:
    """Whatever Python's version: of BLAKE2 alone."""
    ranks = [[round(1 / it) for it in ZipfLoad(1, 3).weights(layer, 8)] for layer in (0, 1)]
    assert ranks == [[2, 3, 7, 5, 6, 4, 8, 1], [5, 4, 3, 7, 8, 1, 2, 6]]


@pytest.mark.parametrize("more", [{}, {"npus_count": (2, 2)}, {"tp": 2}], ids=str)
def test_files_are_what_the_trace_would_be_written_as(
    more: dict[str, object], tmp_path: Path
) -> None:
    generated = made(ZipfLoad(1.2), ep=2, **more)
    for npu, (path, content) in enumerate(generated.files(tmp_path / "t")):
        said = generated.trace.annotations[npu]
        assert content == encode_nodes(generated.trace.npus[npu], path, said)


def test_a_file_says_how_much_each_expert_gets(tmp_path: Path) -> None:
    file = tmp_path / "load.csv"
    file.write_text("1,1,1,1,1,1,1,1\n3,1,0,0,0,0,0,0\n", encoding="utf-8")
    load = read_expert_load(str(file))
    assert load is not None
    assert load.shares(0, 8, 4) == (0.25,) * 4
    assert load.shares(1, 8, 4) == (1.0, 0.0, 0.0, 0.0)
    with pytest.raises(OptionError, match="has 2 rows; one for each of 5 layers"):
        load.check(5, 8)
    with pytest.raises(OptionError, match="row 1 has 8 numbers; one for each expert, 16"):
        load.check(2, 16)


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--expert-load=zipf:x", "--ep=2"], "'zipf:x'; zipf:A with A from 0 to 100 is wanted"),
        (["--expert-load=zipf:nan", "--ep=2"], "zipf:A with A from 0 to 100"),
        (["--expert-load=zipf:1"], "give an expert parallelism (ep) above 1"),
        (["--expert-load=nowhere.csv", "--ep=2"], "uniform, zipf:A or a file is wanted"),
        (["--expert-load=uniform", "--seed=1"], "is for --expert-load zipf:A; leave it out"),
        (["--expert-load=wrong.csv", "--ep=2"], "wrong.csv, line 2: numbers of 0 or more"),
        (["--expert-load=many.csv", "--ep=2"], "many.csv, line 1: numbers of 0 or more"),
        (["--expert-load=few.csv", "--ep=2"], "row 1 has 2 numbers; one for each expert, 8"),
        (["--expert-load=empty.csv", "--ep=2"], "is empty; rows of numbers are wanted"),
        (["--model=gpt3-13b", "--expert-load=zipf:1"], "is for a model with experts; leave it out"),
    ],
)
def test_what_makes_no_sense_is_said(
    words: list[str],
    problem: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("wrong.csv").write_text("1,1\n1,x\n", encoding="utf-8")
    Path("many.csv").write_text("1e308,1e308\n", encoding="utf-8")  # more than a number holds
    Path("few.csv").write_text("1,1\n", encoding="utf-8")
    Path("empty.csv").write_text("\n", encoding="utf-8")
    usual = ["generate", "transformer", "--model=mixtral-8x7b", "--dp=2", "--layers=1"]
    assert main([*usual, "--output=t", *words]) == 2
    assert problem in capsys.readouterr().err
    assert not list(tmp_path.glob("t.*"))
