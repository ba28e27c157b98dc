"""How it is judged: examiner, remote proxies, rubrics, misconceptions, verdicts and the command line."""

from functools import cache


@cache
def version() -> str:
    """Version of the grader and of torch: a verdict names what made it."""
    from importlib.metadata import version as of

    return f"{of('attention-workshop')}+torch{of('torch').partition('+')[0]}"


SEEDS = 4
"""How many seeds submissions draw from (0 to 3); the command line uses 0.

Few, since an examiner makes a suite ready once for each seed: what it asks, and what every misconception answers.
"""
