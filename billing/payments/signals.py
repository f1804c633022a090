"""What happens to money, for the modules above. Receivers run in the transaction of the act."""

from django.dispatch import Signal

# A provider said how a settled payment stands: payment, snapshot, at.
provider_told = Signal()

# Money was written down, and its receipt numbered: payment, at, actor.
money_received = Signal()

# Money was given back, or never really came: refund, at, actor.
money_returned = Signal()
