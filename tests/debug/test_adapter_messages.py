"""Whatever a client says, it is answered, and nothing breaks."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.machines import network, system

from simastra import KiB, Simulation, TraceBuilder
from simastra.debug.adapter import JsonObject, Launched
from simastra.debug.adapter.adapter import converse
from simastra.debug.adapter.framing import (
    MOST_BYTES,
    BrokenStreamError,
    framed,
    read_message,
)
from simastra.debug.adapter.requests import CAPABILITIES, REQUESTS
from simastra.trace import LoadingWatch

Json = dict[str, Any]


def launch(_given: JsonObject, _watch: LoadingWatch) -> Launched:
    trace = TraceBuilder()
    work = trace.compute("work", micros=1)
    trace.all_reduce("gradients", size=KiB, after=work)
    return Launched(Simulation(trace, system(), network(("Ring", 4))))


def said(incoming: bytes) -> list[Json]:
    """All that a client is told that says this, and leaves."""
    outgoing = io.BytesIO()
    outgoing.close, close = lambda: None, outgoing.close  # type: ignore[method-assign]
    converse(io.BytesIO(incoming), outgoing, launch)
    stream, told = io.BytesIO(outgoing.getvalue()), []
    while (content := read_message(stream)) is not None:
        told.append(json.loads(content))
    close()
    return told


def request(seq: int, command: str, arguments: object = None) -> bytes:
    message = {"seq": seq, "type": "request", "command": command}
    return framed(message if arguments is None else {**message, "arguments": arguments})


BEGIN = request(1, "initialize") + request(2, "launch") + request(3, "configurationDone")

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)
KEYS = sorted({key for it in REQUESTS.values() for key in it.takes.model_fields})
WORDS = (
    "now",
    "node work",
    "break node work",
    "c",
    "step",
    "bt",
    "p npu(0)",
    "named",
    "instruction",
)
LISTS = ({"name": "npu-0.trace"}, [{"name": "work"}], [{"line": 2}], ["deadlock"])
likely = st.sampled_from([0, 1, 2, 4, -1, 2**40, *WORDS, *LISTS])
arguments = st.dictionaries(st.sampled_from(KEYS), likely | values, max_size=4)
commands = st.sampled_from([*REQUESTS, "nonsense"]).filter(lambda it: it != "disconnect")


@settings(max_examples=120, deadline=None)
@given(st.lists(st.tuples(commands, arguments | values), max_size=8))
def test_every_request_is_answered_in_order_and_none_breaks_it(
    asked: list[tuple[str, object]],
) -> None:
    numbered = list(enumerate(asked, 4))
    data = b"".join(request(seq, command, given) for seq, (command, given) in numbered)
    told = said(BEGIN + data + request(1000, "disconnect"))
    answers = [it for it in told if it["type"] == "response"]
    assert [it["seq"] for it in told] == list(range(1, len(told) + 1))
    assert [it["request_seq"] for it in answers] == [1, 2, 3, *(seq for seq, _ in numbered), 1000]
    assert "internal error" not in json.dumps(told)
    for answer in answers:
        if not answer["success"]:
            assert answer["message"]
            assert "\n" not in answer["body"]["error"]["format"].strip()


@settings(max_examples=100, deadline=None)
@given(values | st.fixed_dictionaries({"type": scalars, "seq": scalars, "command": scalars}))
def test_what_is_no_request_is_told_to_be_none(message: object) -> None:
    data = json.dumps(message).encode()
    told = said(b"Content-Length: %d\r\n\r\n%b" % (len(data), data) + request(5, "initialize"))
    assert any(it.get("request_seq") == 5 and it["success"] for it in told)
    is_answer = isinstance(message, Mapping) and message.get("type") == "response"
    assert len(told) == (1 if is_answer else 2)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60))
def test_bytes_that_are_no_messages_end_it_with_a_word(data: bytes) -> None:
    for each in said(data + b"\n\n"):
        assert (each["type"], each.get("event")) == ("event", "output")


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"Content-Length: 5\r\n\r\n{}", "has 2 of 5 bytes"),
        (b"Content-Type: json\r\n\r\n{}", "has no header 'Content-Length: N'"),
        (b"Content-Length: -5\r\n\r\n{}", "not '-5'"),
        (b"Content-Length: %d\r\n\r\n{}" % (MOST_BYTES + 1), "up to 16,777,216"),
        (b"Content-Length: \xff\r\n\r\n{}", "not"),
    ],
)
def test_a_broken_stream_says_how_it_is_broken(data: bytes, problem: str) -> None:
    with pytest.raises(BrokenStreamError, match=problem):
        read_message(io.BytesIO(data))


@given(st.dictionaries(st.text(), values))
def test_messages_are_read_as_they_were_written(message: Json) -> None:
    # JSON has no infinite numbers and no halves of letters; both are read as something near.
    data = read_message(io.BytesIO(framed(message)))
    assert data is not None
    try:
        assert repr(json.loads(data)) == repr(message)
    except (UnicodeEncodeError, ValueError):
        assert "\\ud" in json.dumps(message)


def test_arguments_that_are_nested_deep_are_refused() -> None:
    deep: object = 1
    for _ in range(900):
        deep = [deep]
    first, last = said(request(1, "initialize", {"x": deep}) + request(2, "disconnect"))
    assert "internal" not in json.dumps(first)
    assert last["success"]


def test_headers_may_have_any_case_and_more_lines() -> None:
    data = b"X: y\r\ncontent-length:2\r\nContent-Type: json\r\n\r\n{}"
    assert read_message(io.BytesIO(data)) == b"{}"
    assert read_message(io.BytesIO(b"\r\n\r\n" + data)) == b"{}"
    assert read_message(io.BytesIO(b"")) is None


def test_what_is_promised_is_answered() -> None:
    requests = {
        "supportsConfigurationDoneRequest": "configurationDone",
        "supportsTerminateRequest": "terminate",
        "supportsCancelRequest": "cancel",
        "supportsStepBack": "stepBack",
        "supportsGotoTargetsRequest": "gotoTargets",
        "supportsFunctionBreakpoints": "setFunctionBreakpoints",
        "supportsBreakpointLocationsRequest": "breakpointLocations",
        "supportsDataBreakpoints": "setDataBreakpoints",
        "supportsLoadedSourcesRequest": "loadedSources",
        "supportsExceptionInfoRequest": "exceptionInfo",
        "supportsCompletionsRequest": "completions",
    }
    for capability, command in requests.items():
        assert CAPABILITIES[capability] is True
        assert command in REQUESTS
    for missing in ("restart", "setVariable", "modules", "restartFrame", "disassemble"):
        assert missing not in REQUESTS
        name = missing[0].upper() + missing[1:]
        assert f"supports{name}" not in CAPABILITIES
        assert f"supports{name}Request" not in CAPABILITIES


def test_a_half_of_a_letter_is_written_so_that_it_can_be_read() -> None:
    data = read_message(io.BytesIO(framed({"text": "a\ud800b"})))
    assert data is not None
    assert json.loads(data)["text"]


def test_a_client_that_reads_no_more_is_no_error() -> None:
    reading, writing = os.pipe()
    command = [sys.executable, "-m", "simastra", "debug", "--dap"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=writing, stderr=subprocess.PIPE
    ) as process:
        os.close(reading)
        os.close(writing)
        _, errors = process.communicate(BEGIN, timeout=60)
    assert (process.returncode, errors) == (0, b"")
