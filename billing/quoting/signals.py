"""What quoting announces, inside the transaction of the act. See docs/signals.md."""

from django.dispatch import Signal

quote_transformed = Signal()  # quote, project, at, actor
