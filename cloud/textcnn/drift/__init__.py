"""Drift: whether what an endpoint answers still looks as it did when its model was trained.

::

    captures.py       captured requests and answers in S3
    captured_body.py  one captured answer: its labels, scores and shares of unknown words
    tally.py          answers counted as the artifact's baseline counts them
    distances.py      how far two tallies are apart, with intervals
    verdict.py        the rule: what has changed, and whether to train anew
    figures.py        bars as SVG
    page.py           all of it as one HTML page
"""
