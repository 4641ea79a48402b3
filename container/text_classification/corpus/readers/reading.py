"""How the files of a channel are to be read: what the hyperparameters say."""

from dataclasses import dataclass, field

from text_classification.contract.column_names import named_between_commas
from text_classification.contract.hyperparameters.kinds import Delimiter, Header, Quoting
from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.corpus.readers.row import Columns


@dataclass(frozen=True)
class Reading:
    """How documents are to be read: what the hyperparameters say about files.

    attributes: those of an augmented manifest whose values come as records, in this order.
    """

    columns: Columns = field(default_factory=Columns)
    header: Header = "auto"
    skip_bad_rows: bool = False
    delimiter: Delimiter = "auto"
    quoting: Quoting = "auto"
    encoding: str = "utf-8"
    attributes: tuple[str, ...] = ()

    @classmethod
    def of(cls, hyperparameters: Hyperparameters) -> "Reading":
        """Return what these hyperparameters say."""
        return cls(
            Columns(hyperparameters.label_column, hyperparameters.text_column),
            hyperparameters.csv_header,
            hyperparameters.bad_rows == "skip",
            hyperparameters.delimiter,
            hyperparameters.quoting,
            hyperparameters.encoding,
            named_between_commas(hyperparameters.manifest_attributes),
        )
