"""Pages where a client reads tasks, moves them, and speaks of them."""
