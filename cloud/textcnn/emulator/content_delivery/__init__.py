"""CloudFront, as far as a page needs it.

::

    header_policies.py   response headers policies, which moto does not have
    domains.py           a distribution's domain, which is one of this machine
    edge.py              answers a browser as a distribution is configured
    files.py             an object of a bucket that lets the distribution read
"""
