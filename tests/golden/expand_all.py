"""Run every golden case on the graph that its network file expands to; say which differ.

``PYTHONPATH=tests python tests/golden/expand_all.py``; the tests run a part of these.
"""

import sys
import warnings

from support.cases import check_case, load_cases
from support.expanded import expanded
from test_expanded import COLLECTIONS

from simastra.config import NetworkConfig


def main() -> int:
    """Print what differs, and how many there were; the exit status says whether anything did."""
    warnings.simplefilter("ignore")
    cases = [case for name in COLLECTIONS for case in load_cases(name)]
    different = 0
    for case in cases:
        try:
            check_case(case, expanded(NetworkConfig.parse(case["network"])))
        except AssertionError as error:
            different += 1
            sys.stdout.write(f"{case['name']}, {case['backend']}: {error}\n")
    sys.stdout.write(f"{len(cases) - different} of {len(cases)} as in ASTRA-sim\n")
    return int(bool(different))


if __name__ == "__main__":
    sys.exit(main())
