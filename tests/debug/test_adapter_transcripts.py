"""``simastra debug --dap`` as an editor sees it: what is asked, and what is answered."""

import socket
import struct

import pytest
from debug_files import Inputs

from simastra.debug.adapter.framing import framed

adapter_client = pytest.importorskip("adapter_client", reason="there is no client of DAP here")
AdapterClient = adapter_client.AdapterClient


def names(frames: list[dict[str, object]]) -> list[object]:
    return [frame["name"] for frame in frames]


def test_it_stops_before_anything_and_steps_into_messages(client: AdapterClient) -> None:
    assert client.launch()["reason"] == "entry"
    threads = client.ask("threads")["threads"]
    assert [it["id"] for it in threads] == list(range(1, 9))
    assert names(client.frames(3)) == ["nothing under way; next node 1 ('gradients')"]
    assert client.stopped("next", threadId=4)["threadId"] == 4
    assert "NPU 3: gradients" in [it["name"] for it in client.ask("threads")["threads"]]
    node = ["ALL_REDUCE of 1,048,576 B", "node 1 ('gradients')"]
    phase = "phase 1 of stream 0: ALL_REDUCE of 262,144 B among NPUs 0 to 7"
    assert names(client.frames(3)) == [phase, *node]
    client.stopped("stepIn", threadId=4)
    assert "message of 32,768 B to NPU 4" in names(client.frames(3))
    assert names(client.frames(3))[-3:] == [phase, *node]
    client.stopped("stepOut", threadId=4)
    assert client.value("now") == "117780"
    assert client.value("3 in concerned") == "True"


def test_it_steps_back_to_what_it_has_shown_before(client: AdapterClient) -> None:
    client.launch()
    seen = []
    for _ in range(12):
        client.stopped("stepIn", threadId=3)
        seen.append((client.value("position"), names(client.frames(2))))
    for place, frames in reversed(seen[:-1]):
        assert client.stopped("stepBack", threadId=3)["reason"] == "step"
        assert client.value("position") == place
        assert names(client.frames(2)) == frames
    client.stopped("stepBack", threadId=3)
    assert client.value("position") == "0"
    assert client.problem("stepBack", threadId=3) == "this is the beginning"
    assert client.problem("reverseContinue", threadId=3) == "this is the beginning"


def test_single_events_of_anybody_are_steps_of_instructions(client: AdapterClient) -> None:
    client.launch()
    for position in (1, 2, 3):
        client.stopped("next", threadId=8, granularity="instruction")
        assert client.value("position") == str(position)
    client.stopped("stepBack", threadId=1, granularity="instruction")
    assert client.value("position") == "2"


def test_breakpoints_by_name_stop_it_forward_and_back(client: AdapterClient) -> None:
    client.launch()
    asked = [
        {"name": "gradients", "condition": "npu(5).running"},
        {"name": "node gradients npu 4 finished"},
        {"name": "nope"},
        {"name": "collective grad* phase 1", "condition": "now >"},
        {"name": "npu 99"},
        {"name": "gradients", "hitCondition": "often"},
    ]
    told = client.ask("setFunctionBreakpoints", breakpoints=asked)["breakpoints"]
    assert [it["verified"] for it in told] == [True, True, False, False, False, False]
    problems = " ".join(it["message"] for it in told[2:])
    for word in ("unknown node 'nope'", "no Python expression", "no NPU 99", "whole number, 1 or"):
        assert word in problems
    again = client.ask("setFunctionBreakpoints", breakpoints=asked[1:2])["breakpoints"]
    assert again[0]["id"] == told[1]["id"]
    stop = client.stopped("continue", threadId=1)
    assert (stop["reason"], stop["threadId"]) == ("breakpoint", 5)
    assert stop["hitBreakpointIds"] == [told[1]["id"]]
    assert stop["description"].endswith("NPU 4 finished node 1 ('gradients')")
    position = client.value("position")
    assert client.stopped("continue", threadId=1)["reason"] == "end"
    assert client.stopped("reverseContinue", threadId=1)["reason"] == "breakpoint"
    assert client.value("position") == position
    assert client.stopped("reverseContinue", threadId=1)["reason"] == "entry"
    assert client.value("position") == "0"


def test_a_breakpoint_stops_from_its_nth_hit_on_or_only_says_something(
    client: AdapterClient,
) -> None:
    client.launch()
    source = client.frames(6)[0]["source"]
    asked = [{"line": 1, "logMessage": "at {now} ns: {npu(6).running[0].node.name}, {nothing}"}]
    problem = client.ask("setBreakpoints", source=source, breakpoints=asked)["breakpoints"][0]
    assert "unknown name 'nothing'" in problem["message"]
    asked = [{"line": 1, "logMessage": "at {now} ns: {npu(6).running[0].node.name}"}]
    (told,) = client.ask("setBreakpoints", source=source, breakpoints=asked)["breakpoints"]
    assert (told["verified"], told["line"]) == (True, 2)
    point = {"name": "collective gradients npu 0", "hitCondition": "3"}
    client.ask("setFunctionBreakpoints", breakpoints=[point])
    assert client.stopped("continue", threadId=1)["reason"] == "breakpoint"
    assert "at 0 ns: 'gradients'\n" in client.output()
    assert client.value("len([it for it in npu(0).streams if it.phase_index == 1])") == "2"


def test_what_only_says_something_says_nothing_on_the_way_back(client: AdapterClient) -> None:
    client.launch()
    source = client.frames(6)[0]["source"]
    client.ask("setBreakpoints", source=source, breakpoints=[{"line": 2, "logMessage": "here"}])
    assert client.stopped("continue", threadId=1)["reason"] == "end"
    assert client.stopped("reverseContinue", threadId=1)["reason"] == "entry"
    assert client.stopped("continue", threadId=1)["reason"] == "end"
    assert client.output().count("here\n") == 2


def test_lines_of_traces_have_breakpoints_and_can_be_gone_to(client: AdapterClient) -> None:
    client.launch()
    source = client.frames(5)[0]["source"]
    text = client.ask("source", source=source, sourceReference=source["sourceReference"])
    assert text["content"].splitlines()[1] == "1  'gradients': ALL_REDUCE of 1,048,576 B"
    assert client.ask("loadedSources")["sources"][5] == source
    lines = client.ask("breakpointLocations", source=source, line=1, endLine=9)["breakpoints"]
    assert lines == [{"line": 2}]
    lines = client.ask("breakpointLocations", source=source, line=3, endLine=9)["breakpoints"]
    assert lines == []
    (target,) = client.ask("gotoTargets", source=source, line=2)["targets"]
    assert target["label"] == "where NPU 5 issues node 1 ('gradients')"
    assert client.stopped("goto", threadId=1, targetId=target["id"])["reason"] == "goto"
    place = client.value("position")
    assert client.value("[it.npu for it in happened if it.npu == 5][0]") == "5"
    assert "is no target of this stop" in client.problem("goto", threadId=1, targetId=target["id"])
    client.stopped("continue", threadId=1)
    (target,) = client.ask("gotoTargets", source={"name": "npu-5.trace"}, line=2)["targets"]
    client.stopped("goto", threadId=1, targetId=target["id"])
    assert client.value("position") == place


def test_a_change_of_a_value_stops_it(client: AdapterClient) -> None:
    client.launch()
    npu = client.scope(2, "NPU 2")
    info = client.ask("dataBreakpointInfo", name="finished", variablesReference=npu)
    assert info["dataId"] == "npu(2).finished"
    (told,) = client.ask("setDataBreakpoints", breakpoints=[info])["breakpoints"]
    assert told["verified"]
    stop = client.stopped("continue", threadId=1)
    assert stop["description"] == "breakpoint 1: npu(2).finished was 0, is 1"
    assert "no expression has 'queue 0'" in str(
        client.ask(
            "dataBreakpointInfo", name="queue 0", variablesReference=client.scope(2, "Queues")
        )
    )


def test_values_unfold_and_name_their_expressions(client: AdapterClient) -> None:
    client.launch()
    client.ask(
        "setFunctionBreakpoints", breakpoints=[{"name": "collective gradients npu 3 step 2"}]
    )
    client.stopped("continue", threadId=1)
    npu = client.variables(client.scope(3, "NPU 3"))
    assert npu["streams"]["indexedVariables"] == 4
    inside = client.variables(
        npu["streams"]["variablesReference"], filter="indexed", start=1, count=2
    )
    assert list(inside) == ["1", "2"]
    stream = client.variables(inside["1"]["variablesReference"])
    assert stream["number"]["evaluateName"] == "npu(3).streams[1].number"
    assert client.value("npu(3).streams[1].number") == stream["number"]["value"]
    links = client.variables(client.scope(3, "Links"))
    assert {it["value"].split(":")[0] for it in links.values()} == {"link 3 -> 4", "link 2 -> 3"}
    everything = client.variables(client.scope(3, "Simulation"))
    for name in ("now", "position", "ended"):
        assert client.value(everything[name]["evaluateName"]) == everything[name]["value"]
    old = client.scope(3, "Queues")
    client.stopped("stepIn", threadId=4)
    assert "is no variable of this stop" in client.problem("variables", variablesReference=old)


def test_the_debug_console_is_the_prompt(client: AdapterClient) -> None:
    client.launch()
    assert client.value("1 + 1", "repl") == "2"
    assert "NPU 3" in client.value("npu 3", "repl")
    assert client.value("break node gradients npu 2", "repl").startswith("breakpoint 1: node")
    assert client.event("breakpoint")["reason"] == "new"
    assert "breakpoint 1" in client.value("continue", "repl")
    assert client.event("stopped")["reason"] == "goto"
    assert client.value("goto 5us;; p now", "repl").endswith("\n4215")
    client.event("stopped")
    problem = client.problem("evaluate", expression="contineu", context="repl")
    assert "unknown name 'contineu'" in problem
    problem = client.problem("evaluate", expression="p 41 + 1;; goto nowhere", context="repl")
    assert "unknown mark 'nowhere'" in problem
    assert "42\n" in client.output()  # of what came before
    client.value("delete 1", "repl")
    assert client.event("breakpoint")["reason"] == "removed"
    offered = client.ask("completions", text="break no", column=9)["targets"]
    assert {"label": "node", "text": "node", "start": 7, "length": 2} in [
        {key: it[key] for key in ("label", "text", "start", "length")} for it in offered
    ]
    offered = client.ask("completions", text="npu(3).fini", column=12)["targets"]
    assert "npu(3).finished" in [it["text"] for it in offered]
    client.value("quit", "repl")
    assert client.event("exited")["exitCode"] == 0


def test_a_deadlock_is_an_exception_that_explains_itself(hang: Inputs) -> None:
    with adapter_client.over_stdio(hang) as client:
        (only,) = client.capabilities["exceptionBreakpointFilters"]
        client.ask("launch", **client.inputs)
        client.event("initialized")
        told = client.ask("setExceptionBreakpoints", filters=[only["filter"], "crash"])
        assert [it["verified"] for it in told["breakpoints"]] == [True, False]
        client.ask("configurationDone")
        client.event("stopped")
        assert "no exception" in client.problem("exceptionInfo", threadId=1)
        stop = client.stopped("continue", threadId=1)
        assert (stop["reason"], stop["threadId"]) == ("exception", 2)
        info = client.ask("exceptionInfo", threadId=2)
        assert info["exceptionId"] == "deadlock"
        assert "likely cause: missing send" in info["description"]
        assert "'never sent'" in client.value("why 1", "repl")
        client.stopped("stepBack", threadId=1)
        assert client.value("ended") == "False"
        assert client.stopped("continue", threadId=1)["reason"] == "exception"
        client.ask("continue", threadId=1)
        assert client.event("exited")["exitCode"] == 3
        client.event("terminated")


def test_a_client_that_counts_from_0_gets_lines_from_0(ring: Inputs) -> None:
    with adapter_client.over_stdio(ring) as client:
        client.ask("initialize", adapterID="simastra", linesStartAt1=False, columnsStartAt1=False)
        client.launch()
        frame = client.frames(0)[0]
        assert (frame["line"], frame["column"]) == (1, 0)
        (target,) = client.ask("gotoTargets", source=frame["source"], line=1)["targets"]
        assert target["line"] == 1
        offered = client.ask("completions", text="bre", column=3)["targets"]
        assert offered[0]["text"] == "break"
        assert offered[0]["start"] == 0


def test_who_has_left_is_told_so_once(client: AdapterClient) -> None:
    client.ask("launch", **client.inputs, commands=["quit"])
    client.event("initialized")
    client.ask("configurationDone")
    assert client.event("exited")["exitCode"] == 0
    assert client.problem("next", threadId=1).startswith("the simulation has been left")
    client.ask("terminate")
    assert [it.get("event") for it in client.messages].count("terminated") == 1


def test_a_stop_is_told_where_a_breakpoints_commands_have_led(client: AdapterClient) -> None:
    client.launch(commands=["break npu 0", "commands 1", "step 3", "end"])
    assert client.stopped("continue", threadId=1)["reason"] == "goto"
    assert client.value("position") == "4"


def test_clients_that_go_without_a_word_leave_the_port_to_others(port: int, ring: Inputs) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.sendall(framed({"seq": 1, "type": "request", "command": "x"}) * 99)
    with adapter_client.over_tcp(port, ring) as client:
        assert client.launch()["reason"] == "entry"
