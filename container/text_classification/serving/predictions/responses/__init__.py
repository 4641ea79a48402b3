"""From scores to a response, piece by piece, for each media type.

- **A response may name its model and times** (the options ``model`` and ``timing``), since
  InvokeEndpoint passes on no header. Only a JSON object has a place for them: lines and rows are
  refused with 400.
"""
