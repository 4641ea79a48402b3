"""A model as an endpoint.

::

    source.py       the model: a job's, a file in S3, a version of the registry
    naming.py       the names of endpoint and stack
    choices.py      what can be chosen, checked
    parameters.py   choices as parameters of the stack's template
    environment.py  variables of the container, written into the template
    plan.py         what is going to run, and what it costs
    carry_out.py    make it so, and see that it is so

SageMaker and its waiters call an update that was rolled back a success. So ``deploy`` compares the
configuration that runs with the one it asked for.
"""
