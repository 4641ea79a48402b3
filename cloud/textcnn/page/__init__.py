"""The page in front of an endpoint: its stack, its files, its key.

::

    key.py         a key that nobody keeps, and its digest
    function.py    the function's zip, the same for the same code
    files.py       the page's files, with their types, in its bucket
    plan.py        what is going to be there, who may ask, what is billed
    carry_out.py   make it so
    place.py       the pages that there are, and where they are

- Nobody keeps the key. The function has its SHA-256 as a parameter: 192 random bits cannot be found
  from it, no secret store is billed, and the link is shown once.
- Page and API share a domain, so there is no CORS and the policy is ``connect-src 'self'``. The
  API is an HTTP API, since a function URL behind origin access control refuses a browser's POST
  without a hash of its body.
- The function is a zip in S3, the same byte by byte for the same code, named by its content. Other
  code is a change of the stack, and a roll-back finds the earlier zip.
"""
