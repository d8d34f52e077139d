"""How often Python looks for rubbish. Every process of a run says so, the one that asks and those that read and check for it."""

import gc

# Books live until the end of a run: to look among them every 700 objects, as Python would, costs a tenth to a fifth of the work.
YOUNG = 200_000


def seldom() -> None:
    """Has it looked for among the newest objects when there are YOUNG of them, and no sooner."""
    gc.set_threshold(YOUNG)
