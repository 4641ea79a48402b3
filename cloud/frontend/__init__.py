"""The Lambda function between the page and its endpoint; it needs boto3 alone.

::

    handler.py     the entry: an HTTP API's request in, its answer out, one line in the log
    request.py     the key and the request, checked before anything is paid for
    endpoint.py    InvokeEndpoint, and what its errors mean for a browser
    responses.py   a response, and the one form of errors
"""
