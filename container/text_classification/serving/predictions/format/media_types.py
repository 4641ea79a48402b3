"""The media types that are read and written here."""

JSON = "application/json"
JSON_LINES = "application/jsonlines"
CSV = "text/csv"
PLAIN = "text/plain"

# What a body may be, by the names that clients use.
READ = {
    JSON: JSON,
    JSON_LINES: JSON_LINES,
    "application/x-ndjson": JSON_LINES,
    CSV: CSV,
    PLAIN: PLAIN,
}
# What an answer may be, in the order of preference where a caller accepts several.
WRITTEN = (JSON, JSON_LINES, CSV)
