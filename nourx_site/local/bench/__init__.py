"""`make bench`: what pages, papers and notifications cost, as the number of invoices grows.

Figures of one machine mean little; their ratios to the limit measured beside them do.
"""
