"""Uses a node type "delay" that simastra doesn't have; run where it has been added. Prints JSON."""

import json
from pathlib import Path

from simastra import NetworkConfig, Node, NodeType, Options, Simulation, SystemConfig, Trace
from simastra.debug import Stepper
from simastra.debug.prompt import Screen, Session
from simastra.debug.prompt.commands import carry_out
from simastra.metrics import ACTIVITIES
from simastra.notebook import plots
from simastra.report import statistics
from simastra.report.data_tables import npu_table
from simastra.report.graph_export import to_dot
from simastra.report.graph_view import GraphWindow, graph_of
from simastra.simulation.measures.activities import activity_places
from simastra.trace import load_trace, write_trace

SYSTEM = SystemConfig(preferred_dataset_splits=1, local_mem_bw=50)
NETWORK = NetworkConfig(topology=["Ring"], npus_count=[2], bandwidth=[50], latency=[500])


def main() -> None:
    """Save, load, simulate and show it."""
    nodes = (
        Node(1, "wait", NodeType["DELAY"], duration=5000),
        # Beside it, since a delay takes no unit.
        Node(2, "work", NodeType.COMP, duration=2000, is_cpu_op=False),
        Node(3, "again", NodeType["DELAY"], data_deps=(1, 2), duration=1000),
    )
    write_trace("wl", Trace.of([nodes, nodes]))
    trace = load_trace("wl", 2)
    simulation = Simulation(trace, SYSTEM, NETWORK)
    result = simulation.run()
    pages: list[str] = []
    stepper = Stepper(simulation)
    session = Session(stepper, Screen(pages.append, lambda: 44, colour=False))
    carry_out(session, "continue ;; timeline 0 ;; break node type DELAY")
    axes = plots.gantt(result, npus=[0])
    explanation = simulation.explain()
    found = {
        "loaded": [(node.type.name, node.duration) for node in trace.npus[0]],
        "cycles": [
            Simulation(trace, SYSTEM, NETWORK, options=Options(shortcuts=mode)).run().cycles
            for mode in ("auto", "always", "off")
        ],
        "activities": [
            ACTIVITIES[place].value for place in activity_places(simulation.rules, nodes)
        ],
        "dot": to_dot(graph_of(nodes, GraphWindow(), "wl"), "wl"),
        "timeline": pages[1:],
        "gantt": [label.get_text() for label in axes.get_yticklabels()],
        "statistics": [figures.to_dict() for figures in statistics(result)],
        "csv": npu_table(result).to_csv(),
        "explained": {str(kind): time for kind, time in explanation.attribution(0).times.items()},
    }
    Path("found.json").write_text(json.dumps(found))


if __name__ == "__main__":
    main()
