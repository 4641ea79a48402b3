"""``stacked.v1``: two strided convolutions one after the other, and a dense layer."""
