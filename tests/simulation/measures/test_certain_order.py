"""Collectives that are alike: whose turn is certain, and whose isn't."""

from support.machines import network, system

from simastra import Simulation, TraceBuilder
from simastra.metrics import BoundPart
from simastra.simulation.measures.certain_order import CollectiveOrders, leads_to


def made(*, chained: bool) -> Simulation:
    trace = TraceBuilder()
    first = trace.all_reduce("a", size=4096)
    work = trace.compute("w", micros=1, after=first)
    trace.all_reduce("b", size=4096, after=work if chained else [])
    trace.all_reduce("c", size=8192)
    return Simulation(trace, system(), network(("Ring", 4)))


def certain(simulation: Simulation) -> list[str]:
    program = simulation.experiment.programs[0]
    orders = CollectiveOrders()
    return [
        program.graph.nodes[index].name
        for index in program.external_operations
        if index in orders.certain(program)
    ]


def test_a_chain_says_the_order() -> None:
    assert certain(made(chained=True)) == ["a", "b", "c"]


def test_of_two_that_nothing_orders_either_may_come_first() -> None:
    assert certain(made(chained=False)) == ["c"]


def test_a_bound_does_not_count_on_the_order_then() -> None:
    bounds = [made(chained=it).lower_bound().parts[BoundPart.DEPENDENCIES] for it in (True, False)]
    assert bounds[0] > bounds[1] > 0


def test_a_node_leads_to_those_that_wait_for_it() -> None:
    graph = made(chained=True).experiment.programs[0].graph
    assert leads_to(graph, 0, 2)
    assert not leads_to(graph, 2, 0)
    assert not leads_to(graph, 0, 3)
