"""The images of a new repository: nothing can be pushed to the emulator's ECR."""

import hashlib
import json

MEDIA_TYPE = "application/vnd.docker.distribution.manifest.v2+json"
CONFIGURATION = "application/vnd.docker.container.image.v1+json"


def manifest(configuration_digest: str) -> str:
    """Return a Docker schema-2 manifest; it lists no layers, since none can be fetched."""
    configuration = {"mediaType": CONFIGURATION, "size": 0, "digest": configuration_digest}
    return json.dumps(
        {"schemaVersion": 2, "mediaType": MEDIA_TYPE, "config": configuration, "layers": []}
    )


def digest_of(text: str) -> str:
    """Return the digest of a text, such as a manifest, by which an image is named."""
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
