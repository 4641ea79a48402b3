"""ONNX Runtime in FastAPI."""

from fastapi import FastAPI, Request
from pydantic import BaseModel

from benchmarks.applications.bodies import JSON_LINES, texts
from benchmarks.applications.labelling import Best
from benchmarks.applications.onnx_model import OnnxModel

_MODEL = OnnxModel()
app = FastAPI()


class Documents(BaseModel):
    """The body of a request."""

    instances: list[str]


@app.get("/ping")
async def ping() -> dict[str, str]:
    """Tell that the server answers."""
    return {"status": "ready"}


# Without a thread for each request, which would cost as much as the rest of it.
@app.post("/invocations")
async def invocations(documents: Documents) -> dict[str, list[Best]]:
    """Answer some documents."""
    return {"predictions": _MODEL.predict(documents.instances)}


@app.post("/lines")
async def lines(request: Request) -> dict[str, list[Best]]:
    """Answer documents in JSON Lines."""
    return {"predictions": _MODEL.predict(texts(await request.body(), JSON_LINES))}
