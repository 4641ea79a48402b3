"""The OpenAPI document, from the types that requests and responses are made of."""

from functools import cache
from typing import Any, Literal

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode

import text_classification
from text_classification.serving.monitoring.status_schemas import Ping, Status
from text_classification.serving.predictions.format.foreign_options import FOREIGN
from text_classification.serving.predictions.format.media_types import CSV, JSON, JSON_LINES, PLAIN
from text_classification.serving.predictions.format.negotiation import ATTRIBUTES_HEADER
from text_classification.serving.predictions.format.options import OPTIONS
from text_classification.serving.predictions.requests.request_schemas import JsonBody, JsonLine
from text_classification.serving.predictions.responses.response_schemas import (
    JsonAnswer,
    JsonLineAnswer,
    Refusal,
)
from text_classification.serving.routes.model_schemas import (
    Done,
    ListedModel,
    ListedModels,
    ModelToLoad,
    Page,
)
from text_classification.serving.routes.parameter_schemas import ExecutionParameters

Json = dict[str, Any]

_TYPES: dict[str, tuple[JsonSchemaMode, Any]] = {
    "JsonBody": ("validation", JsonBody),
    "JsonLine": ("validation", JsonLine),
    "JsonAnswer": ("serialization", JsonAnswer),
    "JsonLineAnswer": ("serialization", JsonLineAnswer),
    "Refusal": ("serialization", Refusal),
    "Ping": ("serialization", Ping),
    "Status": ("serialization", Status),
}
_ONE_MODEL_TYPES: dict[str, tuple[JsonSchemaMode, Any]] = {
    "ExecutionParameters": ("serialization", ExecutionParameters),
}
_MODELS_TYPES: dict[str, tuple[JsonSchemaMode, Any]] = {
    "ModelToLoad": ("validation", ModelToLoad),
    "ListedModel": ("serialization", ListedModel),
    "ListedModels": ("serialization", ListedModels),
    "Done": ("serialization", Done),
}
_ERRORS = {
    400: "The body or an option is wrong; a bad record too, where `strict` was asked for.",
    404: "No such model is loaded, or there is no folder to load it from.",
    406: "None of the accepted media types is written here.",
    409: "A model of this name is loaded already.",
    413: "The body is too large, or has too many records, or a document is too long.",
    415: "The content type or the content encoding is not read here.",
    500: "A fault of the server.",
    503: "The model is being loaded or cannot be served, or there is too much to do; try later.",
    504: "The answer took too long.",
    507: "The model does not fit the memory beside those that are loaded.",
}
# What a response to a request for predictions may be besides.
_REFUSALS = (400, 406, 413, 415, 500, 503, 504)
_DESCRIPTION = """\
The options of a request, the properties of `Options`, may stand in `parameters` or `configuration`
of a JSON body that is an object (not of one record of several, nor of a line of JSON Lines), as
parameters of the media types in `Content-Type` and `Accept` (`text/csv; header=present`), and as
`name=value` between semicolons in `X-Amzn-SageMaker-Custom-Attributes`. Where one is given twice,
the body counts before the attributes, those before `Accept`, and that before `Content-Type`.
"""
_TEXT = "We have cancelled your policy."
_EXAMPLES = {
    "one": {"text": _TEXT, "id": 7, "parameters": {"fields": ["id"]}},
    "several": [_TEXT, {"text": "The bill was paid."}],
    "BlazingText": {"instances": [_TEXT], "configuration": {"k": 3}},
    "HuggingFace": {"inputs": _TEXT, "parameters": {"top_k": 3, "truncation": True}},
    "MLflow": {"dataframe_split": {"columns": ["id", "text"], "data": [[7, _TEXT]]}},
    "SageMaker": {"instances": [{"features": [_TEXT]}], "parameters": {"scores": True}},
    "columns": {"inputs": {"text": [_TEXT, "The bill was paid."]}},
    "tensors": {"inputs": [{"name": "text", "datatype": "BYTES", "shape": [1], "data": [_TEXT]}]},
}
_PLAIN_BODY = "A document; with `lines`, and in batch transform, one a line."
_CSV_ANSWER = (
    "A row a record: label, score, label_2, score_2, ..., labels, scores, sure, unknown_share, "
    "truncated, explanation, the fields, error; a column for each that was asked for."
)


class _WithoutTitles(GenerateJsonSchema):
    """A field's name says what its title would."""

    def field_title_should_be_set(self, schema: Any) -> Literal[False]:  # noqa: ARG002
        """Give no field a title."""
        return False


@cache
def openapi_document(*, multi_model: bool = False) -> Json:
    """Return the document of a server for one model or for many, which is of OpenAPI 3.1."""
    paths = _models_paths() if multi_model else _one_model_paths()
    own = _MODELS_TYPES if multi_model else _ONE_MODEL_TYPES
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Text classification",
            "version": text_classification.__version__,
            "description": _DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": {
            "/ping": {"get": _ping()},
            **paths,
            "/status": {"get": _status()},
            "/openapi.json": {"get": _openapi()},
        },
        "components": {"schemas": _schemas({**_TYPES, **own})},
    }


def _one_model_paths() -> Json:
    return {
        "/invocations": {"post": _predictions("invocations")},
        "/execution-parameters": {"get": _execution_parameters()},
    }


def _models_paths() -> Json:
    name = {"name": "model_name", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "/models": {"post": _load(), "get": _list()},
        "/models/{model_name}": {
            "parameters": [name],
            "get": _operation_returning(
                "describe", "What a model is", "ListedModel", 404, 500, 503
            ),
            "delete": _operation_returning("unload", "Unload a model", "Done", 404, 500, 503),
        },
        "/models/{model_name}/invoke": {
            "parameters": [name],
            "post": _predictions("invoke", 404, 507),
        },
    }


def _schemas(types: dict[str, tuple[JsonSchemaMode, Any]]) -> Json:
    adapters = [(name, mode, TypeAdapter(each)) for name, (mode, each) in types.items()]
    named, shared = TypeAdapter.json_schemas(
        adapters,
        ref_template="#/components/schemas/{model}",
        schema_generator=_WithoutTitles,
    )
    # A type that has a name is among those that are shared.
    schemas: Json = {name: schema for (name, _), schema in named.items()}
    schemas.update(shared["$defs"])
    options = {name: option.schema for name, option in OPTIONS.items()}
    for name, option in FOREIGN.items():  # what is not given asks for nothing
        options[name] = {**option.kind.schema, "description": option.description}
    schemas["Options"] |= {"properties": options, "additionalProperties": False}
    return schemas


def _ping() -> Json:
    return _operation_returning("ping", "Whether the model can answer", "Ping", 500, 503)


def _predictions(name: str, *errors: int) -> Json:
    text, lines = {"type": "string"}, "One JSON value a line: "
    operation = _operation(
        name,
        "Predict the label of each document",
        {
            JSON: {"schema": _reference("JsonAnswer")},
            JSON_LINES: {"schema": {**text, "description": f"{lines}JsonLineAnswer."}},
            CSV: {"schema": {**text, "description": _CSV_ANSWER}},
        },
        *_REFUSALS,
        *errors,
    )
    examples = {name: {"value": value} for name, value in _EXAMPLES.items()}
    body = {
        JSON: {"schema": _reference("JsonBody"), "examples": examples},
        JSON_LINES: {"schema": {**text, "description": f"{lines}JsonLine."}},
        CSV: {"schema": {**text, "description": "A document a row."}},
        PLAIN: {"schema": {**text, "description": _PLAIN_BODY}},
    }
    attributes = {
        "name": ATTRIBUTES_HEADER,
        "in": "header",
        "description": "Options, and what else shall come back with the answer.",
        "schema": {**text, "maxLength": 1024, "pattern": "^[ -~]*$"},
    }
    return {
        **operation,
        "parameters": [attributes],
        "requestBody": {"required": True, "content": body},
    }


def _execution_parameters() -> Json:
    summary = "What batch transform should send"
    return _operation_returning("parameters", summary, "ExecutionParameters", 500, 503)


def _load() -> Json:
    errors = (400, 404, 409, 413, 500, 503, 504, 507)
    operation = _operation_returning("load", "Load a model from a folder", "Done", *errors)
    body = {"required": True, "content": {JSON: {"schema": _reference("ModelToLoad")}}}
    return {**operation, "requestBody": body}


def _list() -> Json:
    operation = _operation_returning(
        "list", "The models that are loaded", "ListedModels", 400, 500, 503
    )
    schema = TypeAdapter(Page).json_schema(schema_generator=_WithoutTitles)
    parameters = [
        {
            "name": name,
            "in": "query",
            "description": each.pop("description"),
            "schema": each,
        }
        for name, each in schema["properties"].items()
    ]
    return {**operation, "parameters": parameters}


def _operation_returning(name: str, summary: str, answer: str, *errors: int) -> Json:
    """Return an operation whose answer is JSON of a type."""
    return _operation(name, summary, {JSON: {"schema": _reference(answer)}}, *errors)


def _status() -> Json:
    return _operation_returning("status", "How the server is", "Status", 500, 503)


def _openapi() -> Json:
    return _operation("description", "This document", {JSON: {"schema": {"type": "object"}}}, 500)


def _operation(name: str, summary: str, content: Json, *errors: int) -> Json:
    refusal = {JSON: {"schema": _reference("Refusal")}}
    responses: Json = {"200": {"description": "The answer.", "content": content}}
    for status in errors:
        responses[str(status)] = {"description": _ERRORS[status], "content": refusal}
    return {"operationId": name, "summary": summary, "responses": responses}


def _reference(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}
