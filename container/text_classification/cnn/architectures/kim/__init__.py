"""``kim.v1``: convolutions of several widths side by side, and the maximum over time.

A convolution over an embedding is a sum of look-ups, so the vocabulary is projected once for each
model that is loaded; training decides between int8 tables and float32 by the answers to the
validation documents. Networks that were trained side by side are laid side by side in one, so
tables, attribution and Keras know nothing of it.
"""
