"""The report of a job: one HTML page that stands alone, and its figures as SVG files."""
