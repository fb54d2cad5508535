"""Files of ranks: one trace for NPUs that differ in whom they communicate with alone."""

import json
from pathlib import Path

import pytest

from simastra.cli import main
from simastra.convert.generate.transformer import write_transformer
from simastra.errors import TraceError
from simastra.trace import load_trace, write_trace
from simastra.trace.files import ranks_path
from simastra.trace.renamed import RenamedNodes
from simastra.transformer import Family, Generated, Model, Parallelism, Training, build

_MODEL = Model(
    "tiny", Family.GPT, layers=4, hidden=64, heads=4, ffn=256, vocabulary=256, sequence=32
)


def _step(npus_count: tuple[int, ...] | None = None) -> Generated:
    parallelism = Parallelism(tp=2, dp=2, pp=2, npus_count=npus_count)
    return build(_MODEL, parallelism, Training(batch=4, micro_batches=2))


@pytest.mark.parametrize("npus_count", [None, (2, 2, 2)])
def test_a_file_of_ranks_stands_for_the_traces_that_are_not_there(
    npus_count: tuple[int, ...] | None, tmp_path: Path
) -> None:
    step = _step(npus_count)
    write_transformer(step, tmp_path / "all")
    write_transformer(step, tmp_path / "few", by_ranks=True)
    assert len(list(tmp_path.glob("few.*.et"))) == 2
    few, every = (load_trace(tmp_path / name, 8) for name in ("few", "all"))
    assert few.npus == every.npus
    assert few.annotations == every.annotations


def test_either_form_of_a_set_goes_as_the_other_comes(tmp_path: Path) -> None:
    step = _step()
    names: list[set[str]] = []
    for by_ranks in (False, True, False):
        write_transformer(step, tmp_path / "t", by_ranks=by_ranks)
        names.append({path.name for path in tmp_path.iterdir()})
        assert load_trace(tmp_path / "t", 8).npus == step.trace.npus
    every, few, again = names
    assert few - every == {"t.ranks.json"}
    assert len(every - few) == 6
    assert again == every


def test_other_traces_take_the_place_of_a_set_of_ranks(tmp_path: Path) -> None:
    write_transformer(_step(), tmp_path / "t", by_ranks=True)
    trace = _step().trace
    write_trace(tmp_path / "t", trace)
    assert not ranks_path(tmp_path / "t").exists()
    assert load_trace(tmp_path / "t", 8).npus == trace.npus


def test_ranks_are_tuples_unless_they_may_be_made_on_demand(tmp_path: Path) -> None:
    write_transformer(_step(), tmp_path / "few", by_ranks=True)
    kinds = [
        {type(nodes) for nodes in load_trace(tmp_path / "few", 8, on_demand=on_demand).npus}
        for on_demand in (False, True)
    ]
    assert kinds == [{tuple}, {tuple, RenamedNodes}]


def test_edited_ranks_are_what_all_their_traces_are(tmp_path: Path) -> None:
    for name, by_ranks in (("few", True), ("all", False)):
        write_transformer(_step(), tmp_path / name, by_ranks=by_ranks)
        words = ["--precision", "bf16:fp8", "--output", f"{tmp_path}/{name}-edited"]
        assert main(["edit", f"{tmp_path}/{name}", *words]) == 0
    for npu in range(8):
        few, every = (tmp_path / f"{name}-edited.{npu}.et" for name in ("few", "all"))
        assert few.read_bytes() == every.read_bytes()


def test_inspect_says_that_it_wants_a_file_of_each_npu(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_transformer(_step(), tmp_path / "few", by_ranks=True)
    assert main(["inspect", f"{tmp_path}/few"]) == 2
    assert "few.ranks.json: says what 8 NPUs do by 2 trace files" in capsys.readouterr().err


def test_an_npu_of_a_file_of_ranks_has_no_file_too(tmp_path: Path) -> None:
    write_transformer(_step(), tmp_path / "few", by_ranks=True)
    (tmp_path / "few.3.et").write_bytes((tmp_path / "few.0.et").read_bytes())
    with pytest.raises(TraceError, match=r"says what NPU 3 does, and few\.3\.et does so too"):
        load_trace(tmp_path / "few", 8)


def test_a_file_of_ranks_is_for_as_many_npus_as_the_network(tmp_path: Path) -> None:
    write_transformer(_step(), tmp_path / "few", by_ranks=True)
    with pytest.raises(TraceError, match="is of 8 NPUs, and 16 are wanted"):
        load_trace(tmp_path / "few", 16)


@pytest.mark.parametrize(
    ("npu", "row", "problem"),
    [
        (1, [2], "isn't a row of NPU 1"),
        (1, [True], "isn't a row of NPU 1"),
        (1, [0, [0, 8], ["1"]], "isn't a row of NPU 1"),
        (1, [0, [0, 1], [""]], "isn't a row of NPU 1"),
        (1, [0, [1], ["1"]], "has 1 NPUs and 1 process groups, where the nodes of NPU 0 name"),
        (2, [1], "is of NPU 1, which has no file of its own"),
        (2, "x", "isn't a row of NPU 2"),
    ],
)
def test_what_is_wrong_with_a_row_is_told(
    npu: int, row: object, problem: str, tmp_path: Path
) -> None:
    write_transformer(_step(), tmp_path / "few", by_ranks=True)
    path = ranks_path(tmp_path / "few")
    document = json.loads(path.read_text())
    document["ranks"][npu] = row
    path.write_text(json.dumps(document))
    with pytest.raises(TraceError) as error:
        load_trace(tmp_path / "few", 8)
    assert problem in str(error.value)
    assert f'"ranks"[{npu}]' in str(error.value)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"ranks": []}', "\x00"])
def test_what_is_no_file_of_ranks_is_told(text: str, tmp_path: Path) -> None:
    write_transformer(_step(), tmp_path / "few", by_ranks=True)
    ranks_path(tmp_path / "few").write_text(text)
    with pytest.raises(TraceError, match=r"few\.ranks\.json"):
        load_trace(tmp_path / "few", 8)
