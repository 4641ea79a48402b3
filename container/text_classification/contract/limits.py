"""Numbers that settings have as their defaults and others need without the settings."""

# The most memory for a model's look-up tables, in mebibytes.
TABLES_MB = 512
