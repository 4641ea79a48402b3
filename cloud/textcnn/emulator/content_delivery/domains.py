"""A distribution's domain: LABEL.localhost:PORT here, where the service has LABEL.cloudfront.net.

Browsers know every name below localhost for this machine, and take it for as safe as HTTPS.
"""

from werkzeug.wrappers import Response

from textcnn.emulator.account import Account

SERVICE_DOMAIN = b".cloudfront.net"


def own_domain(account: Account) -> str:
    """Return what the domains of distributions end in."""
    return f".localhost:{account.url.rpartition(':')[2]}"


def rename_domains(account: Account, response: Response) -> None:
    """Write this machine's domains into an answer of CloudFront."""
    renamed = response.get_data().replace(SERVICE_DOMAIN, own_domain(account).encode())
    response.set_data(renamed)
