"""The page in front of an endpoint: its stack, its files, its key.

::

    key.py         a key that nobody keeps, and its digest
    function.py    the function's zip, the same for the same code
    files.py       the page's files, with their types, in its bucket
    plan.py        what is going to be there, who may ask, what is billed
    carry_out.py   make it so
    place.py       the pages that there are, and where they are
"""
