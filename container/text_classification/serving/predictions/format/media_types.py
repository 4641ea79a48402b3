"""The media types that are read and written here."""

JSON = "application/json"
JSON_LINES = "application/jsonlines"
CSV = "text/csv"
TSV = "text/tab-separated-values"
PLAIN = "text/plain"

# JSON Lines have no registered name, and clients use all of these.
_JSON_LINES_TOO = (
    *("application/x-jsonlines", "application/jsonl", "application/x-jsonl"),
    *("application/x-ndjson", "application/ndjson"),
)
# What a body may be, by the names that clients use.
READ = {
    JSON: JSON,
    JSON_LINES: JSON_LINES,
    **dict.fromkeys(_JSON_LINES_TOO, JSON_LINES),
    CSV: CSV,
    TSV: CSV,
    PLAIN: PLAIN,
}
# What a response may be, in the order of preference where a caller accepts several.
WRITTEN = {
    JSON: JSON,
    JSON_LINES: JSON_LINES,
    CSV: CSV,
    **dict.fromkeys(_JSON_LINES_TOO, JSON_LINES),
}
