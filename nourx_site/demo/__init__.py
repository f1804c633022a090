"""The demo: a small agency with its clients, the same every time, dates relative to today.

Rows are written directly where an act would only be noise; numbers, issues, payments and
everything with consequences go through the services, as a person would.
"""
