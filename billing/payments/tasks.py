"""Jobs of payments."""
