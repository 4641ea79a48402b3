"""botocore's descriptions of the services: the one source of what a request may hold."""

from functools import cache

import botocore.session
from botocore.model import ServiceModel


@cache
def service_model(service: str) -> ServiceModel:
    """Return botocore's model of a service, such as ``sagemaker``."""
    return botocore.session.get_session().get_service_model(service)
