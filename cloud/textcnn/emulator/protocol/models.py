"""botocore's descriptions of the services: the one source of what a request may hold."""

from functools import cache

from botocore.loaders import create_loader
from botocore.model import ServiceModel


@cache
def service_model(service: str) -> ServiceModel:
    """Return botocore's model of a service, such as ``sagemaker``, as it lies in its file.

    That of a session may have been changed: its S3 clients take the bucket out of the paths.
    """
    return ServiceModel(create_loader().load_service_model(service, "service-2"), service)
