"""A local stand-in for CinetPay Checkout v2: its API, its payment page, its notifications.

It shares no code with the gateway, so that the one can show the other wrong. Keys, texts
and phone numbers are made up; no money moves. What real CinetPay does not document is a
guess here, and nobody may lean on it: the HTTP status of refusals, the code of a reference
used twice, the answer about an unknown one, the delays between two notifications, the
spelling of methods, and the status words of a payment that is still waiting.
"""
