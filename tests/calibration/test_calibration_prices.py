"""What a calibration says of collectives and messages: at knots, between them, and beyond."""

import math
import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.calibrations import MADE_UP, made_up, made_up_keys

from simastra import CollectiveType, GiB, InputError, KiB, MiB
from simastra.calibration import BandEdge, Calibration, CalibrationFile, Knowledge
from simastra.calibration.base import base_time
from simastra.calibration.document import parse_calibration
from simastra.calibration.more_nodes import with_nodes

AR = CollectiveType.ALL_REDUCE
MEASURED = (AR, CollectiveType.ALL_GATHER, CollectiveType.REDUCE_SCATTER, CollectiveType.ALL_TO_ALL)
CALIBRATION = made_up()

kinds = st.sampled_from(MEASURED)
sizes = st.integers(1, 2**36)
npus = st.integers(2, 64)


def curve(npus: int) -> dict[str, list[float]]:
    return next(
        it for it in made_up_keys()["collectives"]["all-reduce"]["curves"] if it["npus"] == npus
    )


@pytest.mark.parametrize("npus", [2, 4, 8])
def test_a_knot_has_what_the_file_says(npus: int) -> None:
    knots = curve(npus)
    for size, us, low, high in zip(
        *(knots[key] for key in ("bytes", "us", "low_us", "high_us")), strict=True
    ):
        priced = CALIBRATION.collective(AR, int(size), npus)
        assert priced.mid == math.floor(us * 1000 + 0.5)
        assert priced.low == pytest.approx(low * 1000, abs=1)
        assert priced.high == pytest.approx(high * 1000, abs=1)
        assert priced.situation is Knowledge.MEASURED


def test_below_the_first_knot_times_stay_and_above_the_last_they_grow_with_the_size() -> None:
    assert CALIBRATION.collective(AR, 0, 8).mid == CALIBRATION.collective(AR, 8, 8).mid
    last = CALIBRATION.collective(AR, GiB, 8)
    more = CALIBRATION.collective(AR, 4 * GiB, 8)
    assert more.mid == pytest.approx(4 * last.mid, abs=4)
    assert more.situation is Knowledge.SIZE_GAP


def test_situations_say_what_lies_next_to_a_size() -> None:
    assert CALIBRATION.collective(AR, 2 * MiB, 8).situation is Knowledge.BETWEEN_SIZES
    assert CALIBRATION.collective(AR, 64 * MiB, 8).situation is Knowledge.BETWEEN_SIZES
    assert CALIBRATION.collective(AR, 64, 8).situation is Knowledge.SIZE_GAP
    scatter = CollectiveType.REDUCE_SCATTER
    assert CALIBRATION.collective(scatter, MiB, 8).situation is Knowledge.OTHER_COLLECTIVE
    assert CALIBRATION.collective(AR, MiB, 6).situation is Knowledge.N_BETWEEN
    assert CALIBRATION.collective(AR, MiB, 16).situation is Knowledge.N_BEYOND
    assert CALIBRATION.collective(AR, MiB, 16, nodes=2).situation is Knowledge.DATASHEET


@given(kind=kinds, size=sizes, npus=npus, nodes=st.sampled_from([1, 2, 4]))
def test_bands_contain_their_middle_and_parts_sum_to_the_total(
    kind: CollectiveType, size: int, npus: int, nodes: int
) -> None:
    npus *= nodes
    priced = CALIBRATION.collective(kind, size, npus, nodes)
    assert 0 < priced.low <= priced.mid <= priced.high
    for edge in BandEdge:
        parts = CALIBRATION.parts(kind, size, npus, nodes, edge)
        assert parts.total == priced.at(edge)
        assert parts.launch_and_hops + parts.protocol + parts.bandwidth == parts.total
        assert min(parts.launch_and_hops, parts.protocol, parts.bandwidth) >= 0


@given(kind=kinds, size=sizes, more=sizes, npus=npus)
def test_more_bytes_never_take_less_inside_a_node_of_known_size(
    kind: CollectiveType, size: int, more: int, npus: int
) -> None:
    few, many = sorted((size, more))
    assert CALIBRATION.collective(kind, few, 8).mid <= CALIBRATION.collective(kind, many, 8).mid


@pytest.mark.parametrize("size", [1, 5 * KiB, 3 * MiB, 3 * GiB])
def test_between_curves_the_deviation_from_the_base_is_interpolated(size: int) -> None:
    base = CALIBRATION.file.collectives["all-reduce"].base
    assert base is not None

    def off(npus: int) -> float:
        ratio = CALIBRATION.collective(AR, size, npus).mid / base_time(base, AR, size, npus).total
        return math.log(ratio)

    share = math.log(6 / 4) / math.log(8 / 4)
    assert off(6) == pytest.approx((1 - share) * off(4) + share * off(8), abs=1e-4)


def test_beyond_the_curves_bands_widen_and_the_deviation_fades() -> None:
    base = CALIBRATION.file.collectives["all-reduce"].base
    assert base is not None
    widths, offs = [], []
    for npus in (8, 16, 32, 256):
        priced = CALIBRATION.collective(AR, MiB, npus)
        widths.append(priced.high / priced.mid)
        offs.append(priced.mid / base_time(base, AR, MiB, npus).total)
    assert widths == sorted(widths)
    assert widths[1] > widths[0]
    assert offs == sorted(offs, reverse=True)
    assert offs[-1] == pytest.approx(1, abs=1e-3)


def three_curves(factors: tuple[float, float, float], width: float = 1.1) -> Calibration:
    """All-reduce among 2, 4 and 8, as the base has it times a factor each; the last one's band."""
    keys = made_up_keys()
    base = CALIBRATION.file.collectives["all-reduce"].base
    assert base is not None
    curves = keys["collectives"]["all-reduce"]["curves"]
    for curve, factor in zip(curves, factors, strict=True):
        npus, off = curve["npus"], width if curve["npus"] == 8 else 1.01
        us = [factor * base_time(base, AR, it, npus).total / 1000 for it in curve["bytes"]]
        curve["us"] = us
        curve["low_us"], curve["high_us"] = [it / off for it in us], [it * off for it in us]
    return Calibration(CalibrationFile.model_validate(keys))


def test_the_nearest_curve_says_what_lies_beyond() -> None:
    base = CALIBRATION.file.collectives["all-reduce"].base
    assert base is not None
    calibration = three_curves((1, 1, 2))
    kept = math.exp(-1 / (2 * 1.2**2))
    expected = 2**kept * base_time(base, AR, MiB, 16).total
    assert calibration.collective(AR, MiB, 16).mid == pytest.approx(expected, rel=1e-4)


def test_bands_of_what_nobody_measured_add_up_as_independent_errors_do() -> None:
    calibration = three_curves((1, 1, 1), width=1.3)
    for npus, usual in ((6, 1.13), (16, 1.19)):
        priced = calibration.collective(AR, GiB, npus)
        width = math.hypot(math.log(1.3), math.log(usual))
        assert math.log(priced.high / priced.mid) == pytest.approx(width, rel=1e-4)
        assert math.log(priced.mid / priced.low) == pytest.approx(width, rel=1e-4)


def test_across_nodes_adapters_and_hops_decide() -> None:
    inside = CALIBRATION.collective(AR, GiB, 8).mid
    two = CALIBRATION.collective(AR, GiB, 16, nodes=2)
    by_adapters = GiB / (8 * 50 * 0.92)
    assert two.mid == pytest.approx(max(inside, by_adapters) + 30_000, abs=2)
    four = CALIBRATION.collective(AR, GiB, 32, nodes=4)
    by_adapters = 2 * 31 / 32 * GiB / (8 * 50 * 0.92)
    assert four.mid == pytest.approx(max(inside, by_adapters) + 60_000, abs=2)
    small = CALIBRATION.collective(AR, MiB, 16, nodes=2)
    assert small.high / small.mid == pytest.approx(6)
    assert small.mid / small.low == pytest.approx(2.5, rel=1e-4)
    assert two.high / two.mid == pytest.approx(1.55, abs=1e-3)


def test_who_is_alone_waits_for_nobody() -> None:
    assert CALIBRATION.collective(AR, GiB, 1).mid == 0


@pytest.mark.parametrize(("npus", "nodes"), [(8, 0), (8, 9), (0, 0), (-1, 1)])
def test_numbers_of_nodes_that_npus_cannot_have_are_refused(npus: int, nodes: int) -> None:
    with pytest.raises(InputError, match="nodes"):
        CALIBRATION.collective(AR, GiB, npus, nodes)


def test_across_nodes_all_to_all_is_bound_by_each_adapter() -> None:
    exchange = CollectiveType.ALL_TO_ALL
    four = CALIBRATION.collective(exchange, GiB, 32, nodes=4)
    assert four.mid == pytest.approx(GiB * 3 / 4 / (50 * 0.92) + 60_000, rel=1e-6)
    two = CALIBRATION.collective(CollectiveType.ALL_GATHER, GiB, 2, nodes=2)
    assert two.mid == pytest.approx(GiB / 2 / (50 * 0.92) + 30_000, rel=1e-6)


def test_a_barrier_is_an_all_reduce_of_nothing() -> None:
    barrier = CALIBRATION.collective(CollectiveType.BARRIER, 0, 8)
    assert barrier == CALIBRATION.collective(AR, 0, 8)


def test_without_a_base_numbers_of_npus_outside_are_refused_and_parts_are_split() -> None:
    broadcast = CollectiveType.BROADCAST
    parts = CALIBRATION.parts(broadcast, GiB, 8)
    assert parts.launch_and_hops == CALIBRATION.collective(broadcast, 8, 8).mid
    assert parts.protocol == 0
    with pytest.raises(InputError, match=r"collectives\.broadcast\.base: .*16 NPUs.*curves of 8"):
        CALIBRATION.collective(broadcast, GiB, 16)


def test_a_collective_that_nobody_measured_is_refused_with_those_that_were() -> None:
    with pytest.raises(
        InputError, match=r"made-up\.json: collectives\.reduce: .*all-reduce, all-g"
    ):
        CALIBRATION.collective(CollectiveType.REDUCE, GiB, 8)


def test_across_nodes_without_adapters_is_refused() -> None:
    keys = made_up_keys()
    del keys["system"]["nic_gb_s"], keys["p2p"]
    calibration = Calibration(CalibrationFile.model_validate(keys), "x.json")
    with pytest.raises(InputError, match=r"x\.json: system\.nic_gb_s"):
        calibration.collective(AR, GiB, 16, nodes=2)
    with pytest.raises(InputError, match=r"x\.json: system\.nic_gb_s"):
        calibration.send(GiB, same_node=False)
    assert calibration.send(0, same_node=True) == 10_000  # by the datasheet
    assert calibration.send(450_000, same_node=True) == 10_000 + 1250


def test_who_has_no_adapters_is_told_which_nodes_and_which_option() -> None:
    keys = made_up_keys()
    del keys["system"]["nic_gb_s"]
    calibration = Calibration(CalibrationFile.model_validate(keys))
    with pytest.raises(InputError, match=r"16 NPUs of 2 nodes.*--nic-bandwidth"):
        calibration.collective(AR, KiB, 16, 2)


def test_curves_across_nodes_go_before_the_datasheet() -> None:
    keys = made_up_keys()
    knots = {"bytes": [MiB, GiB], "us": [200.0, 4000.0]}
    bands = {"low_us": [180.0, 3900.0], "high_us": [220.0, 4100.0]}
    measured = {"npus": 16, "nodes": 2, "situation": "measured", **knots, **bands}
    keys["collectives"]["all-reduce"]["curves"].append(measured)
    calibration = Calibration(CalibrationFile.model_validate(keys))
    assert calibration.collective(AR, GiB, 16, nodes=2).mid == 4_000_000
    datasheet = CALIBRATION.collective(AR, GiB, 32, nodes=4)
    scaled = calibration.collective(AR, GiB, 32, nodes=4)
    assert scaled.situation is Knowledge.N_BEYOND
    assert scaled.high - scaled.low < datasheet.high - datasheet.low
    # Other numbers of members in a node aren't its relatives.
    eight = calibration.collective(AR, GiB, 8, nodes=2)
    assert eight.situation is Knowledge.DATASHEET


@given(kind=kinds, size=sizes, nodes=st.sampled_from([2, 4, 8]))
def test_estimates_that_were_written_out_follow_another_adapter(
    kind: CollectiveType, size: int, nodes: int
) -> None:
    written = with_nodes(CALIBRATION.file, [4])
    assert written != CALIBRATION.file
    faster = written.system.model_copy(update={"nic_gb_s": 100.0})
    for file in (CALIBRATION.file, CALIBRATION.file.model_copy(update={"system": faster})):
        as_written = written.model_copy(update={"system": file.system})
        asked, told = (
            Calibration(it).collective(kind, size, 8 * nodes, nodes) for it in (as_written, file)
        )
        assert asked == told
    first, other = (Calibration(it).collective(AR, GiB, 32, 4) for it in (written, as_written))
    assert other.mid < first.mid


def test_messages_take_latency_and_bytes_over_bandwidth() -> None:
    assert CALIBRATION.send(0, same_node=True) == 10_000
    assert CALIBRATION.send(46_000, same_node=False) == 21_000
    edges = [CALIBRATION.send(MiB, same_node=False, edge=edge) for edge in BandEdge]
    assert edges == sorted(edges)


def test_a_knot_can_say_that_nobody_measured_it() -> None:
    keys = made_up_keys()
    words = ["measured"] * 8 + ["between-sizes"]
    keys["collectives"]["all-reduce"]["curves"][2]["situation"] = words
    calibration = Calibration(CalibrationFile.model_validate(keys))
    assert calibration.collective(AR, GiB, 8).situation is Knowledge.BETWEEN_SIZES
    assert calibration.collective(AR, 128 * MiB, 8).situation is Knowledge.MEASURED


def test_between_knots_no_more_is_known_than_of_either() -> None:
    keys = made_up_keys()
    curve = keys["collectives"]["all-reduce"]["curves"][2]
    curve["situation"] = ["measured"] * 8 + ["relative"]
    calibration = Calibration(CalibrationFile.model_validate(keys))
    assert calibration.collective(AR, GiB - 1, 8).situation is Knowledge.RELATIVE
    assert calibration.collective(AR, 64 * MiB, 8).situation is Knowledge.BETWEEN_SIZES


@pytest.mark.parametrize(("last", "known"), [(8704, "between-sizes"), (8705, "size-gap")])
def test_sizes_are_far_apart_from_eight_and_a_half_times_on(last: int, known: str) -> None:
    keys = made_up_keys()
    times = {"us": [10.0, 20.0], "low_us": [9.0, 19.0], "high_us": [11.0, 21.0]}
    curve = {"npus": 8, "situation": "measured", "bytes": [1024, last], **times}
    keys["collectives"]["all-reduce"]["curves"] = [curve]
    calibration = Calibration(CalibrationFile.model_validate(keys))
    assert calibration.collective(AR, 2048, 8).situation.value == known


def test_nodes_that_are_measured_or_asked_for_twice_have_one_curve() -> None:
    once = with_nodes(CALIBRATION.file, [2, 1, 2])
    twice = with_nodes(once, [2, 4])
    CalibrationFile.model_validate(twice.model_dump())  # which two curves of as many wouldn't be
    for kind, before in CALIBRATION.file.collectives.items():
        added = twice.collectives[kind].curves[len(before.curves) :]
        assert [(it.npus, it.nodes) for it in added] == [(16, 2), (32, 4)]
    asked = Calibration(once).collective(AR, MiB, 16, nodes=2)
    assert asked.mid == pytest.approx(CALIBRATION.collective(AR, MiB, 16, nodes=2).mid, rel=1e-5)


def test_calibrations_are_equal_by_content_and_survive_files_and_pickles(tmp_path: Path) -> None:
    path = tmp_path / "saved.json"
    CALIBRATION.save(path)
    loaded = Calibration.load(path)
    assert loaded == CALIBRATION
    assert hash(loaded) == hash(CALIBRATION)
    assert path.read_text() == MADE_UP.read_text()
    assert pickle.loads(pickle.dumps(CALIBRATION)) == CALIBRATION
    keys = made_up_keys()
    keys["system"]["name"] = "other"
    assert Calibration(CalibrationFile.model_validate(keys)) != CALIBRATION


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no folder"):
        CALIBRATION.save(tmp_path / "none" / "saved.json")


def test_names_that_nobody_knows_are_told_with_what_a_path_looks_like() -> None:
    with pytest.raises(InputError, match=r"h1000.*\.json"):
        Calibration.load("h1000")


def test_the_file_that_is_written_is_read_again() -> None:
    text = MADE_UP.read_text()
    assert parse_calibration(text, "x") == CALIBRATION.file


def test_a_base_that_takes_nothing_of_no_bytes_is_asked_all_the_same() -> None:
    keys = made_up_keys()
    section = keys["collectives"]["all-reduce"]
    section["base"] = {"launch_us": 0, "hop_us": 0, "gb_s": 400, "root_us_per_sqrt_kib": 0}
    calibration = Calibration(CalibrationFile.model_validate(keys))
    alone = Calibration(
        CalibrationFile.model_validate(
            {**keys, "collectives": {"all-reduce": {"base": section["base"]}}}
        )
    )
    for npus, nodes in ((2, 1), (3, 1), (5, 1), (8, 1), (16, 2), (24, 3)):
        assert calibration.collective(AR, 0, npus, nodes).mid > 0
        assert alone.collective(AR, 0, npus, nodes).mid == (30_000 * math.log2(nodes) + 0.5) // 1


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (("all-reduce", KiB, 8), "kind must be a CollectiveType, not a str"),
        ((AR, 1.5, 8), "size must be a whole number, not a float"),
        ((AR, KiB, 8, 1.0), "nodes must be a whole number, not a float"),
        ((AR, -1, 8), "sizes are from 0 to"),
        ((AR, 10**400, 8), "sizes are from 0 to"),
        ((AR, KiB, 10**400), "NPUs at most"),
    ],
)
def test_what_no_collective_is_is_one_error(asked: tuple[Any, ...], text: str) -> None:
    with pytest.raises(InputError, match=text):
        made_up().collective(*asked)


def test_messages_of_less_than_nothing_are_refused() -> None:
    with pytest.raises(InputError, match="sizes are from 0"):
        CALIBRATION.send(-1, same_node=True)


def test_a_name_may_be_a_path_unless_a_file_is_called_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert Calibration.load(Path("h100")) == Calibration.load("h100")
    made_up().save("h100")
    assert Calibration.load(Path("h100")) == made_up()
