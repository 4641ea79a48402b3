"""``kim.v1``: convolutions of several widths side by side, and the maximum over time."""
