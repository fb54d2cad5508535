"""The parts of a result in JSON: plain dicts, numbers and strings; all times in ns."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from simastra.notices import Notice
from simastra.shortcut_use import ShortcutUse
from simastra.view.devices import DeviceNames

from .records import JobRecord, LinkFaults, LinkRecord, NodeRecord, NpuFinish


def finish_dict(finish: NpuFinish) -> dict[str, Any]:
    """When an NPU finished."""
    return {"npu": finish.npu, "cycles": finish.cycles}


def node_dict(record: NodeRecord) -> dict[str, Any]:
    """What was recorded of a node; what isn't known of it is left out."""
    told: dict[str, Any] = {
        "node": record.node,
        "name": record.name,
        "activity": str(record.activity),
        "issued": record.issued,
        "finished": record.finished,
    }
    node = record.et_node
    if node is None:
        return told
    told["type"] = node.type.name
    # One by one: there may be a million nodes, most of which have but a size.
    if node.comm_type is not None:
        told["collective"] = node.comm_type.name
    size = record.size
    if size is not None:
        told["size"] = size
    if node.pg_name is not None:
        told["group"] = node.pg_name
    if node.purpose is not None:
        told["purpose"] = node.purpose
    return told


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
