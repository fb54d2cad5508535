"""A simulation as one HTML file that needs nothing else: no network, no other file.

contents   what is on the page, as data
sections   summary, configuration, warnings
time_sections    where the time went, the critical path
table_sections   collectives, groups, NPUs and links in numbers
network_picture  the network with its links' load, as SVG
bars, heat       what the timeline and the heat map draw, as JSON
explained  simastra.explain's answer as contents
document   all of it together with report.js and report.css
"""

from .contents import PageContents, PathStep
from .document import html_report, write_html_report
from .explained import costs_of, path_of

__all__ = ["PageContents", "PathStep", "costs_of", "html_report", "path_of", "write_html_report"]
