"""What invoicing announces, inside the transaction of the act. See docs/signals.md."""

from django.dispatch import Signal

quote_sent = Signal()  # quote, at
quote_accepted = Signal()  # quote, at
quote_refused = Signal()  # quote, at
invoice_issued = Signal()  # invoice, at
invoice_settled = Signal()  # invoice, at: a payment has paid the last of it
invoice_credited = Signal()  # invoice, credit_note, at
