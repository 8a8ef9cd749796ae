"""Put a packaged chart into an OCI layout, as `helm push` would put it into a registry (https://helm.sh/docs/topics/registries/).

What comes out is a tar that `skopeo copy oci-archive:…`, `oras cp --from-oci-layout` and `cosign` read. Only the standard library.
"""

import hashlib
import io
import json
import tarfile
from pathlib import Path
from typing import Any

CONFIG = "application/vnd.cncf.helm.config.v1+json"
CONTENT = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"


class Layout:
    """The files of a layout, by their names in it."""

    def __init__(self) -> None:
        self.files = {"oci-layout": b'{"imageLayoutVersion":"1.0.0"}'}

    def blob(self, content: bytes, media_type: str, **more: Any) -> dict[str, Any]:
        """Keep a blob and return its descriptor."""
        digest = hashlib.sha256(content).hexdigest()
        self.files[f"blobs/sha256/{digest}"] = content
        return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": len(content), **more}

    def write(self, target: Path, at: int) -> None:
        """Write the layout as a tar in which every file is from `at`, so that the same chart makes the same bytes."""
        with tarfile.open(target, "w") as tar:
            for name, content in sorted(self.files.items()):
                entry = tarfile.TarInfo(name)
                entry.size, entry.mtime = len(content), at
                tar.addfile(entry, io.BytesIO(content))


def of_chart(chart: Path, metadata: dict[str, Any], target: Path, at: int) -> str:
    """Write the layout of a packaged chart; returns its manifest's digest, which is what a signature is of."""
    layout = Layout()
    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": layout.blob(json.dumps(metadata, sort_keys=True).encode(), CONFIG),
        "layers": [layout.blob(chart.read_bytes(), CONTENT)],
        "annotations": {f"org.opencontainers.image.{name}": metadata[of] for name, of in (("title", "name"), ("version", "version"))},
    }
    named = {"annotations": {"org.opencontainers.image.ref.name": metadata["version"]}}
    descriptor = layout.blob(json.dumps(manifest, sort_keys=True).encode(), MANIFEST, **named)
    layout.files["index.json"] = json.dumps({"schemaVersion": 2, "manifests": [descriptor]}).encode()
    layout.write(target, at)
    digest: str = descriptor["digest"]
    return digest
