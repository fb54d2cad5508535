"""The ends of messages: switches know what they are called, also in other processes."""

import pickle

import pytest

from simastra.view.ends import SwitchId, device_words, is_switch


@pytest.mark.parametrize(
    ("end", "words", "switch"),
    [
        (9, "NPU 9", False),
        (SwitchId(9), "switch 9", True),
        (SwitchId(9, "leaf.0", 2), "leaf.0", True),
    ],
)
def test_an_end_is_an_npu_or_a_switch_with_its_name(end: int, words: str, *, switch: bool) -> None:
    assert (end, device_words(end), is_switch(end)) == (9, words, switch)


def test_a_switch_is_the_same_in_another_process() -> None:
    sent = SwitchId(9, "leaf.0", 2)
    received = pickle.loads(pickle.dumps(sent))
    assert is_switch(received)
    assert (received, received.name, received.part) == (9, "leaf.0", 2)
