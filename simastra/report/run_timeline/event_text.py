"""Events of a Chrome trace as JSON, each on a line."""

import json

from pydantic_core import PydanticSerializationError, to_json

from simastra.units import NS_PER_MICROSECOND, Ns, ns_to_micros

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def json_line(value: object) -> str:
    """An event, or a part of one: in the bytes of Python's own encoder, in a quarter of its time.

    >>> json_line({"name": "F0", "ts": 1.5})
    '{"name":"F0","ts":1.5}'
    """
    try:
        return to_json(value).decode()
    except PydanticSerializationError:  # half of a surrogate pair in a name
        return _ENCODER.encode(value)


def micros(time: Ns) -> str:
    """A time in microseconds, as `json_line` writes it: a million of them in a third of the time.

    >>> micros(1500), micros(2000)
    ('1.5', '2.0')
    """
    whole, rest = divmod(time, NS_PER_MICROSECOND)
    return repr(ns_to_micros(time)) if rest or time > _SHORT else f"{whole}.0"


_SHORT: Ns = 10**15  # has a float that is written without an exponent
