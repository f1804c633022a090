"""The team's screens of contracts, of time and of batches."""
