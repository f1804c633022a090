"""The team's screens of sales."""
