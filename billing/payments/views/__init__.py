"""Pages of payments, and the addresses that providers call."""
