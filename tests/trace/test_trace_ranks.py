"""Files of ranks: one trace for NPUs that differ in whom they communicate with alone."""

import json
from pathlib import Path

import pytest

from simastra.convert.generate.transformer import write_transformer
from simastra.errors import TraceError
from simastra.trace import load_trace
from simastra.trace.ranks import ranks_path
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
