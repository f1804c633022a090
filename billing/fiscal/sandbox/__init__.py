"""An imitation of the FNE, faults included: to try by hand, and for tests."""
