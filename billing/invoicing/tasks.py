"""Jobs of invoicing."""
