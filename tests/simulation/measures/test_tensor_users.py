"""Which nodes use tensors: equal ones of several files are one and the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simastra.simulation.measures.planned_memory import tensor_users
from simastra.trace import Node, NodeType, Trace
from simastra.trace.nodes import TensorUse

pytest.importorskip("numpy", reason="columns are numpy's")

from support.columnar import in_columns  # not before that

USER = Node(1, "user", NodeType.COMP, outputs=(TensorUse("a", 8),))


def test_equal_users_that_are_made_on_demand_are_the_same() -> None:
    others = [Node(2, name, NodeType.COMP) for name in ("first", "one", "other")]
    trace = in_columns(Trace.of([(USER, it) for it in others] + [(replace(USER, name="x"),)]))
    _, (one,), (other,), (third,) = tensor_users(trace)
    assert one == USER
    assert one is other
    assert third.name == "x"
