"""What documents are read, and which are held out."""

from typing import Literal

from text_classification.contract.hyperparameters.declaration import Affects, Fields, hyperparameter
from text_classification.contract.hyperparameters.kinds import Delimiter, Encoding, Header, Quoting


class Documents(Fields):
    """What documents are read, and which are held out."""

    label_column: str = hyperparameter(
        "",
        description="The column that holds the label: a name, or a number counted from 0; "
        "empty finds label, category, class or the like.",
        affects=Affects.DOCUMENTS,
    )
    text_column: str = hyperparameter(
        "",
        description="The column that holds the text: a name, or a number counted from 0; several "
        "with commas between them are joined; empty finds text, document, body or the like.",
        affects=Affects.DOCUMENTS,
    )
    csv_header: Header = hyperparameter(
        "auto",
        description="Whether CSV files begin with a row of names; auto looks for known ones, and "
        "refuses what looks like names of which none is known.",
        affects=Affects.DOCUMENTS,
    )
    bad_rows: Literal["fail", "skip"] = hyperparameter(
        "fail",
        description="What to do with a row that is no labelled document, whatever is wrong with "
        "it (no label, no text, too many fields, a quotation mark, bytes of another encoding): "
        "end the job with its file and line, or skip it and say how many were skipped.",
        affects=Affects.DOCUMENTS,
    )
    delimiter: Delimiter = hyperparameter(
        "auto",
        description="What separates the fields of CSV and TSV files; auto goes by the names and "
        "first lines of the files. The character itself is understood, too.",
        affects=Affects.DOCUMENTS,
    )
    quoting: Quoting = hyperparameter(
        "auto",
        description="What quotation marks in CSV and TSV files are: standard, around fields and "
        "doubled inside; backslash, around fields and escaped inside, as Spark writes them; none, "
        "text. auto sees standard from backslash, and leaves marks in TSV files that are no "
        "quoting as text.",
        affects=Affects.DOCUMENTS,
    )
    encoding: Encoding = hyperparameter(
        "utf-8",
        max_length=100,
        description="How text files are encoded, such as cp1252, latin-1, shift-jis or utf-16-le: "
        "any encoding of Python. A byte order mark goes before it.",
        affects=Affects.DOCUMENTS,
    )
    manifest_attributes: str = hyperparameter(
        "",
        max_length=1000,
        description="For channels that are augmented manifests, which come in Pipe mode and "
        "wrapped in RecordIO: their AttributeNames, in this order, with commas between them. "
        "Columns are named by them.",
        affects=Affects.DOCUMENTS,
    )
    validation_fraction: float = hyperparameter(
        0.2,
        gt=0,
        lt=1,
        description="The part of the training documents held out, stratified by label, when there "
        "is no validation channel; unless it is set, no more than are scored, which is 50,000 or, "
        "with more than 200 classes, fewer.",
        affects=Affects.DOCUMENTS,
    )
