"""A month of a real agency, replayed by the real services, then proved to the franc.

`make month` runs it on servers of its own; `tests/flows/test_month.py` runs a smaller one. The
services are told a time of the month; providers are the stand-ins that `make run` uses.
"""
