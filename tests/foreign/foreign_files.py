"""A small file of each kind that is recognised, written by hand."""

import io
import json
import zipfile

from simastra import TraceBuilder
from simastra.foreign import kinds
from simastra.foreign.kinds import FileKind
from simastra.trace.protobuf import encode_nodes


def trace() -> bytes:
    builder = TraceBuilder()
    builder.compute("a", micros=1)
    builder.all_reduce("b", size=8)
    return encode_nodes(builder.nodes, "t")


def archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as opened:
        opened.writestr(zipfile.ZipInfo("a"), "b")
    return file.getvalue()


LINK_LINES = "0 8 400Gbps 0.0005ms 0\n1 8 400Gbps 0.0005ms 0\n"
LAYER = "Layername comp_time input_loc input_size weight_loc weight_size output_loc output_size\n"

FILES: tuple[tuple[FileKind, bytes], ...] = (
    (kinds.TRACE, trace()),
    (kinds.JSON_TRACE, b'{"metadata": {}, "nodes": []}'),
    (kinds.JSON_TRACE, b'{"workload_graph": [{"Id": 1}]}'),
    (kinds.RESULT, b'{"simastra": "1", "inputs": {}, "options": {}, "finished": true}'),
    (kinds.SYSTEM, b'{"scheduling-policy": "LIFO", "preferred-dataset-splits": 4}'),
    (kinds.NETWORK, b"topology: [Ring]\nnpus_count: [8]\nbandwidth: [50]\nlatency: [500]\n"),
    (kinds.NETWORK, b'{"topology": ["Ring"], "npus_count": [8]}'),
    (kinds.MEMORY, b'{"memory-type": "NO_MEMORY_EXPANSION"}'),
    (kinds.GROUPS, b'{"1": [0, 1], "2": [2, 3]}'),
    (kinds.TEXT, b"MODEL\n1\na -1 5 ALLTOALL 64 2 NONE 0 3 NONE 0 9\n"),
    (
        kinds.SIMAI_TEXT,
        b"HYBRID_TRANSFORMER_FWD_IN_BCKWD model_parallel_NPU_group: 2 ep: 1 pp: 1\n1\na -1 5\n",
    ),
    (
        kinds.SYSTEM_1,
        b"scheduling-policy: LIFO\nendpoint-delay: 10\npreferred-dataset-splits: 4\n"
        b"all-reduce-implementation: ring_ring\n",
    ),
    (kinds.NETWORK_1, b'{"dimensions-count": 1, "units-count": [8]}'),
    (kinds.LOGICAL_TOPOLOGY, b'{"logical-dims": ["8", "4"]}'),
    (kinds.NS3_CONFIG, b"ENABLE_QCN 1\n\nPACKET_PAYLOAD_SIZE 1000\nTOPOLOGY_FILE t.txt\n"),
    (kinds.NS3_TOPOLOGY, f"9 1 8\n8\n{LINK_LINES}".encode()),
    (kinds.SIMAI_TOPOLOGY, f"9 8 1 0 8 H100\n8\n{LINK_LINES}".encode()),
    (kinds.HTSIM_TOPOLOGY, b"Nodes 16\nTiers 3\nPodsize 4\nTier 0\nDownlink_speed_Gbps 400\n"),
    (kinds.HTSIM_MATRIX, b"Nodes 4\nConnections 1\n0->1 id 1 start 0 size 100\n"),
    (kinds.INFRAGRAPH, b'{"name": "c", "devices": [{"name": "h"}], "instances": []}'),
    (kinds.INFRAGRAPH, b"name: c\ndevices:\n- name: h\ninstances: []\nedges: []\n"),
    (kinds.INFRAGRAPH, b'{"infrastructure": {"devices": []}, "annotations": {}}'),
    (kinds.INFRAGRAPH, b"components:\n- name: xpu\nedges: []\nlinks: []\nname: dgx\n"),
    (kinds.NODE_LINK, b'{"directed": false, "graph": {}, "nodes": [{"id": "a"}], "links": []}'),
    (kinds.NODE_LINK, b"directed: false\nedges: []\ngraph: {}\nnodes: []\n"),
    (kinds.NCCL_TOPOLOGY, b'<system version="1"><cpu numaid="0"/></system>'),
    (kinds.GRAPHML, b"<?xml version='1.0'?>\n<!-- a --><graphml></graphml>"),
    (kinds.MSCCL, b'<algo name="a" nchannels="1" ngpus="8" coll="allreduce"><gpu id="0"/></algo>'),
    (kinds.MSCCLPP, b'{"name": "a", "collective": "allreduce", "inplace": true, "gpus": []}'),
    (kinds.TRANSFERS, b'{"collective": "all-gather", "ranks": 2, "transfers": []}'),
    (kinds.TECCL, b'{"1-Epoch_Duration": 1e-9, "3-Epochs_Required": 2, "7-Flows": {}}'),
    (kinds.GOAL, b"num_ranks 2\nrank 0 {\nl1: send 8b to 1 tag 0\n}\n"),
    (kinds.KINETO, b'{"schemaVersion": 1, "traceEvents": [{"ph": "X"'),
    (kinds.HOST, b'{"schema": "1.1.1-chakra.0.0.4", "pid": 1, "nodes": [{"id": 1}]}'),
    (
        kinds.LINKED,
        b'{"schema": "1.1.1-chakra.0.0.4", "nodes": [{"id": 1, "inclusive_dur": 5}]}',
    ),
    (kinds.LLM_SERVING_TEXT, f"COLOCATED\t\tmodel_parallel_NPU_group: 1\n2\n{LAYER}".encode()),
    (kinds.LLM_SERVING_TEXT, f"EVENT\n1\n{LAYER}event_5ns 5 REMOTE 0\n".encode()),
    (kinds.LLM_SERVING_CLUSTER, b'{"num_nodes": 1, "link_bw": 16, "nodes": [{}]}'),
    (kinds.SQLITE, b"SQLite format 3\x00" + bytes(100)),
    (kinds.ZIP, archive()),
    (kinds.TAR, bytes(257) + b"ustar\x0000" + bytes(300)),
    (kinds.HTML, b"<!DOCTYPE html>\n<html><head></head></html>"),
    (kinds.LFS_POINTER, b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n"),
)
"""Each kind, and what a file of it may hold."""

UNKNOWN = (
    b"",
    b"\n",
    b"hello\n",
    b"{",
    b"{}",
    b"[]",
    b'{"a": 1}',
    b"a: 1\nb: 2\n",
    b"<a/>",
    b"<!-- <algo> -->",
    b"1 2 3\n4 5 6\n",
    b"Nodes\nand nothing\n",
    bytes(1000),
    b"\xff" * 1000,
    b"\x1f\x8b broken",
    "naïve text\n".encode("latin-1"),
    json.dumps({"nodes": 1}).encode(),
)
"""What is nothing in particular."""
