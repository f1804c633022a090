"""The page of analysis, and what the home page says of it."""
