"""YAML as network files usually are, read without PyYAML: a key and its value on each line.

A value is a plain scalar, or a list of such in brackets. PyYAML takes longer to import and to read
such a file than a small run takes to simulate; what is written in another way is left to it.
"""

import re

from .messages import show_key
from .yaml_scalars import read_scalar

_SCALAR = r"[-+]?[A-Za-z0-9_.][-+A-Za-z0-9_.]*"
_LINE = re.compile(
    rf"(?:(?P<key>[A-Za-z_][-A-Za-z0-9_]{{0,99}}): +"
    rf"(?:(?P<scalar>{_SCALAR})|\[ *(?P<list>(?:{_SCALAR} *, *)*{_SCALAR})? *\]))?"
    r"(?:(?:^| +)#[ -~]*)? *"
)
"""A line: a key and its value, a comment, both, or nothing. No character of it is special to YAML
where it stands, or ends a line."""


def read_flat(text: str) -> tuple[dict[str, object], dict[str, int]] | None:
    """Read such a file, as `simastra.config.yaml_file.read_yaml` would.

    Returns:
        The mapping, and the line of each key and list entry; None of a file that is written in
        another way, has a key twice, or has none.

    >>> read_flat("topology: [ Ring ]  # the one")
    ({'topology': ['Ring']}, {'topology': 1, 'topology[0]': 1})
    """
    read: dict[str, object] = {}
    lines: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        found = _LINE.fullmatch(line)
        if found is None or found["key"] in read:
            return None
        key = found["key"]
        if key is None:
            continue
        shown = show_key(key)
        lines[shown] = number
        if found["scalar"] is not None:
            read[key] = read_scalar(found["scalar"], plain=True)
            continue
        entries = re.findall(_SCALAR, found["list"] or "")
        lines |= {f"{shown}[{at}]": number for at in range(len(entries))}
        read[key] = [read_scalar(it, plain=True) for it in entries]
    return (read, lines) if read else None
