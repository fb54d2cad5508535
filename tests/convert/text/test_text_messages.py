"""Wrong texts: one message that names line and column and says what would be right."""

from pathlib import Path

import pytest
from text_cases import HOTI2024, V1, lines

from simastra.convert.text import (
    TextDialect,
    TextError,
    TextOptions,
    convert_text,
    convert_text_file,
)
from simastra.errors import OptionError

GOOD = "a -1 1 NONE 0 2 NONE 0 3 ALLREDUCE 8 9"


def complaint(text: str, dialect: TextDialect | None = None) -> str:
    options = TextOptions(8) if dialect is None else TextOptions(8, dialect=dialect)
    with pytest.raises(TextError) as caught:
        convert_text(text, "m.txt", options)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "m.txt, line 1: the file is empty; a text workload begins with its strategy"),
        ("\n \n", "m.txt, line 1: the file is empty"),
        ("Data\n1\n", "m.txt, line 1, column 1: unknown strategy 'Data'; did you mean 'DATA'?"),
        ("DATA", "m.txt, line 2: the second line is missing; it holds the number of layers"),
        ("DATA 3\n1\n" + GOOD, "m.txt, line 1, column 6: unexpected '3' behind DATA; leave it out"),
        ("DATA\n1 2\n" + GOOD, "m.txt, line 2, column 3: unexpected '2' behind the number of"),
        ("DATA\none\n" + GOOD, "m.txt, line 2, column 1: the number of layers is 'one'; a whole"),
        ("DATA\n1\n", "m.txt, line 3: there are no layers; one a line is wanted from here on"),
        ("DATA\n2\n" + GOOD, "m.txt, line 2, column 1: 2 layers are announced, and 1 follow"),
        ("\nDATA\n\n1\n\na -1", "m.txt, line 6, column 5: the layer's line ends after 2 of 12"),
        (
            lines("DATA", "a -1 1.5 NONE 0 2 NONE 0 3 NONE 0 9"),
            "m.txt, line 3, column 6: the forward time is '1.5'; a whole number from 0 to",
        ),
        (
            lines("DATA", GOOD, "\tb -1 1 NONE 0 -2 NONE 0 3 NONE 0 9"),
            "m.txt, line 4, column 16: the input-gradient time is '-2'; a whole number from 0 to",
        ),
        (
            lines("DATA", "a -1 1 NONE 0 2 NONE 0 3 ALLREDUCE 9223372036854775808 9"),
            "m.txt, line 3, column 36: the weight-gradient size is '9223372036854775808'; a whole",
        ),
        (
            lines("DATA", "a -1 1 NONE 0 2 NONE 0 3 AllReduce 8 9"),
            "m.txt, line 3, column 26: unknown collective 'AllReduce'; did you mean 'ALLREDUCE'?",
        ),
        (
            lines("HYBRID_DLRM", GOOD),
            "m.txt, line 1, column 1: HYBRID_DLRM needs the index of the last bottom layer behind",
        ),
        (
            lines("HYBRID_DLRM 1", GOOD),
            "m.txt, line 1, column 1: the last bottom layer is 1; layers count from 0, and the",
        ),
        (
            lines("HYBRID_TRANSFORMER", GOOD),
            "m.txt, line 1, column 1: HYBRID_TRANSFORMER needs model_parallel_NPU_group: behind",
        ),
        (
            lines("HYBRID_TRANSFORMER model_parallel_NPU_group: 0", GOOD),
            "m.txt, line 1, column 46: model_parallel_NPU_group: is 0; 1 NPU or more is wanted",
        ),
        (
            lines("HYBRID_TRANSFORMER model_parallel_NPU_group:", GOOD),
            "m.txt, line 1, column 20: one number, of NPUs, is wanted behind",
        ),
        (
            lines("HYBRID_TRANSFORMER model_parallel_npu_group: 4", GOOD),
            "m.txt, line 1, column 20: unknown key 'model_parallel_npu_group:'; did you mean",
        ),
        (
            lines("HYBRID_TRANSFORMER 4", GOOD),
            "m.txt, line 1, column 20: unexpected '4'; model_parallel_NPU_group: is wanted here",
        ),
        (
            lines(
                "HYBRID_TRANSFORMER_FWD_IN_BCKWD model_parallel_NPU_group: 4 checkpoints: 2 0 "
                "checkpoint_initiates: 1 0",
                GOOD,
            ),
            "m.txt, line 1, column 61: 2, as the first number says, is wanted behind checkpoints:",
        ),
        (
            lines(
                "HYBRID_TRANSFORMER_FWD_IN_BCKWD model_parallel_NPU_group: 4 checkpoints: 1 1 "
                "checkpoint_initiates: 1 0",
                GOOD,
                GOOD,
            ),
            "m.txt, line 1, column 1: layer 0 is to run the forward pass again from a checkpoint",
        ),
        (
            lines("HYBRID_CUSTOMIZED", GOOD),
            "m.txt, line 3, column 39: HYBRID_CUSTOMIZED wants the layer's own strategy as column",
        ),
        (
            lines("HYBRID_CUSTOMIZED", GOOD + " MICRO"),
            "m.txt, line 3, column 40: MICRO can't be one layer's strategy; DATA, MODEL,",
        ),
        (
            lines("MICRO", "a -1 1 NONE 0 2 NONE 0 3 NONE 0 9"),
            "m.txt: nothing is left to do: MICRO makes nodes of collectives only",
        ),
    ],
)
def test_the_message_says_where_and_what(text: str, message: str) -> None:
    assert complaint(text).startswith(message)


@pytest.mark.parametrize("dialect", [HOTI2024, V1])
def test_chakras_dialects_refuse_what_chakra_fails_on(dialect: TextDialect) -> None:
    model = lines("MODEL", GOOD, GOOD).replace("2", "3", 1)
    assert "3 layers are announced, and 2 follow" in complaint(model, dialect)
    dlrm = lines("HYBRID_DLRM 1", GOOD, GOOD)
    assert complaint(dlrm, dialect).startswith(
        "m.txt, line 3, column 8: layer 0's forward collective is 'NONE'"
    )
    beyond = lines("HYBRID_DLRM 2", GOOD, GOOD)  # as they do with layers that aren't there
    assert convert_text(beyond, "m.txt", TextOptions(2, dialect=dialect)).nodes(0)
    embedding = "e -1 1 ALLTOALL 8 2 NONE 0 3 NONE 0 9"
    assert "layer 0 can't be the last" in complaint(lines("HYBRID_DLRM 0", embedding), dialect)
    assert "no Chakra converter takes DISTRIBUTED_INFERENCE" in complaint(
        lines("DISTRIBUTED_INFERENCE", GOOD), dialect
    )


def test_chakras_dialects_take_any_word_for_an_all_reduce_and_any_count_for_data() -> None:
    text = "DATA\n7\na -1 1 NONE 0 2 NONE 0 3 ALLREDUCEALLTOALL 8 9\n"
    conversion = convert_text(text, "m.txt", TextOptions(2, dialect=V1))
    names = [node.name for node in conversion.nodes(0)]
    assert names[2] == "COMM_COLL_NODE_a_ALLREDUCEALLTOALL"
    assert conversion.nodes(0)[2].comm_type == 0
    assert [notice.code for notice in conversion.notices] == ["layer-count"]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_newlines_of_all_kinds_blank_lines_and_a_byte_order_mark_are_fine(
    newline: str, tmp_path: Path
) -> None:
    plain = lines("DATA", GOOD, GOOD)
    path = tmp_path / "m.txt"
    path.write_bytes(b"\xef\xbb\xbf" + (plain + "\n \n\n").replace("\n", newline).encode())
    assert (
        convert_text_file(path, TextOptions(2)).steps
        == convert_text(plain, "m", TextOptions(2)).steps
    )


def test_a_file_that_is_no_text_is_told_where(tmp_path: Path) -> None:
    path = tmp_path / "m.txt"
    path.write_bytes("DATA\nä".encode() + b"\xff")
    with pytest.raises(TextError, match=r"m\.txt, line 2, column 2: this is not text in UTF-8"):
        convert_text_file(path, TextOptions(2))
    with pytest.raises(TextError, match="file not found"):
        convert_text_file(tmp_path / "absent", TextOptions(2))
    with pytest.raises(TextError, match="is a directory"):
        convert_text_file(tmp_path, TextOptions(2))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"npus": 0}, "npus: is 0; 1 or more is wanted"),
        ({"npus": 10**9}, "npus: is 1000000000; 1000000 or less is wanted"),
        ({"npus": 8, "dims": 0}, "dims: is 0"),
        ({"npus": 8, "passes": -1}, "passes: is -1"),
        ({"npus": 8, "npus_count": (4, 2)}, "npus_count: has 2 dimensions, --dims says 1"),
        ({"npus": 8, "dims": 2, "npus_count": (4, 3)}, "npus_count: makes 12 NPUs, --npus says"),
        ({"npus": 8, "dims": 2, "npus_count": (8, 0)}, "npus_count: holds a number below 1"),
    ],
)
def test_options_that_make_no_sense(options: dict[str, int], message: str) -> None:
    with pytest.raises(OptionError) as caught:
        TextOptions(**options)  # type: ignore[arg-type]
    assert str(caught.value).startswith(message)


def test_passes_without_end_are_refused_at_once() -> None:
    with pytest.raises(OptionError, match="makes more than 4000000 nodes for each NPU"):
        convert_text(lines("DATA", GOOD), "m.txt", TextOptions(8, passes=10**15))
