"""Calibration files: what is refused, with file, key, line, and what would be right."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from support.calibrations import made_up_keys

from simastra import ConfigError
from simastra.calibration.document import calibration_json, parse_calibration
from simastra.calibration.document.schema import calibration_schema

VALIDATOR = Draft202012Validator(calibration_schema())


def curve(keys: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = keys["collectives"]["all-reduce"]["curves"][0]
    return found


def shorter(keys: dict[str, Any]) -> None:
    curve(keys)["us"].pop()


def twice(keys: dict[str, Any]) -> None:
    keys["collectives"]["all-reduce"]["curves"].append(dict(curve(keys)))


MISTAKES: dict[str, Callable[[dict[str, Any]], object]] = {
    r"system: is required": lambda it: it.pop("system"),
    r"system: must be an object of keys, not 3": lambda it: it.update(system=3),
    r"system\.gpus_per_node: must be a whole number, not true": (
        lambda it: it["system"].update(gpus_per_node=True)
    ),
    r"system: unknown key 'generaton'; did you mean 'generation'": (
        lambda it: it["system"].update(generaton="hopper")
    ),
    r"system\.link_gb_s: must be a number, not '450GB/s'": (
        lambda it: it["system"].update(link_gb_s="450GB/s")
    ),
    r"unknown key 'comput'; did you mean 'compute'": lambda it: it.update(comput={}),
    r"collectives: unknown collective 'allreduce'; did you mean 'all-reduce'": (
        lambda it: it["collectives"].update(allreduce=it["collectives"].pop("all-reduce"))
    ),
    r"collectives\.all-gather: has neither a base nor a curve": (
        lambda it: it["collectives"].update({"all-gather": {}})
    ),
    r"all-reduce\.curves\[0\]\.bytes: must ascend strictly, and 8 follows 1073741824": (
        lambda it: curve(it).update(bytes=[2**30, *curve(it)["bytes"][:-1]])
    ),
    r"all-reduce\.curves\[0\]\.us: has 8 entries, and bytes has 9": shorter,
    r"all-reduce\.curves\[0\]\.us\[1\]: must be at least 1e-09, not -1": (
        lambda it: curve(it)["us"].__setitem__(1, -1)
    ),
    r"all-reduce\.curves\[0\]\.us\[0\]: must be between low_us, .* not 99": (
        lambda it: curve(it)["us"].__setitem__(0, 99)
    ),
    r"all-reduce\.curves\[0\]\.npus: must be at least 2, not 1": (
        lambda it: curve(it).update(npus=1)
    ),
    r"all-reduce\.curves\[0\]\.nodes: 2 NPUs aren't of 3 nodes": (
        lambda it: curve(it).update(nodes=3)
    ),
    r"all-reduce\.curves\[0\]\.situation: unknown situation 'mesured'; did you mean 'measured'": (
        lambda it: curve(it).update(situation="mesured")
    ),
    r"all-reduce\.curves\[3\]: is a second curve of 2 NPUs of 1 nodes": twice,
    r"all-reduce\.base\.gb_s: must be at least 1e-09": (
        lambda it: it["collectives"]["all-reduce"]["base"].update(gb_s=0)
    ),
    r"all-reduce\.curves\[0\]\.npus: must be at most": lambda it: curve(it).update(npus=10**400),
    r"compute\.host_us_per_layer\[1\]: is required": (
        lambda it: it["compute"].update(host_us_per_layer=[1])
    ),
    r"compute\.host_us_per_layer: must have at most 2 entries, not 3": (
        lambda it: it["compute"].update(host_us_per_layer=[1, 2, 3])
    ),
    r"sources\[0\]\.sha256": lambda it: it["sources"][0].update(sha256=3),
    r"p2p: has two entries of the same link": lambda it: it["p2p"].append(it["p2p"][0]),
    r"version: must be 1, the version of the format that is read here, not 2": (
        lambda it: it.update(version=2)
    ),
    r"is no calibration file.*simastra calibrate": lambda it: it.pop("format"),
}


@pytest.mark.parametrize(("text", "change"), MISTAKES.items(), ids=range(len(MISTAKES)))
def test_a_mistake_is_told_with_its_file_and_key(
    text: str, change: Callable[[dict[str, Any]], object]
) -> None:
    keys = made_up_keys()
    change(keys)
    with pytest.raises(ConfigError, match=text) as raised:
        parse_calibration(json.dumps(keys), "some.json")
    assert str(raised.value).startswith("some.json: ")


def test_a_mistake_is_told_with_its_line() -> None:
    keys = made_up_keys()
    curve(keys)["low_us"][2] = "x"
    text = json.dumps(keys, indent=1)
    with pytest.raises(ConfigError) as raised:
        parse_calibration(text, "some.json")
    line = int(str(raised.value).rpartition("(line ")[2].removesuffix(")"))
    assert text.splitlines()[line - 1].strip() == '"x",'


@pytest.mark.parametrize("text", ["# nThread 1 nGpus 8\n", "gpus,bytes,us\n8,8,1\n", "[]", ""])
def test_measurements_in_place_of_a_calibration_are_told_what_makes_one(text: str) -> None:
    with pytest.raises(ConfigError, match=r"^some\.log: is no calibration.* simastra calibrate"):
        parse_calibration(text, "some.log")


def test_a_version_is_a_number() -> None:
    with pytest.raises(ConfigError, match=r"^some\.json: version: must be 1, .*not true"):
        parse_calibration(json.dumps({**made_up_keys(), "version": True}), "some.json")


def test_all_mistakes_are_told_at_once() -> None:
    keys = made_up_keys()
    keys["system"]["gpus_per_node"] = 0
    curve(keys)["npus"] = "two"
    with pytest.raises(ConfigError) as raised:
        parse_calibration(json.dumps(keys), "some.json")
    assert len(raised.value.mistakes) == 2


@pytest.mark.parametrize("text", ["", "[]", "3", "null", '{"format": 1e999}', "{" * 9999, "NaN"])
def test_what_is_no_calibration_is_told(text: str) -> None:
    with pytest.raises(ConfigError):
        parse_calibration(text, "some.json")


@pytest.mark.parametrize("number", [1e-300, 1e300, 1e999])
def test_numbers_that_no_time_has_are_refused(number: float) -> None:
    keys = made_up_keys()
    keys["system"]["link_gb_s"] = number
    with pytest.raises(ConfigError):
        parse_calibration(json.dumps(keys), "some.json")


def test_the_specified_file_is_read() -> None:
    text = """\
{"format": "simastra-calibration", "version": 1,
 "system": {"name": "H100-SXM5", "generation": "hopper", "gpus_per_node": 8, "link_gb_s": 450,
   "nic_gb_s": 50},
 "sources": [{"file": "h100.log", "sha256": "…", "tool": "nccl-tests",
   "library": "NCCL 2.29.2", "rows": 252, "dropped": 0}],
 "collectives": {"all-reduce": {
   "base": {"launch_us": 4.36, "hop_us": 0.785, "gb_s": 405, "root_us_per_sqrt_kib": 0.191},
   "curves": [{"npus": 8, "nodes": 1, "situation": "measured", "bytes": [512, 1024],
     "us": [15.59, 15.60], "low_us": [14.2, 14.2], "high_us": [17.2, 17.2]}]}},
 "p2p": [{"link": "node", "latency_us": 10, "gb_s": 190, "situation": "datasheet"},
   {"link": "nic", "latency_us": 20, "gb_s": 46}],
 "compute": {"peak_tflops": 989, "memory_gb_s": 3350, "sms": 132,
   "gemm": {"launch_us": 3.08, "efficiency": 0.751, "memory_efficiency": 0.789,
     "in_training": 1.3},
   "elementwise_efficiency": 0.75, "attention_efficiency": 0.35, "host_us_per_layer": [0, 0],
   "collectives_in_training": 1.0},
 "fit": {"library": "2026.11", "mape": {"all-reduce": 0.02}}}"""
    file = parse_calibration(text, "h100.json")
    assert file.collectives["all-reduce"].curves[0].us == (15.59, 15.6)
    assert VALIDATOR.is_valid(json.loads(text))
    assert parse_calibration(calibration_json(file), "written.json") == file


def test_the_schema_takes_what_is_read() -> None:
    assert VALIDATOR.is_valid(made_up_keys())


@pytest.mark.parametrize("text", list(MISTAKES)[:6])
def test_the_schema_refuses_what_is_refused(text: str) -> None:
    keys = made_up_keys()
    MISTAKES[text](keys)
    assert not VALIDATOR.is_valid(keys)


def places(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """What leads to each value; of alike ones in lists, to the first two."""
    if path:
        yield path
    inner = value.items() if isinstance(value, dict) else ()
    inner = [*enumerate(value)][:2] if isinstance(value, list) else inner
    for step, each in inner:
        yield from places(each, (*path, step))


@pytest.mark.parametrize(
    "wrong", [None, -1, 0, 10**400, 1e300, "", [], {}, [[]], "gone"], ids=lambda it: str(it)[:6]
)
def test_whatever_is_wrong_with_a_key_it_is_told_or_taken(wrong: object) -> None:
    refused = 0
    for path in places(made_up_keys()):
        keys: Any = made_up_keys()
        place = keys
        for step in path[:-1]:
            place = place[step]
        if wrong == "gone":
            del place[path[-1]]
        else:
            place[path[-1]] = wrong
        try:
            parse_calibration(json.dumps(keys), "some.json")
        except ConfigError as error:
            refused += 1
            assert all(line.startswith("some.json: ") for line in str(error).splitlines())  # noqa: PT017  # it may be right
    assert refused > 20
