"""API Gateway's HTTP APIs, as far as a route to a function needs them.

::

    apis.py       a request to its route, past the throttle, to the function
    throttle.py   so many requests a second, and so many at once
    payload.py    a request as a function is handed it, and what it returns: version 2.0
"""
