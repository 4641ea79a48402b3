"""Flask and NumPy and nothing else: what a server of models cannot start without."""

import numpy as np
from flask import Flask

app = Flask(__name__)


@app.get("/ping")
def ping() -> dict[str, str]:
    """Tell that the server answers."""
    return {"numpy": np.__version__}
