"""What a linked trace says, on recordings of a few operators."""

import json
from pathlib import Path

import pytest
from link_recordings import PUBLIC, Recording, needs_public, read_json, write

from simastra.convert.link import link_traces
from simastra.errors import OptionError, TraceError


def _step() -> Recording:
    """A forward operator with two within it, the second of which launches a kernel."""
    recording = Recording()
    recording.op(3, "aten::linear", 1000, 100)
    recording.op(4, "aten::t", 1010, 20, parent=3)
    recording.op(5, "aten::addmm", 1040, 50.5, parent=3)
    recording.kernel(901, launched=1060, start=1200.25)
    return recording


def test_operators_get_times_and_are_numbered_from_0_with_their_kernels_behind_them(
    tmp_path: Path,
) -> None:
    linked = _step().link(tmp_path)
    seen = [(n["id"], n["name"].rpartition("|")[2], n["ctrl_deps"]) for n in linked.nodes]
    assert seen == [
        (0, "process]", 0),
        (1, "thread]", 0),
        (2, "aten::linear", 1),
        (3, "aten::t", 2),
        (4, "aten::addmm", 2),
        (5, "gemm", 4),
    ]
    linear = linked.named("aten::linear")
    assert (linear["ts"], linear["inclusive_dur"], linear["exclusive_dur"]) == (1000, 100, 29.5)
    assert "ts" not in linked.nodes[0]


def test_a_kernel_has_its_own_times_and_stream_and_its_launchers_tensors(tmp_path: Path) -> None:
    linked = _step().link(tmp_path)
    kernel, launcher = linked.named("gemm"), linked.named("aten::addmm")
    assert (kernel["cat"], kernel["ph"], kernel["stream"]) == ("kernel", "X", 7)
    assert (kernel["ts"], kernel["inclusive_dur"], kernel["exclusive_dur"]) == (1200.25, 5, 5)
    assert kernel["inputs"] == launcher["inputs"]
    assert kernel["attrs"] == launcher["attrs"]


def test_all_that_the_host_said_is_kept(tmp_path: Path) -> None:
    recording = _step()
    recording.nodes[3]["inputs"]["values"].append([1e-05, True, None, "ä\u2028\n", 2**70])
    linked = recording.link(tmp_path)
    told = {k: v for k, v in linked.document.items() if k != "nodes"}
    assert told == {k: v for k, v in recording.host.items() if k != "nodes"} | {
        "linked_by": "simastra"
    }
    host_nodes = [node for node in linked.nodes if "cat" not in node]
    for given, made in zip(recording.nodes, host_nodes, strict=True):
        kept = {k: v for k, v in given.items() if k not in ("id", "ctrl_deps")}
        assert kept.items() <= made.items()


def test_nodes_may_stand_in_any_order_and_the_schema_behind_them(tmp_path: Path) -> None:
    recording = _step()
    in_order = recording.link(tmp_path).document
    recording.nodes.reverse()
    host = recording.host
    write(tmp_path / "host.json", {"nodes": host.pop("nodes"), **host})
    link_traces(tmp_path / "host.json", tmp_path / "device.json", tmp_path / "other.json")
    assert read_json(tmp_path / "other.json") == in_order


def test_a_kernel_belongs_to_the_innermost_operator_that_covers_its_launch(tmp_path: Path) -> None:
    recording = _step()
    recording.kernel(902, launched=1095, start=1300, name="after addmm, within linear")
    recording.kernel(903, launched=1015, start=1310, name="within t")
    linked = recording.link(tmp_path)
    assert linked.launched_by("aten::linear") == ["after addmm, within linear"]
    assert linked.launched_by("aten::t") == ["within t"]
    assert linked.summary.launched == linked.summary.gpu_ops == 3


def test_kernels_of_one_operator_come_in_order_of_launch(tmp_path: Path) -> None:
    recording = _step()
    recording.kernel(902, launched=1050, start=1500, name="first, on a busy stream", stream=8)
    linked = recording.link(tmp_path)
    assert linked.launched_by("aten::addmm") == ["first, on a busy stream", "gemm"]
    assert [str(stream) for stream in linked.summary.streams] == ["7", "8"]


def test_a_launch_between_operators_belongs_to_the_one_before(tmp_path: Path) -> None:
    recording = _step()
    recording.op(6, "aten::relu", 2000, 10)
    recording.kernel(902, launched=1500, start=1600, name="between")
    linked = recording.link(tmp_path)
    assert linked.launched_by("aten::addmm") == ["gemm", "between"]
    assert [repair.count for repair in linked.summary.repairs] == [1]


def test_copies_and_sets_of_memory_are_linked_too(tmp_path: Path) -> None:
    recording = _step()
    recording.kernel(902, launched=1070, start=1300, name="Memset", cat="gpu_memset")
    recording.kernel(903, launched=1080, start=1310, name="Memcpy", cat="gpu_memcpy")
    assert recording.link(tmp_path).launched_by("aten::addmm") == ["gemm", "Memset", "Memcpy"]


def test_a_kernel_without_a_known_launch_is_found_by_its_external_id(tmp_path: Path) -> None:
    recording = _step()
    recording.on_gpu(950, 1400, "by external id", **{"External id": 5004})
    recording.on_gpu(951, 1021, "nobody's", **{"External id": 951})
    # Launched within the operators' time, as far as one can tell from when they ran.
    recording.op(6, "aten::relu", 2000, 10)
    linked = recording.link(tmp_path)
    assert linked.launched_by("aten::t") == ["by external id"]
    assert (linked.summary.launched, linked.summary.orphans) == (2, 1)
    assert "1 without a parent" in str(linked.summary)


def test_kernels_of_steps_that_the_host_didnt_record_are_left_out(tmp_path: Path) -> None:
    recording = _step()
    recording.kernel(800, launched=10, start=20, name="earlier step")
    recording.kernel(999, launched=9000, start=9010, name="later step")
    linked = recording.link(tmp_path)
    assert (linked.summary.launched, linked.summary.outside) == (1, 2)


def test_a_nccl_kernel_belongs_to_the_collective_and_not_to_coalesced(tmp_path: Path) -> None:
    recording = Recording()
    recording.op(3, "c10d::send", 1000, 50)
    recording.op(4, "nccl:send", 1010, 10, parent=3)
    recording.op(5, "nccl:coalesced", 1030, 10, parent=3)
    recording.kernel(901, 1032, 1100, "ncclDevKernel_SendRecv(...)", **{"Process Group Name": "2"})
    linked = recording.link(tmp_path)
    assert linked.launched_by("nccl:send") == ["ncclDevKernel_SendRecv(...)"]
    assert linked.named("ncclDevKernel_SendRecv(...)")["pg_name"] == "2"


def test_process_groups_and_rank_are_carried_over(tmp_path: Path) -> None:
    recording = _step()
    write(tmp_path / "h.json", recording.host)
    info = {"backend": "nccl", "rank": 1, "pg_config": [{"pg_name": "0", "ranks": [0, 1]}]}
    write(tmp_path / "d.json", {"distributedInfo": info, **recording.device})
    link_traces(tmp_path / "h.json", tmp_path / "d.json", tmp_path / "o.json", rank=1)
    assert read_json(tmp_path / "o.json")["distributedInfo"] == info
    with pytest.raises(OptionError, match=r"rank: .*d.json is of rank 1, not 0"):
        link_traces(tmp_path / "h.json", tmp_path / "d.json", tmp_path / "o.json", rank=0)


def test_a_thread_follows_what_another_began_before_its_pause(tmp_path: Path) -> None:
    recording = Recording()
    recording.node(3, "[pytorch|profiler|execution_trace|thread]", parent=1, rf_id=0, tid=2)
    recording.op(4, "forward", 1000, 10)
    recording.op(5, "loss", 1500, 10)
    recording.op(6, "backward", 1600, 10, parent=3, tid=2)
    recording.op(7, "more backward", 1700, 10, parent=3, tid=2)
    recording.op(8, "step", 4000, 10)
    linked = recording.link(tmp_path)
    follows = {node["name"]: node["inter_thread_dep"] for node in linked.nodes if node.get("ts")}
    loss, more = linked.named("loss")["id"], linked.named("more backward")["id"]
    assert follows == {
        "forward": None,
        "loss": None,
        "backward": loss,
        "more backward": loss,
        "step": more,
    }


def test_an_rf_id_with_another_name_is_no_match(tmp_path: Path) -> None:
    recording = _step()
    recording.op(6, "aten::relu", 2000, 10)
    recording.events[-1]["name"] = "aten::gelu"
    linked = recording.link(tmp_path)
    assert "ts" not in linked.named("aten::relu")
    assert linked.summary.linked == 3
    assert "1 record function ids of another operator" in str(linked.summary)


def test_fewer_than_half_linked_is_an_error_and_leaves_no_file(tmp_path: Path) -> None:
    recording = _step()
    for event in recording.events[:2]:
        event["name"] = "other"
    with pytest.raises(TraceError, match="only 1 of the 3 operators"):
        recording.link(tmp_path)
    assert not (tmp_path / "linked.json").exists()


def test_exactly_half_linked_is_none(tmp_path: Path) -> None:
    recording = _step()
    recording.op(6, "aten::relu", 2000, 10)
    for event in recording.events[:2]:
        event["name"] = "other"
    assert recording.link(tmp_path).summary.linked == 2


def test_a_node_whose_parent_is_missing_comes_under_its_thread(tmp_path: Path) -> None:
    recording = _step()
    recording.op(6, "stray", 2000, 10, parent=333)
    linked = recording.link(tmp_path)
    assert linked.named("stray")["ctrl_deps"] == 1
    assert "1 nodes whose parent is missing" in str(linked.summary)


def test_every_dependency_of_the_result_is_in_the_result(tmp_path: Path) -> None:
    recording = _step()
    recording.op(6, "stray", 2000, 10, parent=333, tid=5)
    linked = recording.link(tmp_path)
    ids = [node["id"] for node in linked.nodes]
    assert ids == list(range(len(ids)))
    assert {node["ctrl_deps"] for node in linked.nodes} <= set(ids)


def test_parents_in_a_circle_and_ids_given_twice_are_refused(tmp_path: Path) -> None:
    recording = Recording()
    recording.op(3, "a", 1000, 10, parent=4)
    recording.op(4, "b", 1000, 5, parent=3)
    with pytest.raises(TraceError, match=r"host.json, node 3: .*3 -> 4 -> 3"):
        recording.link(tmp_path)
    recording.nodes[-1]["id"] = 3
    with pytest.raises(TraceError, match="node 3: two nodes have this id: 'a' and 'b'"):
        recording.link(tmp_path)


def test_traces_of_two_processes_are_a_doubt(tmp_path: Path) -> None:
    recording = _step()
    for event in recording.events:
        event["pid"] = 78
    notices = recording.link(tmp_path).summary.notices
    assert [notice.code for notice in notices] == ["two-recordings"]
    assert _step().link(tmp_path).summary.notices == ()


def test_what_a_kernel_tells_of_its_communication_is_kept(tmp_path: Path) -> None:
    told = {
        **{"Collective name": "allreduce", "In msg nelems": 65536, "Out msg nelems": 65536},
        **{"dtype": "BFloat16", "Group size": 2, "Process Group Ranks": "[0, 1]"},
        **{"In split size": "[]", "Out split size": "[]"},
    }
    recording = _step()
    further = {"Process Group Name": 3, "queued": 0, "Rank": True, "In msg": [1]}
    recording.kernel(905, launched=1090, start=1095, name="ncclDevKernel_AllReduce(x)", **told)
    recording.events[-1]["args"] |= further
    kernel = recording.link(tmp_path).named("ncclDevKernel_AllReduce(x)")
    assert (kernel["communication"], kernel["pg_name"]) == (told, "3")
    recording.events[-1]["args"] |= {"dtype": True, "Group size": 2.5, "In msg nelems": []}
    kernel = recording.link(tmp_path).named("ncclDevKernel_AllReduce(x)")
    assert not {"dtype", "Group size", "In msg nelems"} & kernel["communication"].keys()
    like_chakra = recording.link(tmp_path, like_chakra=True).nodes
    assert not any("communication" in node for node in like_chakra)


def test_a_kernel_that_tells_nothing_has_no_such_key(tmp_path: Path) -> None:
    nodes = _step().link(tmp_path).nodes
    assert not any({"communication", "pg_name"} & node.keys() for node in nodes)


def test_kernels_before_their_launch_are_a_doubt_about_the_clocks(tmp_path: Path) -> None:
    recording = _step()
    recording.kernel(902, launched=1070, start=500, name="early")
    summary = recording.link(tmp_path).summary
    assert (summary.early, [notice.code for notice in summary.notices]) == (1, ["clocks-differ"])


def test_times_are_exact_to_the_nanosecond(tmp_path: Path) -> None:
    recording = _step()
    text = json.dumps(recording.device).replace("1040", "4458676522690.655")
    text = text.replace("1010", "4458676522000.001").replace("1000,", "4458676521999.999,")
    (tmp_path / "d.json").write_text(text.replace("100}", "1000.001}"))
    write(tmp_path / "h.json", recording.host)
    link_traces(tmp_path / "h.json", tmp_path / "d.json", tmp_path / "o.json")
    linear = read_json(tmp_path / "o.json")["nodes"][2]
    assert linear["ts"] == 4458676521999.999
    assert read_json(tmp_path / "o.json")["nodes"][4]["ts"] == 4458676522690.655


def test_the_same_traces_give_the_same_bytes_and_gz_is_compressed(tmp_path: Path) -> None:
    _step().link(tmp_path)
    paths = [tmp_path / "a.json.gz", tmp_path / "b.json.gz"]
    for path in paths:
        link_traces(tmp_path / "host.json", tmp_path / "device.json", path)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert read_json(paths[0]) == read_json(tmp_path / "linked.json")


@needs_public
def test_an_output_may_not_replace_an_input(tmp_path: Path) -> None:
    host = PUBLIC / "upgraded" / "add1" / "host_0.json.gz"
    device = PUBLIC / "upgraded" / "add1" / "device_0.json.gz"
    link = tmp_path / "link.json"
    link.symlink_to(device)
    with pytest.raises(OptionError, match="is an input"):
        link_traces(host, device, link)
    with pytest.raises(OptionError, match=r"no folder .*nowhere.* make it first"):
        link_traces(host, device, tmp_path / "nowhere" / "o.json")
    with pytest.raises(OptionError, match="isn't a regular file"):
        link_traces(host, device, tmp_path)
