"""Every change of contracts, of billed time and of batches."""
