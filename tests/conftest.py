"""How many examples a property is tried on: `proof` (pytest --hypothesis-profile=proof) is the long run."""

from hypothesis import settings

# No deadline: the suite's time is measured in benchmarks/, and a busy machine is no fault.
settings.register_profile("suite", deadline=None)
settings.register_profile("proof", deadline=None, max_examples=10_000)
settings.load_profile("suite")
