"""Kinds of files made of lines of words, and of XML."""

import re

from . import kinds
from .kinds import FileKind

_STRATEGY = re.compile(r"(MICRO|DATA|MODEL|HYBRID_[A-Z_]+|DISTRIBUTED_INFERENCE)\b")
_SIMAI_KEY = re.compile(r"\b(ep|pp|vpp|ga|all_gpus):")
_COUNT = re.compile(r"\s*[0-9]+\s*")
_SERVING = re.compile(r"Layername\s+comp_time\s+input_loc\b")
_NS3_LINE = re.compile(r"[A-Z][A-Z0-9_]+ +\S.*")
_NS3_WORDS = ("TOPOLOGY_FILE", "PACKET_PAYLOAD_SIZE", "ENABLE_QCN", "CC_MODE", "FLOW_FILE")
_LINK = re.compile(r"[0-9]+\s+[0-9]+\s+[0-9.]+\s*[GMk]?bps\s+[0-9.e+-]+\s*[mun]?s\b.*", re.I)
_NUMBERS = re.compile(r"[0-9]+(\s+[0-9]+)*")
_SIMAI_HEAD = re.compile(r"([0-9]+\s+){5}[A-Za-z]\w*")
_NS3_HEAD = re.compile(r"[0-9]+\s+[0-9]+\s+[0-9]+")
_HTSIM = re.compile(r"(Nodes|Tiers|Podsize|Tier|Connections|Triggers)\s+[0-9]+", re.I)
# Possessive and atomic: what was taken for a comment isn't tried as anything else.
_XML_ROOT = re.compile(
    r"(?:\s++|<\?[^>]*+>|<!--(?>.*?-->)|<!DOCTYPE[^>]*+>)*+<([A-Za-z]\w*+)", re.S | re.I
)
_XML_ROOTS = {
    "algo": kinds.MSCCL,
    "system": kinds.NCCL_TOPOLOGY,
    "graphs": kinds.NCCL_TOPOLOGY,
    "graphml": kinds.GRAPHML,
    "html": kinds.HTML,
}


def kind_of_xml(text: str) -> FileKind | None:
    """What XML is, by its outermost element."""
    root = _XML_ROOT.match(text)
    return _XML_ROOTS.get(root[1].lower()) if root else None


def kind_of_lines(text: str) -> FileKind | None:
    """What lines of words are."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) < 2:  # noqa: PLR2004  # every kind has a head and something below it
        return None
    first, second = lines[:2]
    if _SERVING.match(lines[2] if len(lines) > 2 else "") or _SERVING.match(first):  # noqa: PLR2004
        return kinds.LLM_SERVING_TEXT
    if _STRATEGY.match(first) and _COUNT.fullmatch(second):
        return kinds.SIMAI_TEXT if _SIMAI_KEY.search(first) else kinds.TEXT
    if first.startswith("version https://git-lfs"):
        return kinds.LFS_POINTER
    if re.match(r"num_ranks\s+[0-9]+", first):
        return kinds.GOAL
    return _network_of_packets(lines)


def _network_of_packets(lines: list[str]) -> FileKind | None:
    entries = [line for line in lines if not line.startswith("#")]
    if any(line.startswith(_NS3_WORDS) for line in entries) and _NS3_LINE.match(entries[0]):
        return kinds.NS3_CONFIG
    if any(map(_LINK.fullmatch, entries[1:4])):
        if _SIMAI_HEAD.fullmatch(entries[0]):
            return kinds.SIMAI_TOPOLOGY
        if _NS3_HEAD.fullmatch(entries[0]):
            return kinds.NS3_TOPOLOGY
    if len(entries) > 1 and all(map(_HTSIM.match, entries[:2])):
        is_matrix = any(line.lower().startswith("connections") for line in entries[:2])
        return kinds.HTSIM_MATRIX if is_matrix else kinds.HTSIM_TOPOLOGY
    return None
