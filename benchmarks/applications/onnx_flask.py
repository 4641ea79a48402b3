"""ONNX Runtime in Flask."""

from benchmarks.applications.flask_routes import application
from benchmarks.applications.onnx_model import OnnxModel

app = application(OnnxModel().predict)
