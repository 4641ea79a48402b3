"""The networks, and the engines that train them.

Two engines, one loop: ``fast`` projects only the distinct tokens of a batch and goes back through
the one window that a maximum came from; ``keras`` is the definition that it is held against, and
trains every architecture. Both take the square of the sum of a token's gradients, which is Adam's
rule; ``fast`` leaves tokens that a batch does not hold as they are, so that its steps do not slow
down with the vocabulary.

Batch normalisation stands behind the maximum, before dropout, where a batch has one number a
feature. It is folded into the dense layer whenever weights leave an engine, so nothing else knows
of it.
"""
