"""The files are Chakra's, byte for byte: MD5 sums of what its converters wrote."""

import hashlib

import pytest
from support.trace_files import decode_nodes
from text_cases import HOTI2024, V1, TextCase, converted, own_cases, public_cases

from simastra.convert.text import TextConversion

MLP = own_cases()[0]

MLP_OF_8_NPUS = (
    "8e68e3b3965dcbd749366e7a333ff9fb",
    "ca0bee6e2c93d7eaa7178b65ad13a481",
    "3ceed01f88d923e76bb08acc5f547901",
    "c06d106373fda0e6666497f5df4f3f1f",
    "e51dc81ed9ede94ff2b2547f9a197207",
    "dc82bd4014a7d9bf6132df9831f0e442",
    "0bff24c503dbd6bbc28288244d70f3e9",
    "747bb68517b9417ee7a0f4467e5fbe1e",
)
"""Of hoti2024's files of NPUs 0 to 7."""

MLP_OF_NPU_0 = {
    (1, 1): "8e68e3b3965dcbd749366e7a333ff9fb",
    (1, 2): "3343b7f1c9d1a96be1d1e7a62defa827",
    (2, 1): "8bfbcc7fe3168c497069e3f5daa74f5c",
    (2, 2): "b8409647522836444984d8c7eb1134e5",
}
"""By passes and dimensions."""

PUBLIC_OF_NPU_0 = {
    ("MLP_HybridParallel_Data_Model", 1): (
        "db38d3642e7f491f789e3bdd34ca2d93",
        "4d6c336c0956cb0aa792f132010560fc",
        "1701a5830e32f66a53737c6e6c9df393",
    ),
    ("MLP_HybridParallel_Data_Model", 2): (
        "3f8fc69c9ca2b5257c6d2d5e365dd669",
        "14984672703d0529f4fb1e70cfb3eb57",
        "a512c194edf3f82b5748c72a8ff76ee3",
    ),
    ("MLP_HybridParallel_Model_Data", 1): (
        "0fd75f8b253eb441092a5e846bb66d6f",
        "995707b88e91193368a79435846be032",
        "fd8808b7d602ee23c69cd2703771f515",
    ),
    ("MLP_HybridParallel_Model_Data", 2): (
        "b77062147c89b2a8ae19febbdba9abd7",
        "e2ededb31d6e3d7da3a823d1b8285a58",
        "054325285362e28cf4c71f05894be35d",
    ),
    ("Resnet50_DataParallel", 1): (
        "c96a4cc6f77027f4ce828adfdc24e691",
        "b3d7fe8c16cb68dc834524c95b19d1ed",
        "cc3df0dd95bce8b61dad73938c7509ad",
    ),
    ("Resnet50_DataParallel", 2): (
        "2df603116193408a138c0132a1964cf1",
        "119b7b0e332e234777bea1fb9fda9877",
        "8044dfe417d21395867d0f18da48003a",
    ),
    ("DLRM_HybridParallel", 1): (
        "78e269d9a7527439067e4a8db36c5072",
        "42e718221ebad669ea9af243f11cc6aa",
        "af20069798ba6547d80f67432385af44",
    ),
    ("DLRM_HybridParallel", 2): (
        "156823f998558d5f32825b7d95ba3ba7",
        "a4fb1dbe7fcc932bac0a8adce76fe9a6",
        "2a357699a5ab1b615b6de2afd7264550",
    ),
    ("microAllReduce", 1): (
        "ac4fd50337cef8507acedfd9337a30e2",
        "e91f04f1d329fc60b564ce91c07434e9",
        "41f5e81c682bbeeb1c3de1f7ccc7a517",
    ),
    ("microAllToAll", 1): (
        "ef6aa5e77dd7c6ed4aee3c53a1e5494d",
        "44d1a13e3b76ff395516cb159db44207",
        "ccabed0aa6bcdd07cf1146f88698c01b",
    ),
}
"""By text and passes: hoti2024 with 1 dimension, with 2, and v1."""

PUBLIC = {case["name"]: case for case in public_cases()}

needs_public = pytest.mark.skipif(not PUBLIC, reason="the public texts aren't beside the project")


def md5(conversion: TextConversion, npu: int = 0) -> str:
    return hashlib.md5(conversion.encoded(npu), usedforsecurity=False).hexdigest()


def test_all_npus_files_of_the_mlp() -> None:
    conversion = converted(MLP, npus=8)
    assert tuple(md5(conversion, npu) for npu in range(8)) == MLP_OF_8_NPUS


@pytest.mark.parametrize(("passes", "dims"), MLP_OF_NPU_0)
def test_the_mlp_with_more_passes_and_dimensions(passes: int, dims: int) -> None:
    conversion = converted(MLP, npus=4, passes=passes, dims=dims)
    assert md5(conversion) == MLP_OF_NPU_0[passes, dims]


@needs_public
@pytest.mark.parametrize(("name", "passes"), PUBLIC_OF_NPU_0)
def test_public_texts(name: str, passes: int) -> None:
    case: TextCase = PUBLIC[name]
    made = (
        converted(case, npus=4, passes=passes, dims=1),
        converted(case, npus=4, passes=passes, dims=2),
        converted(case, npus=4, passes=passes, dialect=V1),
    )
    assert tuple(map(md5, made)) == PUBLIC_OF_NPU_0[name, passes]


def test_v1_has_sizes_and_no_dimensions_and_quotes_the_text() -> None:
    ours = converted(MLP, npus=4, dialect=V1).encoded(0)
    text = MLP["text"].encode()
    assert b"schema" in ours[:64]
    assert b"1.0.2-chakra.1.0.0" in ours[:64]
    assert b"0.0.4" not in ours
    assert ours.count(text) == 1
    nodes = decode_nodes(ours, "mlp")
    theirs = converted(MLP, npus=4, dialect=HOTI2024).nodes(0)
    assert [(n.id, n.name, n.data_deps, n.duration) for n in nodes] == [
        (n.id, n.name, n.data_deps, n.duration) for n in theirs
    ]
    assert [n.comm_size for n in nodes[:4]] == [None, 37632, None, 65536]
    assert all(n.involved_dim is None and n.is_cpu_op is None for n in nodes)
