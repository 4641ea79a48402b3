"""``pooled.v1``: the convolutions of ``kim.v1``, and weighted means in place of the maximum.

It is a network of its own, in NumPy and float32, since every window counts and not one. With the
weights as they are it is linear, so its attribution is exact.
"""
