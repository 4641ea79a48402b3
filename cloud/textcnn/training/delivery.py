"""How SageMaker brings documents into the container: as files or through pipes, whole or shared."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from textcnn.errors import CommandError, Exit
from textcnn.output import Output
from textcnn.training.sources import DOCUMENTS, Source
from textcnn.training.upload import manifest, uploads

# SageMaker's limit.
MOST_ATTRIBUTES = 16


class InputMode(StrEnum):
    """SageMaker's input modes."""

    FILE = "File"
    FAST_FILE = "FastFile"
    PIPE = "Pipe"


@dataclass(frozen=True)
class Delivery:
    """How documents are delivered; an earlier model and vectors come as files, and whole.

    attributes: those of augmented manifests that are to come. is_manifest: whether what was named
    in S3 lists the objects. is_sharded: whether each instance gets files of its own.
    """

    mode: InputMode = InputMode.FILE
    attributes: tuple[str, ...] = ()
    is_manifest: bool = False
    is_sharded: bool = False

    def check(self, sources: Sequence[Source], instances: int, output: Output) -> None:
        """Raise ``CommandError`` for documents that cannot be delivered so; warn where some are."""
        documents = [source for source in sources if source.channel in DOCUMENTS]
        for source in documents:
            self._check(source)
        if self.is_sharded:
            self._check_shares(documents, instances, output)
        names = (file.name for source in documents for file in source.files)
        if self.mode is InputMode.PIPE and any("/" in name for name in names):
            output.warn(
                "names of files and folders do not come through pipes: folders that are classes or "
                "partitions need --input-mode File"
            )

    def _check(self, source: Source) -> None:
        if self.attributes and source.count != 1:
            raise CommandError(
                f"{source.channel}: an augmented manifest is one file, not {source.count}",
                "Name the file itself; leave out --attributes for documents.",
                Exit.USAGE,
            )
        if self.is_manifest and (source.files or source.uri.endswith("/")):
            raise CommandError(
                f"{source.channel}: a manifest is one object in S3 that lists others",
                "Write s3://BUCKET/KEY; files of this machine need no --manifest.",
                Exit.USAGE,
            )

    def _check_shares(self, documents: Sequence[Source], instances: int, output: Output) -> None:
        if instances == 1:
            raise CommandError(
                "one instance has no shares", "Give --instance-count with --shard.", Exit.USAGE
            )
        for source in documents:
            # How many objects a manifest lists is for SageMaker to see.
            if source.count < instances and not self.is_manifest:
                output.warn(
                    f"{source.channel} has {source.count} files for {instances} instances: some "
                    "get none"
                )

    def channel(self, source: Source, bucket: str) -> dict[str, Any]:
        """Return a channel of InputDataConfig."""
        is_documents = source.channel in DOCUMENTS
        share = "ShardedByS3Key" if is_documents and self.is_sharded else "FullyReplicated"
        place = self._place(source, bucket) | {"S3DataDistributionType": share}
        channel = {"ChannelName": source.channel, "DataSource": {"S3DataSource": place}}
        if self.mode is InputMode.FILE:
            return channel
        if not is_documents:
            return channel | {"InputMode": InputMode.FILE.value}
        # So that each file keeps its header and its format.
        return channel | ({"RecordWrapperType": "RecordIO"} if self.mode is InputMode.PIPE else {})

    def lists(self, source: Source) -> bool:
        """Whether a manifest of files of this machine is to be made."""
        return bool(source.files) and not (self.attributes and source.channel in DOCUMENTS)

    def _place(self, source: Source, bucket: str) -> dict[str, Any]:
        if self.lists(source):
            key = manifest(source, bucket).key
            return {"S3DataType": "ManifestFile", "S3Uri": f"s3://{bucket}/{key}"}
        if source.channel not in DOCUMENTS or not (self.attributes or self.is_manifest):
            return {"S3DataType": "S3Prefix", "S3Uri": source.uri}
        if self.is_manifest:
            return {"S3DataType": "ManifestFile", "S3Uri": source.uri}
        uri = source.uri or f"s3://{bucket}/{uploads(source)[0].key}"
        names = list(self.attributes)
        return {"S3DataType": "AugmentedManifestFile", "S3Uri": uri, "AttributeNames": names}


def read_delivery(
    mode: InputMode | None, attributes: str | None, *, is_manifest: bool, is_sharded: bool
) -> Delivery:
    """Return what the options say; raises ``CommandError`` where they exclude each other."""
    names = tuple(name.strip() for name in (attributes or "").split(",") if name.strip())
    if attributes is None:
        return Delivery(mode or InputMode.FILE, (), is_manifest, is_sharded)
    if not 0 < len(set(names)) == len(names) <= MOST_ATTRIBUTES:
        raise CommandError(
            f"--attributes '{attributes}' names no attributes",
            f"Name up to {MOST_ATTRIBUTES}, each once: --attributes source,letters-metadata",
            Exit.USAGE,
        )
    if is_manifest or is_sharded or mode not in {None, InputMode.PIPE}:
        raise CommandError(
            "an augmented manifest comes through a pipe, whole, to each instance",
            "Give --attributes without --manifest, --shard and another --input-mode than Pipe.",
            Exit.USAGE,
        )
    return Delivery(InputMode.PIPE, names)
