"""Plans of MSCCL++ in the making, for tests."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

Json = dict[str, Any]


def local(buffer: str, index: int, size: int = 1) -> Json:
    return {"type": buffer, "index": index, "size": size}


def remote(buffer_id: int, index: int, size: int = 1) -> Json:
    return {"buffer_id": buffer_id, "index": index, "size": size}


def switch(index: int, size: int = 1, channel: int = 0) -> Json:
    return {"switch_channel_id": channel, "index": index, "size": size}


def op(name: str, src: Iterable[Json] = (), dst: Iterable[Json] = (), **more: Any) -> Json:
    made: Json = {"name": name, **more}
    if name not in {"nop", "signal", "wait", "rlxsignal", "rlxwait", "flush", "barrier"}:
        made |= {"src_buff": [*src], "dst_buff": [*dst]}
    if name not in {"nop", "barrier", "copy", "upkt", "re", "repkt"}:
        made.setdefault("channel_type", "memory")
    return made


def on(name: str, *channels: int, kind: str = "memory") -> Json:
    """A signal, or a wait."""
    return {"name": name, "channel_ids": [*channels], "channel_type": kind}


def block(number: int, ops: list[Json], peers: int, *, refs: int | None = None) -> Json:
    """A thread block that uses all memory channels, the switch, and the remote buffers."""
    buffers = [*range(peers if refs is None else refs)]
    return {
        "id": number,
        "ops": ops,
        "channels": [
            {"channel_type": "memory", "channel_ids": [*range(peers)]},
            {"channel_type": "switch", "channel_ids": [0]},
        ],
        "remote_buffer_refs": [{"access_channel_type": "memory", "remote_buffer_ids": buffers}],
    }


def gpu(me: int, n: int, chunks: tuple[int, int, int], blocks: list[Json], buffer: str) -> Json:
    """A rank whose channels and remote buffers are those of the others, in order."""
    others = [it for it in range(n) if it != me]
    return {
        "id": me,
        "input_chunks": chunks[0],
        "output_chunks": chunks[1],
        "scratch_chunks": chunks[2],
        "threadblocks": blocks,
        "channels": [
            {"channel_type": "memory", "connected_to": others},
            {
                "channel_type": "switch",
                "buffer_type": "i",
                "rank_groups": [{"size": n, "ranks": [*range(n)]}],
            },
        ],
        "remote_buffers": [
            {"rank": it, "type": buffer, "access_channel_types": ["memory"]} for it in others
        ],
        "semaphores": [{"init_value": 0}],
    }


def plan(collective: str, gpus: list[Json], *, inplace: bool = True) -> Json:
    return {
        "name": f"{collective} for a test",
        "collective": collective,
        "protocol": "Simple",
        "inplace": inplace,
        "gpus": gpus,
        "num_threads_per_block": 1024,
    }


def put_all_gather(n: int = 3) -> Json:
    """Everybody puts its chunk into the others' outputs, and signals."""
    gpus = []
    for me in range(n):
        peers = [*range(n - 1)]
        puts = [remote(it, me) for it in peers]
        ops = [
            op("nop"),
            on("rlxsignal", *peers),
            on("rlxwait", *peers),
            op("put", [local("o", me)] * (n - 1), puts),
            on("signal", *peers),
            on("wait", *peers),
        ]
        gpus.append(gpu(me, n, (1, n, 0), [block(0, ops, n - 1)], "o"))
    return plan("allgather", gpus)


def get_all_gather(n: int = 3) -> Json:
    """Everybody gets the others' chunks, and tells them that it has."""
    gpus = []
    for me in range(n):
        peers = [*range(n - 1)]
        others = [it for it in range(n) if it != me]
        ops = [
            op(
                "get",
                [remote(it, other) for it, other in enumerate(others)],
                [local("o", it) for it in others],
            ),
            on("signal", *peers),
            on("wait", *peers),
        ]
        gpus.append(gpu(me, n, (1, n, 0), [block(0, ops, n - 1)], "o"))
    return plan("allgather", gpus)


def switch_all_reduce(n: int = 4) -> Json:
    """NVLS: each rank has the switch reduce one chunk, and spread it."""
    gpus = []
    for me in range(n):
        peers = [*range(n - 1)]
        ops = [
            on("rlxsignal", *peers),
            on("rlxwait", *peers),
            {
                "name": "pipeline",
                "iter_context": {"unit_size": 1048576, "num_chunks": 1},
                "ops": [op("glres", [switch(me)], [switch(me)], channel_type="switch")],
            },
            on("rlxsignal", *peers),
            on("rlxwait", *peers),
        ]
        gpus.append(gpu(me, n, (n, n, 0), [block(0, ops, n - 1)], "i"))
    return plan("allreduce", gpus)


def packet_all_reduce() -> Json:
    """Two ranks: packets into scratch, which need no signals."""
    gpus = []
    for me in range(2):
        you = 1 - me
        ops = [op("ppkt", [local("i", you)], [remote(0, you)])]
        reducing = [
            op("respkt", [local("i", me), local("s", me)], [local("i", me), remote(0, 2 + me)])
        ]
        unpacking = [op("upkt", [local("s", 2 + you)], [local("i", you)])]
        blocks = [block(0, ops, 1), block(1, reducing, 1), block(2, unpacking, 1)]
        gpus.append(gpu(me, 2, (2, 2, 4), blocks, "s"))
    return plan("allreduce", gpus)


def reading_reduce_scatter(n: int = 3) -> Json:
    """Everybody reduces its chunk out of the others' inputs."""
    gpus = []
    for me in range(n):
        peers = [*range(n - 1)]
        ops = [
            op("rre", [local("i", me), *(remote(it, me) for it in peers)], [local("o", 0)]),
            on("signal", *peers),
            on("wait", *peers),
        ]
        gpus.append(gpu(me, n, (n, 1, 0), [block(0, ops, n - 1)], "i"))
    return plan("reducescatter", gpus, inplace=False)


def barrier_all_reduce() -> Json:
    """Two thread blocks a rank put a chunk each, meet, and reduce what the other rank has put."""
    gpus = []
    for me in range(2):
        blocks = []
        meet = {"name": "barrier", "barrier_id": 0, "num_threadblocks": 2}
        for it in range(2):
            ops = [op("put", [local("i", it)], [remote(0, it)]), meet]
            ops += [on("signal", 0), on("wait", 0)] if it == 0 else []
            ops += [{**meet, "barrier_id": 1}]
            ops += [op("re", [local("i", it), local("s", it)], [local("i", it)])]
            blocks.append(block(it, ops, 1))
        gpus.append(gpu(me, 2, (2, 2, 2), blocks, "s"))
    return plan("allreduce", gpus)


def semaphore_all_gather() -> Json:
    """As with puts, but a thread block waits, and another one, which it releases, copies."""
    gpus = []
    for me in range(2):
        putting = [
            op("put", [local("i", 0)], [remote(0, 0)]),
            on("signal", 0),
            on("wait", 0),
            {"name": "sem_release", "semaphore_ids": [0]},
        ]
        copying = [
            op("copy", [local("i", 0)], [local("o", me)]),
            {"name": "sem_acquire", "semaphore_ids": [0]},
            op("copy", [local("s", 0)], [local("o", 1 - me)]),
        ]
        blocks = [block(0, putting, 1), block(1, copying, 0)]
        gpus.append(gpu(me, 2, (1, 2, 1), blocks, "s"))
    return plan("allgather", gpus, inplace=False)


def shared_all_gather() -> Json:
    """Two thread blocks of a rank share a put, each half of the chunk, and signal on their own."""
    gpus = []
    for me in range(2):
        blocks = []
        for it in range(2):
            group = {"tb_id": it, "tbg_size": 2}
            put = op("put", [local("o", me)], [remote(0, me)], tbg_info=group)
            made = block(it, [put, on("signal", 0), on("wait", 0)], 1)
            made["channels"][0]["channel_ids"] = [it]
            blocks.append(made)
        made = gpu(me, 2, (1, 2, 0), blocks, "o")
        made["channels"][0]["connected_to"] *= 2
        gpus.append(made)
    return plan("allgather", gpus)


PLANS: dict[str, Callable[[], Json]] = {
    "put all-gather": put_all_gather,
    "get all-gather": get_all_gather,
    "switch all-reduce": switch_all_reduce,
    "packet all-reduce": packet_all_reduce,
    "reading reduce-scatter": reading_reduce_scatter,
    "barrier all-reduce": barrier_all_reduce,
    "semaphore all-gather": semaphore_all_gather,
    "shared all-gather": shared_all_gather,
}


def written(document: Json) -> str:
    return json.dumps(document, indent=1)
