"""``simastra run``.

run               the verb
finish_lines      ASTRA-sim's lines
json_file, timeline_file   files
statistics_lines, explanation_lines, summary   what people read
check_shortcuts   ``--check``
"""
