"""Tell how good a model is: calibration, scores, tables, attribution, the report.

- **The baseline for drift is made of answers** to documents held out, so it can be compared with
  captured answers, without documents or labels.
"""
