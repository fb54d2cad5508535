"""A sweep's table as one HTML file that needs nothing else: no network, no other file.

document         all of it together, with sweep.css and scripts/
headline         the first screen: how many points, the best ones, ties and scatter
best_of_each     tables: the best for each value of the axes that the study asks it for
shown_points     which points are on the page, and their columns, as JSON
panels           what the scripts draw into, and the controls beside it
influence        which axis moves which objective, in bars
scripts/*.js     scales, limits, the scatter plot, parallel coordinates, the chosen point
"""

from .document import sweep_page, write_sweep_page

__all__ = ["sweep_page", "write_sweep_page"]
