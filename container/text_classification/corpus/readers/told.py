"""The columns of a channel's files: which the log has named, and whether they fit together."""

from text_classification.corpus.readers.row import Columns
from text_classification.errors import Code, DataError


def note(columns: Columns, told: set[Columns], where: str) -> bool:
    """Add the columns of a file to those of its channel; tell whether the log is to name them.

    Raises ``DataError`` where one file names a text and a label in this order and another has no
    header, as the parts of a file that was split: its columns would be taken the wrong way round.
    """
    is_new = columns.named not in {each.named for each in told}
    told.add(columns)
    if {"guessed", "text first"} <= {each.order for each in told}:
        raise DataError(
            Code.COLUMN_MISSING,
            "one file of the channel names its text before its label, and another has no header",
            where=where,
            remedy="Write the header into each file, as into each part of one that was split; or "
            "set label_column=1 and text_column=0 where the columns of all files stand so.",
        )
    return is_new
