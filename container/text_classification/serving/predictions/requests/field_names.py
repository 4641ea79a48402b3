"""The fields of JSON bodies that have a meaning; ``shapes`` says which."""

# Where the text of a record may be; the first of these that is there counts.
TEXT_FIELDS = ("text", "document", "content", "body", "data", "inputs", "source")
# Where a list of records may be.
LIST_FIELDS = ("instances", "inputs", "documents", "texts")
# Where options may be.
OPTION_FIELDS = ("parameters", "configuration")
