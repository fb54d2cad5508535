"""What a result is worth, asked of the scenario that it is of; the numbers themselves are
`simastra.metrics`.

measured   ScenarioMeasures: metrics and bound of a result, when they are asked for
computing  how they are computed
alike      NPUs that did the same, so that each kind is looked at once
planned_memory   what traces say of memory, before anything runs
traffic    the bytes that each NPU has to send at the least, and what its links carry
bounds     what a run can't be faster than
"""
