"""The compiled loop: every event of the plain path, in its order, on arrays, compiled by numba.

try_out         simulates in the loop where it covers an experiment
run             simulates an experiment, and says what came of it; rules: what isn't covered
machine         from one to arrays, by asking the plain path's parts; arrays: pools that grow
  asked_ways    answers the loop where ways depend on tags
  program_tables, plan_tables, score_tables, custom_tables, route_tables       what is made of what
  uneven_chunks parts that differ in size, where chunks don't
outcome         from the arrays to the records of a result
layout          the records; records: how the loop reaches them
compiler        how the loop is compiled, and where that is kept
loop            takes one call after the other, and makes it
  pools         records that come and go, in lines and buckets
  clock         ticks and agendas
  bus           the buses between NPUs and their memory sides
  ways          ways that depend on tags
  mail          messages, links and matching
  custom        collectives that are played from ETs
  chunks        queues, phases and scores
  walk          NPUs that walk their programs
installed       whether numba is there, and whether loading it is worth it

Only `installed` may be imported where numba isn't.
"""
