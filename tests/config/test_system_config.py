"""SystemConfig: what a system file may say, what each mistake is called, what is noticed."""

import math
import struct
from fractions import Fraction
from numbers import Integral
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.config import CollectiveOptimization, SchedulingPolicy, SystemConfig
from simastra.errors import ConfigError
from simastra.notices import Severity

SPLITS = {"preferred-dataset-splits": 4}

SAMPLE = {
    "scheduling-policy": "FIFO",
    "endpoint-delay": 100,
    "active-chunks-per-dimension": 2,
    "preferred-dataset-splits": 8,
    "all-reduce-implementation": ["ring", "direct4"],
    "all-gather-implementation": ["ring", "direct"],
    "reduce-scatter-implementation": ["ring", "direct1"],
    "all-to-all-implementation": ["direct", "halvingDoubling"],
    "collective-optimization": "localBWAware",
    "local-mem-bw": 1600,
    "boost-mode": 0,
    "inter-dimension-scheduling": "ascending",
    "roofline-enabled": 1,
    "peak-perf": 312,
    "model-shared-bus": 1,
    "L": 1.0,
    "o": 1.0,
    "g": 0.5,
    "G": 0.0038,
}


def codes(config: SystemConfig) -> list[tuple[str, str]]:
    return [(notice.code, notice.where.rpartition(": ")[2]) for notice in config.notices()]


def test_reads_every_key_of_a_sample_file() -> None:
    config = SystemConfig.parse(SAMPLE, "sys.json")
    assert config.scheduling_policy is SchedulingPolicy.FIFO
    assert config.collective_optimization is CollectiveOptimization.LOCAL_BW_AWARE
    assert config.endpoint_delay == 100
    assert config.active_chunks_per_dimension == 2
    assert config.preferred_dataset_splits == 8
    assert config.all_reduce_implementation == ("ring", "direct4")
    assert config.all_gather_implementation == ("ring", "direct")
    assert config.reduce_scatter_implementation == ("ring", "direct1")
    assert config.all_to_all_implementation == ("direct", "halvingDoubling")
    assert config.local_mem_bw == 1600.0
    assert config.roofline_enabled is True
    assert config.peak_perf == 312.0
    assert config.model_shared_bus is True
    assert config.source == "sys.json"


def test_defaults_are_those_of_astra_sim() -> None:
    config = SystemConfig(preferred_dataset_splits=1)
    assert config.scheduling_policy is SchedulingPolicy.LIFO
    assert config.collective_optimization is CollectiveOptimization.BASELINE
    assert config.endpoint_delay == 10
    assert config.active_chunks_per_dimension == 1
    assert config.local_reduction_delay == 1
    assert config.local_mem_trace_filename == "local_mem_trace"
    assert (config.local_mem_bw, config.peak_perf) == (0.0, 0.0)
    assert (config.L, config.o, config.g, config.G) == (0.0, 0.0, 0.0, 0.0)
    assert config.all_reduce_implementation == ()
    assert config.per_node_custom_implementation is None
    switches = ("roofline_enabled", "replay_only", "trace_enabled", "track_local_mem")
    assert [config.model_dump()[name] for name in switches] == [False] * 4
    assert config.model_shared_bus is False
    assert config.source == "system"


@pytest.mark.parametrize(
    ("changes", "key", "phrase"),
    [
        ({"preferred-dataset-splits": 0}, "preferred-dataset-splits", "at least 1, not 0"),
        ({"preferred-dataset-splits": -4}, "preferred-dataset-splits", "at least 1, not -4"),
        ({"preferred-dataset-splits": 0.9}, "preferred-dataset-splits", "at least 1, not 0.9"),
        ({"preferred-dataset-splits": True}, "preferred-dataset-splits", "number, not true"),
        ({"preferred-dataset-splits": "4"}, "preferred-dataset-splits", "whole number, not '4'"),
        ({"preferred-dataset-splits": None}, "preferred-dataset-splits", "number, not null"),
        ({"preferred-dataset-splits": 0}, "preferred-dataset-splits", "number of chunks a coll"),
        ({"endpoint-delay": -1}, "endpoint-delay", "must be at least 0, not -1"),
        ({"endpoint-delay": -0.5}, "endpoint-delay", "must be at least 0, not -0.5"),
        ({"endpoint-delay": math.nan}, "endpoint-delay", "must be a whole number, not nan"),
        ({"endpoint-delay": math.inf}, "endpoint-delay", "must be at most"),
        ({"endpoint-delay": 2**63}, "endpoint-delay", "at most 9223372036854775807, not 9223"),
        ({"endpoint-delay": 10**5000}, "endpoint-delay", "not a number of 16610 bits"),
        ({"endpoint-delay": [10]}, "endpoint-delay", "must be a whole number, not a list"),
        ({"active-chunks-per-dimension": 0}, "active-chunks-per-dimension", "at least 1, not 0"),
        ({"active-chunks-per-dimension": {}}, "active-chunks-per-dimension", "not an object"),
        ({"local-reduction-delay": -1}, "local-reduction-delay", "at least 0, not -1"),
        ({"local-mem-bw": -1}, "local-mem-bw", "must be at least 0, not -1"),
        ({"local-mem-bw": math.nan}, "local-mem-bw", "must be a finite number, not nan"),
        ({"local-mem-bw": -math.inf}, "local-mem-bw", "must be a finite number, not -inf"),
        ({"local-mem-bw": 1e-300}, "local-mem-bw", "is too small"),
        ({"local-mem-bw": False}, "local-mem-bw", "must be a finite number, not false"),
        ({"peak-perf": "fast"}, "peak-perf", "must be a finite number, not 'fast'"),
        ({"peak-perf": 1e19}, "peak-perf", "must be at most 9223372036854775807"),
        ({"L": -1.0}, "L", "must be at least 0, not -1.0"),
        ({"o": "1"}, "o", "must be a finite number, not '1'"),
        ({"g": math.nan}, "g", "must be a finite number, not nan"),
        ({"G": None}, "G", "must be a finite number, not null"),
        ({"scheduling-policy": "lifo"}, "scheduling-policy", "'LIFO', 'FIFO' or 'EXPLICIT'"),
        ({"scheduling-policy": ["LIFO"]}, "scheduling-policy", "not a list"),
        ({"collective-optimization": "none"}, "collective-optimization", "'baseline' or 'local"),
        ({"roofline-enabled": 2}, "roofline-enabled", "must be 0, 1, false or true, not 2"),
        ({"replay-only": "true"}, "replay-only", "must be 0, 1, false or true, not 'true'"),
        ({"model-shared-bus": -1}, "model-shared-bus", "must be 0, 1, false or true, not -1"),
        ({"trace-enabled": None}, "trace-enabled", "not null"),
        ({"track-local-mem": 0.5}, "track-local-mem", "not 0.5"),
        ({"all-reduce-implementation": "ring"}, "all-reduce-implementation", "list with one"),
        ({"all-gather-implementation": ["ring", 5]}, "all-gather-implementation[1]", "string"),
        ({"all-to-all-implementation": [b"ring"]}, "all-to-all-implementation[0]", "string"),
        ({"reduce-scatter-implementation": {"a": 1}}, "reduce-scatter-implementation", "object"),
        ({"all-reduce-implementation": ["a"] * 65}, "all-reduce-implementation", "at most 64"),
        (
            {"all-reduce-implementation-custom": ["a", "b"]},
            "all-reduce-implementation-custom",
            "exactly one ET prefix",
        ),
        ({"all-gather-implementation-chakra": []}, "all-gather-implementation-chakra", "one ET"),
        ({"all-gather-implementation-custom": [1]}, "all-gather-implementation-custom", "one ET"),
        ({"all-gather-implementation-custom": ""}, "all-gather-implementation-custom", "one ET"),
        ({"per-node-custom-implementation": 3}, "per-node-custom-implementation", "path of a"),
        ({"per-node-custom-implementation": ""}, "per-node-custom-implementation", "path of a"),
        ({"local-mem-trace-filename": 3}, "local-mem-trace-filename", "must be a string, not 3"),
        ({"endpoint-dely": 1}, "endpoint-dely", "did you mean 'endpoint-delay'?"),
        ({"endpoint_delay": 1}, "endpoint_delay", "did you mean 'endpoint-delay'?"),
        ({"boost_mode": 1}, "boost_mode", "did you mean 'boost-mode'?"),
        ({"zzz": 1, "yyy": 2}, "zzz", "unknown key 'zzz', and no key of this file looks like it"),
        ({7: 1}, "7", "unknown key 7"),
        ({"a\nb": 1}, "'a\\nb'", "unknown key 'a\\nb'"),
        ({"\ud800": 1}, "'\\ud800'", "unknown key"),
    ],
)
def test_each_mistake_is_named_with_its_key(
    changes: dict[object, object], key: str, phrase: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        SystemConfig.parse({**SPLITS, **changes}, Path("dir/sys.json"))
    assert caught.value.key == key
    assert phrase in caught.value.problem
    assert str(caught.value).startswith(f"dir/sys.json: {key}: ")
    assert len(str(caught.value)) < 300


def test_a_missing_number_of_chunks_says_what_it_is() -> None:
    with pytest.raises(ConfigError) as caught:
        SystemConfig.parse({})
    assert str(caught.value) == (
        "system: preferred-dataset-splits: is required"
        " (number of chunks a collective is split into)"
    )


def test_several_mistakes_make_one_error_of_the_first() -> None:
    with pytest.raises(ConfigError) as caught:
        SystemConfig.parse({**SPLITS, "endpoint-delay": -1, "L": "x", "peak-perf": None})
    assert [it.key for it in caught.value.mistakes] == ["endpoint-delay", "peak-perf", "L"]
    assert caught.value.key == "endpoint-delay"


@pytest.mark.parametrize("wrong", [None, [], "preferred-dataset-splits", 4, math.nan])
def test_a_file_without_keys_at_its_top_is_refused(wrong: object) -> None:
    with pytest.raises(ConfigError, match="must be a mapping of keys to values") as caught:
        SystemConfig.parse(wrong)
    assert caught.value.key is None


def test_both_spellings_of_a_custom_collective_can_not_be_given_at_once() -> None:
    key = "all-reduce-implementation"
    with pytest.raises(ConfigError, match=f"is the same key as '{key}-chakra'"):
        SystemConfig.parse({**SPLITS, f"{key}-chakra": ["a"], f"{key}-custom": ["b"]})


@pytest.mark.parametrize("ending", ["custom", "chakra"])
@pytest.mark.parametrize("collective", ["all-reduce", "all-gather", "all-to-all"])
def test_micro2024_and_master_spell_custom_collectives_differently(
    collective: str, ending: str
) -> None:
    config = SystemConfig.parse({**SPLITS, f"{collective}-implementation-{ending}": ["et/x"]})
    field = f"{collective.replace('-', '_')}_implementation_custom"
    assert config.model_dump()[field] == "et/x"


def test_reduce_scatter_has_no_micro2024_spelling() -> None:
    with pytest.raises(ConfigError, match="unknown key 'reduce-scatter-implementation-chakra'"):
        SystemConfig.parse({**SPLITS, "reduce-scatter-implementation-chakra": ["x"]})


@pytest.mark.parametrize(
    ("value", "enabled"), [(0, False), (1, True), (False, False), (True, True)]
)
def test_a_switch_is_a_number_or_a_truth_value(value: object, *, enabled: bool) -> None:
    config = SystemConfig.parse({**SPLITS, "model-shared-bus": value, "replay-only": value})
    assert config.model_shared_bus is enabled
    assert config.replay_only is enabled


def test_legacy_keys_are_noticed_and_nothing_else_of_a_plain_file_is() -> None:
    legacy = {"boost-mode": 1, "intra-dimension-scheduling": "RG", "inter-dimension-scheduling": []}
    config = SystemConfig.parse({**SPLITS, "local-mem-bw": 50, **legacy})
    assert codes(config) == [("no-effect-key", key) for key in legacy]
    assert codes(SystemConfig.parse({**SPLITS, "local-mem-bw": 50})) == []


def test_json_false_is_noticed_where_astra_sim_takes_it_for_true() -> None:
    switches = ("roofline-enabled", "trace-enabled", "replay-only")
    all_off = dict.fromkeys((*switches, "model-shared-bus"), False)
    config = SystemConfig.parse({**SPLITS, "local-mem-bw": 50, **all_off}, "s.json")
    assert codes(config) == [("false-means-true", key) for key in switches]
    assert config.notices()[0].where == "s.json: roofline-enabled"
    assert not config.roofline_enabled
    in_python = SystemConfig(preferred_dataset_splits=4, local_mem_bw=50, roofline_enabled=False)
    assert in_python.notices() == ()


def test_fractions_are_cut_off_and_noticed() -> None:
    config = SystemConfig.parse(
        {"preferred-dataset-splits": 4.9, "endpoint-delay": 10.0, "local-mem-bw": 0.5}
    )
    assert (config.preferred_dataset_splits, config.endpoint_delay) == (4, 10)
    assert codes(config) == [("truncated", "preferred-dataset-splits")]
    assert "4.9 is cut to the whole number 4" in config.notices()[0].message


def test_without_memory_bandwidth_reductions_are_free_and_that_is_noticed() -> None:
    assert codes(SystemConfig.parse(SPLITS)) == [("free-reductions", "local-mem-bw")]


@pytest.mark.parametrize(
    ("config", "severity"),
    [
        (SystemConfig.parse(SPLITS), Severity.WARNING),
        (SystemConfig(preferred_dataset_splits=4), Severity.WARNING),
        (SystemConfig.parse({**SPLITS, "local-mem-bw": 0}), Severity.INFO),
        (SystemConfig(preferred_dataset_splits=4, local_mem_bw=0), Severity.INFO),
    ],
)
def test_who_writes_0_is_told_less_loudly_than_who_writes_nothing(
    config: SystemConfig, severity: Severity
) -> None:
    (notice,) = config.notices()
    assert (notice.code, notice.severity) == ("free-reductions", severity)
    assert ("is left out" in notice.message) is (severity is Severity.WARNING)


def test_loggp_numbers_pass_through_a_float32() -> None:
    config = SystemConfig.parse({**SPLITS, "L": 16777217, "o": 1.99, "g": 0.5, "G": 0.0038})
    assert config.loggp_latency == 16777216  # 2**24 + 1 has no float32
    assert config.loggp_overhead == 1
    assert config.loggp_gap == 0
    assert config.loggp_gap_per_byte == 0.0038000000640749931


def test_a_number_just_below_a_whole_one_becomes_it_as_a_float32() -> None:
    assert SystemConfig.parse({**SPLITS, "L": 9.99999999}).loggp_latency == 10


def test_truncated_loggp_numbers_are_noticed_if_the_bus_is_used() -> None:
    loggp = {"local-mem-bw": 50, "L": 1.5, "o": 1.0, "g": 0.5, "G": 0.25}
    assert codes(SystemConfig.parse({**SPLITS, **loggp})) == []
    config = SystemConfig.parse({**SPLITS, **loggp, "model-shared-bus": 1})
    assert codes(config) == [("truncated", "L"), ("truncated", "g")]


@given(st.floats(min_value=0, max_value=2**62))
def test_loggp_agrees_with_a_c_float(value: float) -> None:
    config = SystemConfig(preferred_dataset_splits=1, L=value, G=value)
    (as_float32,) = struct.unpack("<f", struct.pack("<f", value))
    assert config.loggp_gap_per_byte == as_float32
    assert config.loggp_latency == math.trunc(as_float32)


@Integral.register
class ForeignWhole:
    """A whole number that isn't a Python int, as NumPy's are."""

    def __int__(self) -> int:
        return 4


def test_numbers_need_not_be_pythons_own() -> None:
    config = SystemConfig(preferred_dataset_splits=ForeignWhole())
    assert config.preferred_dataset_splits == 4
    assert type(config.preferred_dataset_splits) is int
    with pytest.raises(ConfigError, match="not a Python Fraction"):
        SystemConfig(preferred_dataset_splits=1, L=Fraction(10**400, 3))


def test_a_constructor_takes_field_names_and_tells_a_programmer_all_mistakes() -> None:
    with pytest.raises(ConfigError) as caught:
        SystemConfig(preferred_dataset_splits=0, endpoint_delay="x")
    assert str(caught.value).splitlines() == [
        "system: preferred_dataset_splits: must be at least 1, not 0"
        " (number of chunks a collective is split into)",
        "system: endpoint_delay: must be a duration such as 500ns, 0.5us or 2ms, not 'x'",
    ]
    with pytest.raises(ConfigError, match="did you mean 'endpoint_delay'"):
        SystemConfig(preferred_dataset_splits=1, endpoint_dely=1)
