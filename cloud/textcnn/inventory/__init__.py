"""What there is: jobs, models, endpoints; what of it costs, and what of it nobody needs.

::

    jobs.py       training, tuning and transform jobs
    hosting.py    models, configurations and endpoints, and which of them use each other
    requests.py   when an endpoint was last asked
    listing.py    all of it, as `ls` shows it
    warnings.py   what a person should do something about
"""
