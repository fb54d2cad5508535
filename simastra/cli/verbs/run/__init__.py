"""``simastra run``.

run               the verb
finish_lines      ASTRA-sim's lines
json_file, timeline_file   files
metric_lines, statistics_lines, explanation_lines, summary   what people read
check_shortcuts   ``--check``
"""
