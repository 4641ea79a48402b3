"""``pooled.v1``: the convolutions of ``kim.v1``, and weighted means in place of the maximum."""
