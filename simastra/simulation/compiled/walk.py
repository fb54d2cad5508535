"""NPUs that walk their programs (simastra.workload, behaviour 2.2-2.5)."""

from __future__ import annotations

from .chunks import begin_waiting, enter_next_phase, new_stream
from .clock import call_later, call_npu_later, new_call, push
from .compiler import compiled
from .layout import (
    ACCESS,
    CALLS,
    COLLECTIVE,
    DELAY,
    EXPLICIT,
    FIFO,
    ISSUE,
    NODE_DONE,
    NONE,
    RESOURCES,
    SEND,
    SERVED,
    SKIP,
)
from .mail import pair_of, receive, send
from .pools import give_back, join, leave
from .records import (
    Address,
    calls,
    children,
    finishes,
    freed,
    heaps,
    nodes,
    npus,
    operations,
    order,
    plans,
    ready,
    rules,
    servers,
    state,
    streams,
)


@compiled
def _add_ready(m: Address, npu: int, index: int) -> None:
    """List a node as ready (ReadyNodes.add)."""
    resource = operations(m, npus(m, npu).program + index).resource
    heap = heaps(m, npu * RESOURCES + resource)
    first, place = heap.first, heap.size
    heap.size += 1
    while place:
        above = (place - 1) >> 1
        if ready(m, first + above).value <= index:
            break
        ready(m, first + place).value = ready(m, first + above).value
        place = above
    ready(m, first + place).value = index


@compiled
def _take_ready(m: Address, npu: int) -> int:
    """The ready node with the lowest id whose unit isn't busy, NONE for none (ReadyNodes.take)."""
    best = NONE
    lowest = NONE
    for resource in range(RESOURCES):
        heap = heaps(m, npu * RESOURCES + resource)
        if heap.size and not (npus(m, npu).busy >> resource) & 1:
            index = ready(m, heap.first).value
            if best == NONE or index < lowest:
                best = resource
                lowest = index
    if best == NONE:
        return NONE
    _pop_ready(m, npu * RESOURCES + best)
    return lowest


@compiled
def _pop_ready(m: Address, number: int) -> None:
    heap = heaps(m, number)
    heap.size -= 1
    first, size = heap.first, heap.size
    index = ready(m, first + size).value
    place = 0
    while True:
        below = 2 * place + 1
        if below >= size:
            break
        if below + 1 < size and ready(m, first + below + 1).value < ready(m, first + below).value:
            below += 1
        if ready(m, first + below).value >= index:
            break
        ready(m, first + place).value = ready(m, first + below).value
        place = below
    ready(m, first + place).value = index


@compiled
def _free_children(m: Address, npu: int, index: int, kept: int, keep: bool) -> int:
    """Note that a node has finished; how many free ones are kept apart then (Progress.finish)."""
    it = npus(m, npu)
    it.left -= 1
    operation = operations(m, it.program + index)
    for place in range(operation.first_child, operation.end_child):
        child = children(m, place).value
        node = nodes(m, it.first + child)
        node.blocked -= 1
        if not node.blocked:
            if keep:
                freed(m, kept).value = child
                kept += 1
            else:
                _add_ready(m, npu, child)
    return kept


@compiled
def start(m: Address, npu: int) -> None:
    """An NPU begins (NpuProcess.walk)."""
    it = npus(m, npu)
    for index in range(it.left):
        if not nodes(m, it.first + index).blocked:
            _add_ready(m, npu, index)
    push(m, ISSUE, npu, 0)


@compiled
def finish(m: Address, node: int, npu: int) -> None:
    """A node has finished (NpuProcess._finish)."""
    it = npus(m, npu)
    index = node - it.first
    nodes(m, node).finished = state(m, 0).now
    order(m, it.first + it.done).value = index
    it.done += 1
    it.running -= 1
    it.busy &= ~(1 << operations(m, it.program + index).resource)
    _free_children(m, npu, index, 0, False)
    push(m, ISSUE, npu, 0)


@compiled
def issue_ready_nodes(m: Address, npu: int) -> None:
    """Issue what the hardware can take; the NPU may be over then (NpuProcess)."""
    it = npus(m, npu)
    _pass_over_ready_nodes(m, npu)
    while not it.running and _any_ready(m, npu):
        _pass_over_ready_nodes(m, npu)
    if not it.left:
        it.left = NONE  # it finishes once
        it.finished = state(m, 0).now
        finishes(m, state(m, 0).finished).value = npu
        state(m, 0).finished += 1


@compiled
def _any_ready(m: Address, npu: int) -> bool:
    some = False
    for resource in range(RESOURCES):
        some |= heaps(m, npu * RESOURCES + resource).size > 0
    return some


@compiled
def _pass_over_ready_nodes(m: Address, npu: int) -> None:
    """Issue ready nodes, lowest id first, as far as their units are free."""
    at_once = rules(m, 0).at_once
    kept = 0
    index = _take_ready(m, npu)
    while index != NONE:
        if operations(m, npus(m, npu).program + index).kind == SKIP:
            kept = _free_children(m, npu, index, kept, not at_once)
        else:
            _issue(m, npu, index)
        index = _take_ready(m, npu)
    for place in range(kept):
        _add_ready(m, npu, freed(m, place).value)


@compiled
def _issue(m: Address, npu: int, index: int) -> None:
    """Issue a node (NpuProcess._issue, NpuProcess._begin)."""
    it = npus(m, npu)
    operation = operations(m, it.program + index)
    node = it.first + index
    nodes(m, node).issued = state(m, 0).now
    it.running += 1
    if operation.resource:
        it.busy |= 1 << operation.resource
    if operation.kind == DELAY:
        call_npu_later(m, npu, operation.size, NODE_DONE, node, npu)
    elif operation.kind == COLLECTIVE:
        _run_collective(m, npu, it.plans + operation.other, node)
    elif operation.kind == SEND:
        pair = pair_of(m, npu, operation.other)
        send(m, operation.tag, pair, operation.size, NODE_DONE, node, npu)
    elif operation.kind == ACCESS:
        _access(m, npu, node, it.server)
    else:
        pair = pair_of(m, operation.other, npu)
        receive(m, operation.tag, pair, operation.size, NODE_DONE, node, npu)


@compiled
def _run_collective(m: Address, npu: int, plan: int, node: int) -> None:
    """Begin a collective (CollectiveUnit.run)."""
    it = npus(m, npu)
    number = it.issued
    it.issued += 1
    nodes(m, node).turn = number
    chunks = plans(m, plan).chunks
    nodes(m, node).chunks = chunks
    if not chunks:
        call_later(m, 0, NODE_DONE, node, npu)
        return
    policy = rules(m, 0).policy
    priority = plans(m, plan).priority
    if policy != EXPLICIT:
        priority = -number if policy == FIFO else number
    for _ in range(chunks):
        stream = new_stream(m, npu, node, plan, priority)
        enter_next_phase(m, stream)
        begin_waiting(m, streams(m, stream).queue)


@compiled
def _access(m: Address, npu: int, node: int, server: int) -> None:
    """Load or store, now or once it is one's turn (MemoryServer.serve)."""
    it = servers(m, server)
    if not it.is_busy:
        _serve(m, npu, node, server)
        return
    join(m, it.waiting, calls, new_call(m, NODE_DONE, node, npu))


@compiled
def _serve(m: Address, npu: int, node: int, server: int) -> None:
    duration = operations(m, npus(m, npu).program + node - npus(m, npu).first).size
    servers(m, server).is_busy = 1
    call_npu_later(m, npu, duration, NODE_DONE, node, npu)
    call_npu_later(m, npu, duration, SERVED, server, 0)


@compiled
def serve_next(m: Address, server: int) -> None:
    """Serve the next access, if one waits (MemoryServer.release)."""
    it = servers(m, server)
    it.is_busy = 0
    if it.waiting.head != NONE:
        call = leave(m, it.waiting, calls)
        node, npu = calls(m, call).a, calls(m, call).b
        give_back(m, CALLS, call)
        _serve(m, npu, node, server)
