"""The one error a person is meant to read."""


class Problem(Exception):
    """What happened and what to do next, in one sentence; pages and commands show it as it is."""
