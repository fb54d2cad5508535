"""A simulation as one HTML file that needs nothing else: no network, no other file.

contents       what is on the page, as data
document       all of it together, with report.css and scripts/
headline       the first screen: the answer
causes, cause_bars  what the time went to, in words and in bars
lanes, arrows, timeline_data  what the timeline draws, as JSON; node_kinds: their kinds of work
heat, memory_data, path_data  likewise of links, memory and the critical path
places         where devices and links are in the network
network_view, network_picture  the network with its links' use, as SVG
tables, step_table, operators, scenario_tables  what stands in tables, as JSON
panels         what the script draws into
sections       notices and configuration
explained      simastra.explain's answer as contents
"""

from .contents import PageContents, PathStep
from .document import html_report, write_html_report
from .explained import costs_of, lost_to, path_of

__all__ = [
    "PageContents",
    "PathStep",
    "costs_of",
    "html_report",
    "lost_to",
    "path_of",
    "write_html_report",
]
