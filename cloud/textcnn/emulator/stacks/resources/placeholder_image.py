"""An image by name only, for repositories of an emulator that runs without Docker."""

import hashlib
import json

MEDIA_TYPE = "application/vnd.docker.distribution.manifest.v2+json"
CONFIGURATION = "application/vnd.docker.container.image.v1+json"
LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"


def manifest() -> str:
    """Return a Docker schema-2 manifest; there is nothing behind the digests that it names."""

    def named(kind: str, content: str) -> dict[str, str | int]:
        digest = hashlib.sha256(content.encode()).hexdigest()
        return {"mediaType": kind, "size": len(content), "digest": f"sha256:{digest}"}

    return json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": MEDIA_TYPE,
            "config": named(CONFIGURATION, "this installation: its configuration"),
            "layers": [named(LAYER, "this installation: its files")],
        }
    )
