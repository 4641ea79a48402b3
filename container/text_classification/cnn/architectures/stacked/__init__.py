"""``stacked.v1``: two strided convolutions one after the other, and a dense layer.

Served in NumPy, its layers repeat themselves every strides x pool size x strides tokens, so that
much padding is left out as often as it fits. With the winners of the maxima and the signs at the
ReLUs as they are it is linear, so its attribution is exact.
"""
