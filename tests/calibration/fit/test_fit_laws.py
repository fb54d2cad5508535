"""What holds for every fit, whatever was measured."""

import random
from dataclasses import replace
from itertools import pairwise
from math import log

import pytest
from fit_measurements import BASE, NVLINK, PCIE, SIZES, exact, noisy, slower
from hypothesis import given, settings
from hypothesis import strategies as st

from simastra.calibration import Calibration, CalibrationFile, Knowledge
from simastra.calibration.document import (
    BaseSection,
    Curve,
    calibration_json,
    parse_calibration,
)
from simastra.calibration.fit import fit_calibration
from simastra.calibration.fit.library import reference_library
from simastra.calibration.measurements import Measurement, Measurements
from simastra.errors import InputError
from simastra.trace import CollectiveType
from simastra.trace.nccl_tests import BUS_FACTORS

AR = CollectiveType.ALL_REDUCE
MiB = 2**20


def fitted(measurements: Measurements, *, library: bool = False) -> CalibrationFile:
    return fit_calibration(measurements, NVLINK, library=library)


def base(file: CalibrationFile, name: str = "all-reduce") -> BaseSection:
    found = file.collectives[name].base
    assert found is not None
    return found


def curves(file: CalibrationFile) -> list[Curve]:
    return [it for section in file.collectives.values() for it in section.curves]


@given(
    launch=st.floats(1, 20),
    hop=st.floats(0.1, 3),
    gb_s=st.floats(50, 600),
    root=st.floats(0.05, 0.5),
    kind=st.sampled_from(
        [AR, CollectiveType.ALL_GATHER, CollectiveType.ALL_TO_ALL, CollectiveType.BROADCAST]
    ),
)
@settings(max_examples=15)
def test_times_that_follow_the_base_give_its_parameters(
    launch: float, hop: float, gb_s: float, root: float, kind: CollectiveType
) -> None:
    made = BaseSection(launch_us=launch, hop_us=hop, gb_s=gb_s, root_us_per_sqrt_kib=root)
    measurements = exact(kind, base=made)
    file = fitted(measurements)
    (name,) = file.collectives
    found = base(file, name)
    assert found.launch_us == pytest.approx(launch, rel=1e-4)
    assert found.hop_us == pytest.approx(hop, rel=1e-4)
    assert found.gb_s == pytest.approx(gb_s, rel=1e-4)
    assert found.root_us_per_sqrt_kib == pytest.approx(root, rel=1e-4)
    assert file.fit.mape[name] < 1e-4


@given(factor=st.floats(0.6, 50))
@settings(max_examples=10)
def test_times_that_are_twice_as_long_give_a_calibration_twice_as_slow(factor: float) -> None:
    measurements = noisy(exact())
    before, after = fitted(measurements), fitted(slower(measurements, factor))
    old, new = base(before), base(after)
    assert new.launch_us == pytest.approx(factor * old.launch_us, rel=1e-4)
    assert new.hop_us == pytest.approx(factor * old.hop_us, rel=1e-4)
    assert new.gb_s == pytest.approx(old.gb_s / factor, rel=1e-4)
    assert new.root_us_per_sqrt_kib == pytest.approx(factor * old.root_us_per_sqrt_kib, rel=1e-4)
    for one, other in zip(curves(before), curves(after), strict=True):
        for name in ("us", "low_us", "high_us"):
            wanted = [factor * it for it in getattr(one, name)]
            assert getattr(other, name) == pytest.approx(wanted, rel=1e-4)


def test_the_order_of_measurements_changes_nothing() -> None:
    measurements = noisy(exact())
    shuffled = list(measurements.rows)
    random.Random(3).shuffle(shuffled)
    assert fitted(Measurements(tuple(shuffled))) == fitted(measurements)


@pytest.mark.parametrize("library", [False, True])
def test_bands_hold_what_was_measured_and_times_rise_where_nothing_was(*, library: bool) -> None:
    measurements = noisy(exact(npus=(2, 8)), 0.4)
    made = fitted(measurements, library=library)
    by_npus = {it.npus: it for it in made.collectives["all-reduce"].curves}
    for row in measurements.rows:
        curve = by_npus[row.npus]
        at = curve.bytes.index(row.size)
        assert curve.low_us[at] <= row.us * (1 + 1e-6)
        assert row.us <= curve.high_us[at] * (1 + 1e-6)
        assert curve.situations[at] is Knowledge.MEASURED
    for curve in curves(made):
        assert all(one < other for one, other in pairwise(curve.bytes))
        if Knowledge.MEASURED not in curve.situations:
            assert all(one <= other for one, other in pairwise(curve.us))


@pytest.mark.parametrize("library", [False, True])
def test_a_measured_point_comes_out_as_it_was_measured(*, library: bool) -> None:
    # Whatever its neighbours are: the first two take longer than what follows, the last is off.
    rows = list(noisy(exact(npus=(2, 8)), 0.1).rows)
    rows[0] = replace(rows[0], us=1.3 * rows[2].us)
    rows[1] = replace(rows[1], us=1.3 * rows[2].us)
    calibration = Calibration(fitted(Measurements(tuple(rows)), library=library))
    said = [calibration.collective(it.collective, it.size, it.npus).mid for it in rows]
    errors = [abs(log(us / (1000 * it.us))) for us, it in zip(said, rows, strict=True)]
    assert max(errors) < 0.1
    assert sum(errors) / len(errors) < 0.03


def test_what_was_measured_several_times_counts_with_its_median() -> None:
    rows = exact().rows
    wild = tuple(Measurement(it.collective, it.size, it.npus, 1, 9 * it.us) for it in rows)
    again = Measurements((*rows, *rows, *wild))
    assert fitted(again) == fitted(exact())


def test_bands_widen_with_what_is_not_known() -> None:
    sizes = [it for it in SIZES if it <= 256 * 1024 or it >= 16 * MiB]
    both = (*exact(npus=(2, 4), sizes=sizes).rows, *exact(CollectiveType.ALL_GATHER).rows)
    file = fitted(Measurements(both), library=True)
    calibration = Calibration(file)

    def asked(kind: CollectiveType, size: int, npus: int) -> tuple[Knowledge, float]:
        found = calibration.collective(kind, size, npus)
        return found.situation, found.high / found.low

    measured = asked(AR, 64 * 1024, 4)
    gap = asked(AR, 2 * MiB, 4)
    beyond = asked(AR, 64 * 1024, 8)
    other = asked(CollectiveType.ALL_TO_ALL, 64 * 1024, 4)
    assert [it[0] for it in (measured, gap, beyond, other)] == [
        Knowledge.MEASURED,
        Knowledge.SIZE_GAP,
        Knowledge.N_BEYOND,
        Knowledge.OTHER_COLLECTIVE,
    ]
    assert all(measured[1] < it[1] for it in (gap, beyond, other))


def test_what_is_guessed_is_never_surer_than_what_was_measured() -> None:
    hopper = NVLINK.model_copy(update={"generation": "hopper"})
    calibration = Calibration(fit_calibration(noisy(exact(npus=(8,)), 0.02), hopper))
    width = {}
    for npus, size in ((8, MiB), (4, MiB), (8, 16 * 1024 * MiB)):
        found = calibration.collective(AR, size, npus)
        width[found.situation] = found.high / found.low
    assert width[Knowledge.N_BEYOND] >= 0.99 * width[Knowledge.MEASURED]
    assert width[Knowledge.SIZE_GAP] >= 0.99 * width[Knowledge.MEASURED]


def test_other_numbers_of_npus_say_little_without_a_switch() -> None:
    measurements = exact(npus=(2, 8))
    volta = NVLINK.model_copy(update={"generation": "volta"})
    width = []
    for system in (NVLINK, volta, PCIE):
        calibration = Calibration(fit_calibration(measurements, system, library=False))
        found = calibration.collective(AR, MiB, 4)
        width.append(log(found.high / found.low))
    assert width[0] < 0.5
    assert width[1] == pytest.approx(6 * width[0], rel=0.01)
    assert width[2] == pytest.approx(6 * width[0], rel=0.01)


def test_a_datasheet_alone_gives_what_the_library_knows_of_relatives() -> None:
    nothing = Measurements(())
    hopper = NVLINK.model_copy(update={"generation": "hopper"})
    relative = Calibration(fit_calibration(nothing, hopper)).collective(AR, MiB, 8)
    stranger = Calibration(fit_calibration(nothing, NVLINK)).collective(AR, MiB, 8)
    assert relative.situation is Knowledge.RELATIVE
    assert stranger.situation is Knowledge.DATASHEET
    assert relative.high / relative.low < stranger.high / stranger.low
    for system, library in ((NVLINK, False), (PCIE, True)):
        with pytest.raises(InputError, match="nothing was measured among two or more GPUs"):
            fit_calibration(nothing, system, library=library)


def test_small_messages_alone_do_not_let_large_ones_go_at_any_speed() -> None:
    small = exact(sizes=[it for it in SIZES if it <= 64 * 1024])
    found = Calibration(fitted(small)).collective(AR, 1024 * MiB, 8)
    assert 1e9 < 1024 * MiB / (found.mid / 1e9) < 450e9


def test_large_messages_alone_do_not_let_small_ones_take_no_time() -> None:
    large = exact(sizes=[1024 * MiB, 2048 * MiB])
    found = Calibration(fitted(large)).collective(AR, 1024, 8)
    assert 3_000 < found.mid < 100_000


def test_numbers_of_npus_that_are_asked_for_have_curves_if_a_node_has_them() -> None:
    file = fit_calibration(exact(), NVLINK, library=False, npus=(3, 6, 9))
    assert [it.npus for it in curves(file)] == [2, 3, 4, 6, 8]


def test_several_nodes_have_curves_of_their_own() -> None:
    across = exact(npus=(16,), nodes=2).rows
    rows = (*exact().rows, *across)
    file = fitted(Measurements(rows))
    found = [(it.npus, it.nodes) for it in curves(file)]
    assert found == [(2, 1), (4, 1), (8, 1), (16, 2)]
    priced = Calibration(file).collective(AR, MiB, 16, 2)
    assert priced.situation is Knowledge.MEASURED
    assert priced.mid == pytest.approx(1000 * across[SIZES.index(MiB)].us, rel=0.01)


_MEASUREMENTS = st.builds(
    Measurement,
    # Logs have no blocks of reduce-scatters: that is what libraries run as a reduce-scatter.
    collective=st.sampled_from(sorted({*BUS_FACTORS} - {CollectiveType.REDUCE_SCATTER_BLOCK})),
    size=st.integers(1, 2**45),
    npus=st.integers(2, 40),
    nodes=st.sampled_from([1, 1, 2]),
    us=st.floats(1e-3, 1e12),
)


@given(
    rows=st.lists(_MEASUREMENTS, min_size=1, max_size=8),
    link=st.sampled_from([1e-6, 32.0, 450.0, 1e6]),
    gpus=st.sampled_from([1, 3, 8]),
)
@settings(max_examples=25)
def test_whatever_was_measured_gives_a_file_that_can_be_read(
    rows: list[Measurement], link: float, gpus: int
) -> None:
    system = NVLINK.model_copy(update={"link_gb_s": link, "gpus_per_node": gpus})
    file = fit_calibration(Measurements(tuple(rows)), system, library=False)
    assert parse_calibration(calibration_json(file), "here") == file
    for row in rows:
        found = Calibration(file).collective(row.collective, row.size, row.npus, row.nodes)
        assert found.low <= found.mid <= found.high


def test_a_log_of_very_many_sizes_is_thinned() -> None:
    many = exact(npus=(8,), sizes=range(MiB, 1000 * MiB, MiB))
    (curve,) = (it for it in curves(fitted(many)) if it.npus == 8)
    assert len(curve.bytes) < 120
    assert BASE.launch_us < curve.us[0] < 100


def test_a_table_is_no_witness_for_itself() -> None:
    tables = next(it for it in reference_library().systems if it.name == "a100")
    rows = tuple(
        Measurement(place.kind, place.size, place.npus, 1, us)
        for place, us in tables.rows.items()
        if place.kind is AR
    )
    system = NVLINK.model_copy(update={"generation": "ampere", "link_gb_s": 300.0})
    calibration = Calibration(fit_calibration(Measurements(rows), system))
    errors = [
        abs(calibration.collective(place.kind, place.size, place.npus).mid / (1000 * us) - 1)
        for place, us in tables.rows.items()
        if place.kind is not AR
    ]
    assert 0.06 < sum(errors) / len(errors) < 0.16  # had it been in the library: 0.02


def test_generations_have_relatives_however_they_are_written() -> None:
    system = NVLINK.model_copy(update={"generation": "hopper"})
    capital = system.model_copy(update={"generation": "Hopper"})
    files = [fit_calibration(Measurements(()), it) for it in (system, capital)]
    assert files[0].collectives == files[1].collectives
    assert Knowledge.RELATIVE in curves(files[0])[0].situations
