"""What invoicing announces, inside the transaction of the act. See docs/signals.md."""

from django.dispatch import Signal

quote_sent = Signal()  # quote, at
quote_accepted = Signal()  # quote, at
quote_refused = Signal()  # quote, at
invoice_issued = Signal()  # invoice, at
invoice_settled = Signal()  # invoice, at: a payment has paid the last of it
invoice_credited = Signal()  # invoice, credit_note, at
invoice_adjusted = Signal()  # invoice, adjustment, at: a certificate, a loss, an exchange rate
# invoice, amount, at, actor: what was paid is above what the invoice will ask by so much; who
# keeps the money takes it off the invoice, to the client's credit, before the credit note is made
invoice_overpaid = Signal()
