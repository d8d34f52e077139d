"""How many examples a property is tried on: `proof` (pytest --hypothesis-profile=proof) is the long run."""

from hypothesis import settings

# No deadline: the suite's time is measured in benchmarks/, and a busy machine is no fault.
# The suite tries the same examples every time, so that what it says is of the change and not of chance; `proof` looks for new ones.
settings.register_profile("suite", deadline=None, derandomize=True)
settings.register_profile("proof", deadline=None, max_examples=10_000)
settings.load_profile("suite")
