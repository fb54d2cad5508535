"""What a scenario makes of an experiment (simastra.scenario; docs/scenarios.md).

applied    the scenario, read and resolved, and the experiment under it
jobs       several jobs as one workload
held       NPUs that stand still, or are slower for some time
longer     which computations take longer than as usual
systems    NPUs that have systems of their own
links      what happens to links
durations  programs whose computations take longer, or less long
without_effect  what it says that changes nothing
"""
