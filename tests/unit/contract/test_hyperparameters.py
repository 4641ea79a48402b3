"""contract/hyperparameters.py."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.helpers import write_configuration
from text_classification.contract.hyperparameters import (
    RECIPES,
    Hyperparameters,
    decode,
    parse_hyperparameters,
    read_hyperparameters,
)
from text_classification.contract.paths import Paths
from text_classification.errors import Code, ConfigurationError


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        *(("epochs", value, 10) for value in (10, 10.0, "10", " 10 ", '"10"', "10.0")),
        *(("learning_rate", v, 0.001) for v in (0.001, "0.001", "1e-3", "1E-3", '"1e-3"')),
        *(("tokenizer", v, "whitespace") for v in ("whitespace", '"whitespace"', " whitespace ")),
        *(
            ("kernel_widths", value, (3, 4, 5))
            for value in ("3,4,5", "[3,4,5]", "[3, 4, 5]", '"[3,4,5]"', "3 4 5", "(3,4,5)")
        ),
        ("kernel_widths", [3, 4, 5], (3, 4, 5)),
        ("kernel_widths", "[7]", (7,)),
        ("kernel_widths", "7", (7,)),
        ("kernel_widths", 7, (7,)),
        *(("sequence_length", value, "120") for value in (120, "120", '"120"')),
        *(("sequence_length", value, value) for value in ("mean", "max", "p0", "p95", "p100")),
        ("label_column", 0, "0"),
        ("label_column", '""', ""),
        ("label_column", '"the \\"label\\""', 'the "label"'),
        ("text_column", '"half "quoted" name"', 'half "quoted" name'),
        ("text_column", '"', '"'),
    ],
)
def test_value_is_read_in_every_encoding(name: str, value: Any, expected: object) -> None:
    """Whatever way a client writes a value, the same typed value comes out."""
    assert getattr(parse_hyperparameters({name: value}), name) == expected


@given(st.text())
def test_one_layer_of_quotes_is_taken_off(text: str) -> None:
    """What a client encoded as JSON comes out as it was."""
    assert decode(json.dumps(text)) == text


def test_what_was_asked_for_is_known() -> None:
    """Neither the schema's defaults nor the recipe's, but one that was set to its default."""
    assert parse_hyperparameters({}).asked == {}
    found = parse_hyperparameters({"recipe": "stacked", "filters": "8", "_tuned": "x"})
    assert found.asked == {"recipe": "stacked", "filters": 8}
    assert found.dropout == 0.2


def test_recipe_brings_its_defaults() -> None:
    """Those of kim are the defaults; the others set what they need and leave the rest."""
    recipes = {name: parse_hyperparameters({"recipe": f'"{name}"'}) for name in RECIPES}
    kim, stacked = recipes["kim"], recipes["stacked"]
    assert kim == Hyperparameters() == parse_hyperparameters({})
    for recipe, parameters in recipes.items():
        changed = {
            name: getattr(parameters, name)
            for name in Hyperparameters.model_fields
            if getattr(parameters, name) != getattr(kim, name)
        }
        assert {"recipe": "kim", **changed} == {"recipe": recipe, **RECIPES[recipe]}
    assert (stacked.kernel_size, stacked.strides, stacked.padding) == (5, 3, "valid")
    assert (stacked.pool_size, stacked.pool_padding, stacked.dense_units) == (2, "same", 128)
    assert (stacked.tokenizer, stacked.embedding_size, stacked.decay_steps) == ("words", 128, 1000)


@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("filters", 64),
        ("strides", 1),
        ("padding", "same"),
        ("pool_padding", "valid"),
        ("learning_rate", 0.5),
        ("decay_rate", 1),
        ("decay_steps", 7),
        ("class_weights", "none"),
        ("class_weights", "balanced"),
        ("sequence_length", "mean"),
        ("kernel_widths", (2,)),
    ],
)
def test_any_hyperparameter_is_set_on_top_of_a_recipe(recipe: str, name: str, value: Any) -> None:
    """What the client sets counts, and the recipe's other defaults stay."""
    found = parse_hyperparameters({name: json.dumps(value), "recipe": recipe})
    recipes_own = parse_hyperparameters({"recipe": recipe})
    assert found == recipes_own.model_copy(update={name: value})


@pytest.mark.parametrize("name", RECIPES)
def test_defaults_of_recipes_are_allowed_values(name: str) -> None:
    """Each is read as if a client had set it."""
    values = {key: json.dumps(value) for key, value in RECIPES[name].items()}
    assert parse_hyperparameters({**values, "recipe": name}).recipe == name


@pytest.mark.parametrize(
    ("values", "problem", "remedy"),
    [
        (
            {"recipe": "stacked", "engine": "fast"},
            "the engine fast does not know the recipe stacked",
            "Set engine to auto",
        ),
        (
            {"pooling": "attention", "engine": "fast"},
            "the engine fast does not know pooling=attention",
            "or pooling to max",
        ),
        ({"recipe": "stacked", "pooling": "average"}, "the recipe stacked knows neither", "kim"),
        ({"recipe": "stacked", "batch_normalization": "1"}, "the recipe stacked knows", "kim"),
        ({"recipe": "stacked", "networks": "2"}, "several networks side by side", "networks to 1"),
        (
            {"pooling": "average", "networks": "2"},
            "several networks side by side",
            "pooling to max",
        ),
    ],
)
def test_values_that_do_not_go_together_are_told(
    values: dict[str, str], problem: str, remedy: str
) -> None:
    """Before anything is read, with the way out."""
    with pytest.raises(ConfigurationError, match=problem) as raised:
        parse_hyperparameters(values)
    assert raised.value.code == Code.HYPERPARAMETER_INVALID
    assert remedy in raised.value.remedy


def test_values_that_go_together_are_taken() -> None:
    """Each engine with what it knows, and auto with everything."""
    for values in (
        {"engine": "fast", "batch_normalization": "true"},
        {"engine": "keras", "pooling": "attention", "batch_normalization": "true"},
        {"pooling": "average"},
    ):
        assert parse_hyperparameters(values).recipe == "kim"


def test_foreign_keys_are_ignored() -> None:
    """Keys that tuning jobs and the SDK add change nothing."""
    foreign = {"_tuning_objective_metric": "validation:accuracy", "sagemaker_program": "train.py"}
    assert parse_hyperparameters(foreign) == Hyperparameters()


@pytest.mark.parametrize(
    ("typo", "nearest"),
    [
        ("epoch", "epochs"),
        ("learning-rate", "learning_rate"),
        ("Filters", "filters"),
        ("kernel_width", "kernel_widths"),
        ("droput", "dropout"),
        ("label", "label_column"),
    ],
)
def test_unknown_key_names_the_nearest(typo: str, nearest: str) -> None:
    """A typo ends the job and says what was probably meant."""
    with pytest.raises(ConfigurationError, match=f"'{typo}'") as raised:
        parse_hyperparameters({typo: "1"})
    assert raised.value.code == Code.HYPERPARAMETER_UNKNOWN
    assert raised.value.remedy == f"Did you mean {nearest}?"


def test_unknown_key_without_a_near_one_names_all() -> None:
    """Where nothing is near, every name is listed."""
    with pytest.raises(ConfigurationError) as raised:
        parse_hyperparameters({"zzz": "1"})
    assert all(name in raised.value.remedy for name in Hyperparameters.model_fields)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("epochs", "0"),
        ("epochs", "10001"),
        ("epochs", "1.5"),
        ("epochs", "many"),
        ("epochs", ""),
        ("epochs", "9" * 5000),
        ("max_tokens", "0"),
        ("min_count", "0"),
        ("batch_size", "65537"),
        ("embedding_size", "4097"),
        ("filters", "-1"),
        ("patience", "0"),
        ("seed", "-1"),
        ("seed", str(2**32)),
        ("dropout", "1"),
        ("dropout", "-0.1"),
        ("dropout", "nan"),
        ("learning_rate", "0"),
        ("learning_rate", "1.1"),
        ("learning_rate", "nan"),
        ("learning_rate", "inf"),
        ("validation_fraction", "0"),
        ("validation_fraction", "1"),
        ("validation_fraction", "nan"),
        ("recipe", "Kim"),
        ("recipe", ["kim"]),
        ("kernel_size", "0"),
        ("kernel_size", "51"),
        ("strides", "51"),
        ("pool_size", "0"),
        ("padding", "causal"),
        ("pool_padding", "Same"),
        ("dense_units", "4097"),
        ("decay_steps", "0"),
        ("decay_rate", "0"),
        ("decay_rate", "1.1"),
        ("decay_rate", "nan"),
        ("class_weights", "true"),
        ("tokenizer", "Words"),
        ("csv_header", "yes"),
        ("bad_rows", "ignore"),
        ("delimiter", "colon"),
        ("delimiter", ["comma"]),
        ("quoting", "all"),
        *(("encoding", name) for name in ("utf-9", "base64", "undefined", "a\0b", "x" * 101)),
        ("kernel_widths", "[]"),
        ("kernel_widths", "3,3"),
        ("kernel_widths", "0"),
        ("kernel_widths", "51"),
        ("kernel_widths", "3,x"),
        ("kernel_widths", ",".join(map(str, range(1, 18)))),
        ("sequence_length", "0"),
        ("sequence_length", "-5"),
        ("sequence_length", "p101"),
        ("sequence_length", "median"),
        ("sequence_length", "12.5"),
        ("text_column", None),
    ],
)
def test_value_out_of_range_is_told_with_its_name(name: str, value: Any) -> None:
    """A wrong value ends the job with its name, itself (cut short) and what is expected."""
    with pytest.raises(ConfigurationError, match=f"the hyperparameter {name} is ") as raised:
        parse_hyperparameters({name: value})
    assert raised.value.code == Code.HYPERPARAMETER_INVALID
    assert raised.value.remedy == Hyperparameters.model_fields[name].description
    assert len(raised.value.message) < 400


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("max_tokens", (1, 10_000_000)),
        ("min_count", (1, 1_000_000)),
        ("embedding_size", (1, 4096)),
        ("filters", (1, 4096)),
        ("batch_size", (1, 65_536)),
        ("epochs", (1, 10_000)),
        ("patience", (1, 10_000)),
        ("seed", (0, 2**32 - 1)),
        ("dropout", (0, 0.999)),
        ("learning_rate", (1e-9, 1)),
        ("validation_fraction", (0.001, 0.999)),
        *((name, (1, 50)) for name in ("kernel_size", "strides", "pool_size")),
        ("dense_units", (1, 4096)),
        ("decay_steps", (1, 1_000_000_000)),
        ("decay_rate", (0.001, 1)),
        ("kernel_widths", ((1,), (50,), tuple(range(1, 17)))),
        ("sequence_length", ("1", "p0", "p9", "p99", "p100")),
    ],
)
def test_limits_belong_to_the_range(name: str, values: tuple[Any, ...]) -> None:
    """The smallest and the largest value that the documentation names are taken."""
    for value in values:
        assert getattr(parse_hyperparameters({name: json.dumps(value)}), name) == value


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (",", "comma"),
        (";", "semicolon"),
        ("|", "pipe"),
        ("\t", "tab"),
        ("\\t", "tab"),
        ('"\\t"', "tab"),
        ('";"', "semicolon"),
        ("tab", "tab"),
    ],
)
def test_delimiter_may_be_the_character(value: str, name: str) -> None:
    """However a client writes it."""
    assert parse_hyperparameters({"delimiter": value}).delimiter == name


@pytest.mark.parametrize(
    ("value", "name"), [("UTF8", "utf-8"), ("Latin-1", "iso8859-1"), ("windows-1252", "cp1252")]
)
def test_encoding_has_one_name(value: str, name: str) -> None:
    """Of the many that Python knows for it."""
    assert parse_hyperparameters({"encoding": value}).encoding == name


def test_missing_file_gives_the_defaults(paths: Paths) -> None:
    """A job without hyperparameters runs."""
    assert read_hyperparameters(paths) == Hyperparameters()


def test_file_is_read(paths: Paths) -> None:
    """The values come from hyperparameters.json."""
    write_configuration(paths.hyperparameters, {"epochs": "3", "tokenizer": '"whitespace"'})
    assert read_hyperparameters(paths) == Hyperparameters(epochs=3, tokenizer="whitespace")


@pytest.mark.parametrize("recipe", ["kim", "stacked"])
def test_defaults_of_a_recipe_do_not_count_as_set(recipe: str) -> None:
    """Tuning searches what the user has not set."""
    parsed = parse_hyperparameters({"recipe": recipe, "filters": "8"})
    assert parsed.model_fields_set == {"recipe", "filters"}


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://user:secret@host/name",
        "postgresql+psycopg://user:secret@host:5432/name",
        "mysql://user:secret@host/name",
        "mariadb+pymysql://user:secret@host/name",
    ],
)
def test_password_of_the_study_is_not_shown(url: str) -> None:
    """Not in what the artifact keeps, nor where the hyperparameters are printed."""
    parsed = parse_hyperparameters({"study_storage": url})
    assert parsed.study_storage.get_secret_value() == url
    assert "secret" not in parsed.model_dump_json()
    assert "secret" not in repr(parsed)


@pytest.mark.parametrize("url", ["sqlite:///secret", "secret", "oracle://user:secret@host/name"])
def test_other_databases_are_refused_unseen(url: str) -> None:
    """The error says what can be given, and repeats nothing of what was."""
    with pytest.raises(ConfigurationError, match="study_storage") as raised:
        parse_hyperparameters({"study_storage": url})
    assert "secret" not in str(raised.value)
