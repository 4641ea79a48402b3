"""A container that keeps the contract, but for the faults that it is told to have."""
