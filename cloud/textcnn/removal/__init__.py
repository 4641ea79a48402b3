"""Taking down: first a plan of steps, then each of them, in an order that can be begun again.

::

    step.py         one step: what it removes and how
    named.py        the plan for names: endpoints, models, configurations, running jobs
    everything.py   the plan for all that is ours
    running_jobs.py, hosted.py, pages.py, registered.py, logs.py, objects.py   the steps themselves

A plan is made of what is there, so that after an interruption it holds what is left.
"""
