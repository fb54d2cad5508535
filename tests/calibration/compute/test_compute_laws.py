"""Laws of computations' times: monotone, never faster than the peak, wider bands for less known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.calibration.compute import ComputeModel, ComputeSection, GemmSection, WaveSection
from simastra.calibration.priced import BandEdge

PLAIN = ComputeSection(
    peak_tflops=312.0,
    memory_gb_s=2000.0,
    sms=108,
    gemm=GemmSection(launch_us=5.0, efficiency=0.7, memory_efficiency=0.7),
    host_us_per_layer=(500.0, 2000.0),
)
WAVES = PLAIN.model_copy(
    update={
        "gemm": PLAIN.gemm.model_copy(
            update={"waves": WaveSection(efficiency=0.92, fill_k=150.0, edge=12.0)}
        )
    }
)
both = pytest.mark.parametrize("section", [PLAIN, WAVES], ids=["plain", "waves"])
sizes = st.integers(1, 20_000)


@both
@given(m=sizes, n=sizes, k=sizes, more=st.integers(1, 3000), which=st.sampled_from("mnk"))
def test_a_larger_product_never_takes_less(
    section: ComputeSection, m: int, n: int, k: int, more: int, which: str
) -> None:
    shape = {"m": m, "n": n, "k": k}
    larger = {**shape, which: shape[which] + more}
    model = ComputeModel(section)
    assert model.gemm(**shape) <= model.gemm(**larger)


@both
@given(m=sizes, n=sizes, k=sizes, count=st.integers(1, 64), training=st.booleans())
def test_no_product_is_faster_than_the_peak_and_its_launch(
    section: ComputeSection, m: int, n: int, k: int, count: int, *, training: bool
) -> None:
    time = ComputeModel(section, training).gemm(m, n, k, count=count)
    assert time >= 5000
    assert time + 1 >= 2 * m * n * k * count / 312e12 * 1e9
    bytes_moved = 2 * count * (m * k + k * n + m * n)
    assert time + 1 >= bytes_moved / 2000


@both
def test_products_take_longer_amid_training(section: ComputeSection) -> None:
    alone, amid = (ComputeModel(section, it).gemm(8192, 8192, 8192) for it in (False, True))
    assert amid - 5000 == pytest.approx(1.3 * (alone - 5000), rel=1e-6)


def test_a_wave_that_is_begun_takes_as_long_as_a_full_one() -> None:
    def time(tiles: int) -> int:
        return ComputeModel(WAVES).gemm(128 * tiles, 256, 65536)

    assert time(109) > 1.3 * time(108)  # one tile more than SMs; smaller ones make up for some
    assert time(108) == pytest.approx(time(100), rel=0.02)


def test_where_there_are_fewer_tiles_than_sms_several_share_one() -> None:
    one_tile, all_sms = (ComputeModel(WAVES).gemm(128 * it, 256, 65536) for it in (1, 108))
    assert one_tile - 5000 < (all_sms - 5000) / 8


def test_what_only_operations_and_bytes_are_known_of_is_a_roofline() -> None:
    model = ComputeModel(PLAIN, training=False)
    assert model.roofline(312 * 10**9, 1) == pytest.approx(5000 + 1e6 / 0.7, rel=1e-3)
    assert model.roofline(1, 2 * 10**9) == pytest.approx(5000 + 1e6 / 0.7, rel=1e-3)


def test_attention_counts_what_a_mask_leaves_and_backward_computes_again() -> None:
    model = ComputeModel(PLAIN)
    forward = model.attention(10**12)
    assert model.attention(10**12, causal=False) == pytest.approx(2 * forward, rel=1e-6)
    # 8bs²h are counted backward; 2.5 times the forward pass's 4bs²h are computed.
    assert model.attention(2 * 10**12, backward=True) == pytest.approx(2.5 * forward, rel=1e-6)


def test_bands_are_of_what_was_measured_amid_training_or_alone() -> None:
    assert ComputeModel(PLAIN).factor(BandEdge.HIGH) == pytest.approx(1.2)
    assert ComputeModel(PLAIN).factor(BandEdge.LOW) == pytest.approx(0.8)
    assert ComputeModel(PLAIN, training=False).factor(BandEdge.HIGH) == pytest.approx(1.15)
    assert ComputeModel(PLAIN).factor(BandEdge.MID) == 1


def test_the_host_says_what_a_layer_takes_at_least() -> None:
    model = ComputeModel(PLAIN)
    assert (model.host(backward=False), model.host(backward=True)) == (500_000, 2_000_000)
