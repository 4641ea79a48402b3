"""Documents of a file or of S3 through a model, by a transform job.

::

    formats.py       what can be sent: CSV, JSON Lines, JSON, plain lines
    file_check.py    check a local file before anything is paid for
    documents.py     what is to be classified, on this machine or in S3
    request.py       the request, and the name that its content gives it
    run.py           start or go on, follow, tell
    outputs.py       the outputs, downloaded
"""
