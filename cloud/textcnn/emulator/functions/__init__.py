"""Lambda functions: their code runs as it is, under Lambda's own runtime interface client.

::

    settings.py      what a function is, from moto, which is taught to keep where it logs
    functions.py     the functions of the account, and the processes that wait for requests
    environment.py   one such process, which is asked through the runtime API
    runtime_api.py   that API: the next request, its answer or its error
"""
