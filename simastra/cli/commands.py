"""The verbs by name. Nothing of them is imported before it is looked up."""

from simastra.lazy_table import LazyTable

from .command import Command, CommandGroup

COMMANDS: LazyTable[Command | CommandGroup] = LazyTable(
    (Command, CommandGroup),
    "simastra.cli",
    {
        "run": "verbs.run.run:RUN",
        "check": "verbs.check.check:CHECK",
        "debug": "verbs.debug.debug:DEBUG",
        "demo": "verbs.demo:DEMO",
        "init": "verbs.init.init:INIT",
        "machines": "verbs.machines:MACHINES",
        "topology": "verbs.topology:TOPOLOGY",
        "convert": "verbs.convert:CONVERT",
        "link": "verbs.link:LINK",
        "edit": "verbs.edit:EDIT",
        "collective": "verbs.collective:COLLECTIVE",
        "generate": "verbs.generate:GENERATE",
        "inspect": "verbs.inspect:INSPECT",
        "visualize": "verbs.visualize:VISUALIZE",
        "timeline": "verbs.timeline:TIMELINE",
        "report": "verbs.report:REPORT",
        "diff": "verbs.diff.diff:DIFF",
        "sweep": "verbs.sweep.sweep:SWEEP",
        "plan": "verbs.plan.plan:PLAN",
        "bandwidth": "verbs.bandwidth.bandwidth:BANDWIDTH",
        "calibrate": "verbs.calibrate.calibrate:CALIBRATE",
        "jsonize": "verbs.jsonize:JSONIZE",
        "course": "verbs.course:COURSE",
        "schemas": "verbs.schemas:SCHEMAS",
        "completion": "verbs.completion:COMPLETION",
        "help": "verbs.help:HELP",
    },
)
"""The verbs by name, in the order in which the help lists them."""
