"""The parts of a result in JSON: plain dicts, numbers and strings; all times in ns."""

from typing import Any

from simastra.notices import Notice
from simastra.shortcut_use import ShortcutUse
from simastra.view.devices import DeviceNames

from .records import LinkRecord, NodeRecord, NpuFinish, type_name


def finish_dict(finish: NpuFinish) -> dict[str, Any]:
    """When an NPU finished."""
    return {"npu": finish.npu, "cycles": finish.cycles}


def node_dict(record: NodeRecord) -> dict[str, Any]:
    """What was recorded of a node; what isn't known of it is left out."""
    told = {
        "node": record.node,
        "name": record.name,
        "activity": record.activity.value,
        "issued": record.issued,
        "finished": record.finished,
    }
    node = record.et_node
    if node is not None:
        told["type"] = node.type.name
        more = (
            ("collective", type_name(node.comm_type)),
            ("size", record.size),
            ("group", node.pg_name),
            ("purpose", node.purpose),
        )
        told.update([entry for entry in more if entry[1] is not None])
    return told


def link_dict(link: LinkRecord, names: DeviceNames | None) -> dict[str, Any]:
    """What a link carried, and what its ends are called where a file gives names."""
    ends = {} if names is None else {"from": names[link.src], "to": names[link.dst]}
    return {
        "src": link.src,
        "dst": link.dst,
        "busy": link.busy,
        "bytes": link.size,
        "messages": link.messages,
        **ends,
    }


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
