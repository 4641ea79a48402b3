"""Documents of a file or of S3 through a model, by a transform job.

::

    formats.py       what can be sent: CSV, JSON Lines, JSON, plain lines
    checked.py       a local file looked through before anything is paid for
    documents.py     what is to be classified, on this machine or in S3
    request.py       the request, and the name that its content gives it
    run.py           start or go on, follow, tell
    answers.py       the answers, downloaded
"""
