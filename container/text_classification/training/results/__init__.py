"""Tell how good a model is: calibration, scores, tables, attribution, the report."""
