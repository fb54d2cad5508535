"""The parts of a result in JSON: plain dicts, numbers and strings; all times in ns."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from simastra.metrics import ACTIVITIES, node_times
from simastra.notices import Notice
from simastra.shortcut_use import ShortcutUse
from simastra.trace import CollectiveType, NodeType
from simastra.units import Bytes
from simastra.view.devices import DeviceNames

from .records import JobRecord, LinkFaults, LinkRecord, NodeRecord, NpuFinish
from .timed_records import node_ids, told_in_order


def finish_dict(finish: NpuFinish) -> dict[str, Any]:
    """When an NPU finished."""
    return {"npu": finish.npu, "cycles": finish.cycles}


def node_dicts(records: Sequence[NodeRecord]) -> Iterator[dict[str, Any]]:
    """What was recorded of an NPU's nodes; what isn't known of one is left out."""
    ids, times = node_ids(records), node_times(records)
    activities = map(_ACTIVITIES.__getitem__, times.activities)
    of_all = told_in_order(records, _FACTS)
    for node, activity, issued, finished, (name, facts) in zip(
        ids, activities, times.issued, times.finished, of_all, strict=True
    ):
        told = {
            "node": node,
            "name": name,
            "activity": activity,
            "issued": issued,
            "finished": finished,
        }
        if facts is not None:
            _add_facts(told, *facts)
        yield told


_ACTIVITIES = tuple(map(str, ACTIVITIES))

_FACTS = ("type", "comm_type", "comm_size", "tensor_size", "pg_name", "purpose")

_TYPES = {it: it.name for it in NodeType}  # .name takes a tenth of a µs


def _add_facts(  # noqa: PLR0913, PLR0917  # those of _FACTS
    told: dict[str, Any],
    node_type: NodeType,
    collective: CollectiveType | None,
    sent: Bytes | None,
    touched: Bytes | None,
    group: str | None,
    purpose: str | None,
) -> None:
    """What is known of the node itself, one by one: most of a million nodes have but a size."""
    told["type"] = _TYPES[node_type]
    if collective is not None:
        told["collective"] = collective.name
    size = touched if sent is None else sent  # as of `NodeRecord`
    if size is not None:
        told["size"] = size
    if group is not None:
        told["group"] = group
    if purpose is not None:
        told["purpose"] = purpose


def link_dict(link: LinkRecord, names: DeviceNames | None) -> dict[str, Any]:
    """What a link carried, and what its ends are called where a file gives names."""
    return {
        "src": link.src,
        "dst": link.dst,
        "busy": link.busy,
        "bytes": link.size,
        "messages": link.messages,
        **_ends(link, names),
    }


def jobs(records: Sequence[JobRecord]) -> dict[str, Any]:
    """What has become of each job; nothing where there are none."""
    return {"jobs": list(map(_job_dict, records))} if records else {}


def _job_dict(job: JobRecord) -> dict[str, Any]:
    return {
        "name": job.name,
        "npus": list(job.npus),
        "start": job.start,
        "finish": job.finish,
        "finishes": list(map(finish_dict, job.finishes)),
        "run_ends": list(job.run_ends),
    }


def link_faults(faults: Sequence[LinkFaults], names: DeviceNames | None) -> dict[str, Any]:
    """What has become of messages at links that went down; nothing where none were on one."""
    if not faults:
        return {}
    return {"link_faults": [{**asdict(it), **_ends(it, names)} for it in faults]}


def _ends(link: LinkRecord | LinkFaults, names: DeviceNames | None) -> dict[str, str]:
    return {} if names is None else {"from": names[link.src], "to": names[link.dst]}


def shortcut_dict(use: ShortcutUse) -> dict[str, Any]:
    """Which shortcut was taken or refused, and why."""
    return {
        "shortcut": use.shortcut.value,
        "taken": use.taken,
        "reason": use.reason,
        "order_is_known": use.order_is_known,
    }


def notice_dict(notice: Notice) -> dict[str, Any]:
    """What is doubtful."""
    return {
        "code": notice.code,
        "where": notice.where,
        "message": notice.message,
        "fix": notice.fix,
        "severity": notice.severity.value,
    }
