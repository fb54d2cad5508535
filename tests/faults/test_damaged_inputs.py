"""Every kind of input, damaged at random: a result or one message, and never an internal error.

The damage is drawn from a number, so that what fails can be had again.
"""

from __future__ import annotations

import gzip
import random
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simastra.cli import main

ROOT = Path(__file__).parent.parent.parent
DEMO = ROOT / "traces" / "demo1_allreduce"
SOURCES: dict[str, tuple[str, bytes]] = {
    "system": ("sys.json", (DEMO / "system.json").read_bytes()),
    "network": ("net.yml", (DEMO / "network.yml").read_bytes()),
    "memory": (
        "mem.json",
        b'{"memory-type": "PER_NPU_MEMORY_EXPANSION", "remote-mem-latency": 1, "remote-mem-bw": 5}',
    ),
    "groups": ("groups.json", b'{"1": [0, 1, 2, 3], "2": [4, 5, 6, 7]}'),
    "trace": (
        "w.0.et",
        next(iter(sorted((ROOT / "traces" / "demo1_three_nodes").glob("*.et")))).read_bytes(),
    ),
    "text": ("mlp.txt", (ROOT / "traces" / "demo2_text_mlp" / "mlp.txt").read_bytes()),
    "result": (
        "r.json",
        b'{"finishes": [{"npu": 0, "cycles": 9}], "nodes": [[{"node": 1, "name": "a",'
        b' "activity": "compute", "issued": 0, "finished": 9}]]}',
    ),
    "table": (
        "table.csv",
        (ROOT / "simastra" / "transformer" / "models" / "tables" / "gpt_layer.csv").read_bytes(),
    ),
    "linked": (
        "linked.json",
        b'{"schema": "1.0.2-chakra.0.0.4", "pid": 1, "time": "t", "start_ts": 1, "nodes": [{'
        b'"id": 2, "name": "a", "ctrl_deps": 1,'
        b' "inputs": {"values": [], "shapes": [], "types": []},'
        b' "outputs": {"values": [], "shapes": [], "types": []}, "attrs": [{"name": "rf_id",'
        b' "type": "uint64", "value": 0}]}]}',
    ),
}
SIMULATED = ["--workload=w", "--system=sys.json", "--network=net.yml"]
VERBS: dict[str, list[list[str]]] = {
    "system": [["run", *SIMULATED, "--shortcuts=always"]],
    "network": [["check", *SIMULATED]],
    "memory": [["run", *SIMULATED, "--memory=mem.json"]],
    "groups": [["run", *SIMULATED, "--comm-groups=groups.json", "--compat=master"]],
    "trace": [
        ["run", *SIMULATED, "--explain"],
        ["inspect", "w.0.et"],
        ["visualize", "w.0.et", "--output=graph.dot"],
        ["jsonize", "w.0.et", "--output=out.json"],
        ["debug", *SIMULATED, "-c", "s 5 ;; where ;; npu 0 ;; end"],
    ],
    "text": [["convert", "text", "mlp.txt", "--output=t", "--npus=4"]],
    "result": [["timeline", "r.json", "--output=tl.json"]],
    "table": [["generate", "transformer", "--layer-table=table.csv", "--output=x"]],
    "linked": [
        ["convert", "pytorch", "linked.json", "--output=p.0.et"],
        ["convert", "pytorch", "linked.json", "--output=p.0.et", "--like-chakra"],
    ],
}
WORDS = re.compile(rb'-?\d+(\.\d+)?|"[^"\n]{0,60}"|true|false|null|[A-Za-z_]+')
INSTEAD = (
    *(b"-1", b"0", b"1.5", b"1e18", b"1e999", b"1e-320", b"NaN", b"-Infinity", b"9" * 5000),
    *(b"18446744073709551616", b"9223372036854775807", b"4294967295", b"true", b"null", b'"1"'),
    *(b"[]", b"{}", b'""', b'"\\ud800"', b'"\\u0000"', b"[" * 3000, b"&a [*a, *a]", b'"\xd9\xa1"'),
)


def damaged(data: bytes, draw: random.Random, *, is_text: bool) -> bytes:
    """One to three words or bytes are replaced, repeated or lost."""
    result = bytearray(data)
    for _ in range(draw.randint(1, 3)):
        words = list(WORDS.finditer(bytes(result))) if is_text and draw.random() < 0.7 else []
        at = draw.randrange(len(result) + 1)
        if words:
            word = draw.choice(words)
            result[word.start() : word.end()] = draw.choice([*INSTEAD, draw.choice(words).group()])
        elif draw.random() < 0.5:
            result[at : at + 1] = bytes([draw.randrange(256)])
        elif draw.random() < 0.5:
            result[at:at] = result[at // 2 : at // 2 + draw.choice([1, 8, 200])]
        else:
            del result[at : at + draw.choice([1, 8, 1000])]
    return gzip.compress(result) if draw.random() < 0.05 else bytes(result)


@pytest.mark.parametrize("kind", VERBS)
@settings(
    max_examples=60,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(number=st.integers(0, 2**32))
def test_damage_gets_a_result_or_a_message(
    kind: str,
    number: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    draw = random.Random(number)
    for name, content in SOURCES.values():
        Path(name).write_bytes(content)
    for npu in range(1, 8):
        Path(f"w.{npu}.et").write_bytes(SOURCES["trace"][1])
    name, content = SOURCES[kind]
    Path(name).write_bytes(damaged(content, draw, is_text=kind != "trace"))
    code = main(draw.choice(VERBS[kind]))
    said = capsys.readouterr().err
    assert code in (0, 2, 3), said
    assert "internal error" not in said
    assert (code != 2) or said
    assert len(said) < 8000
    assert all(letter.isprintable() or letter in "\n\t" for letter in said)
