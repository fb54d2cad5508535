"""``simastra sweep``.

sweep     the verb
changes   ``--set``; engine_options: where points are run
running   a study, run into a folder
replaying  ``--replay``
best      the best points, the Pareto front
summary   what people and programs are told at the end
bar       how far it is, for a terminal
"""
