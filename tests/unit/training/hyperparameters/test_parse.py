"""training/hyperparameters/parse.py and combination_checks.py."""

import json
import logging
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.unit.helpers import write_configuration
from text_classification.cnn.architectures.recipes import recipes
from text_classification.contract.hyperparameters.schema import NAMES, Hyperparameters
from text_classification.contract.hyperparameters.strings import decode
from text_classification.contract.paths import Paths
from text_classification.errors import Code, ConfigurationError
from text_classification.training.hyperparameters.combination_checks import warn_of_unused
from text_classification.training.hyperparameters.job_search_space import search_space
from text_classification.training.hyperparameters.parse import (
    parse_hyperparameters,
    read_hyperparameters,
    recipes_that_know,
)

RECIPES = recipes()


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
        *(("label_column", name, name) for name in ("..e1", "1e2", "10.0", "1.2.3e4")),
        ("epochs", "1e2", 100),
        ("sequence_length", "120.0", "120"),
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
    """Those of kim are the schema's; the others set what they need and leave the rest."""
    known = {name: parse_hyperparameters({"recipe": f'"{name}"'}) for name in RECIPES}
    kim, stacked = known["kim"], known["stacked"]
    assert kim.model_dump() == Hyperparameters(recipe="kim").model_dump()
    for recipe, parameters in known.items():
        changed = {
            name: getattr(parameters, name)
            for name in Hyperparameters.model_fields
            if getattr(parameters, name) != getattr(kim, name)
        }
        assert {"recipe": "kim", **changed} == {"recipe": recipe, **RECIPES[recipe].defaults}
    assert (stacked.kernel_size, stacked.strides, stacked.padding) == (5, 3, "valid")
    assert (stacked.pool_size, stacked.pool_padding, stacked.dense_units) == (2, "same", 128)
    assert (stacked.tokenizer, stacked.embedding_size, stacked.decay_steps) == ("words", 128, 1000)


@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("embedding_size", 64),
        ("learning_rate", 0.5),
        ("decay_rate", 1),
        ("decay_steps", 7),
        ("class_weights", "none"),
        ("class_weights", "balanced"),
        ("sequence_length", "mean"),
    ],
)
def test_any_hyperparameter_is_set_on_top_of_a_recipe(recipe: str, name: str, value: Any) -> None:
    """What the client sets counts, and the recipe's other defaults stay."""
    found = parse_hyperparameters({name: json.dumps(value), "recipe": recipe})
    recipes_own = parse_hyperparameters({"recipe": recipe})
    assert found == recipes_own.model_copy(update={name: value})


@pytest.mark.parametrize(
    ("values", "refused", "knowing"),
    [
        ({"strides": "1"}, "the recipe wide does not know strides", "strides: stacked"),
        ({"recipe": "wide", "padding": "valid"}, "wide does not know padding", "stacked"),
        (
            {"recipe": "stacked", "pooling": "max", "networks": "1", "kernel_widths": "3"},
            "the recipe stacked does not know pooling, networks, kernel_widths",
            "networks: kim, wide",
        ),
    ],
)
def test_what_the_recipe_does_not_know_is_refused(
    values: dict[str, str], refused: str, knowing: str
) -> None:
    """It would do nothing; all names are told, and the recipes in which they do something."""
    with pytest.raises(ConfigurationError, match=refused) as raised:
        parse_hyperparameters(values)
    assert raised.value.code == Code.HYPERPARAMETER_UNKNOWN
    assert knowing in raised.value.remedy


@pytest.mark.parametrize("nothing", [None, "", "None", "null", " ", '""'])
def test_nothing_means_the_default(nothing: Any, caplog: pytest.LogCaptureFixture) -> None:
    """However a client writes it; it does not count as asked for, and the log tells it."""
    caplog.set_level(logging.INFO)
    values = {"dropout": nothing, "text_column": nothing, "strides": nothing, "recipe": "wide"}
    assert parse_hyperparameters(values) == parse_hyperparameters({"recipe": "wide"})
    assert parse_hyperparameters(values).asked == {"recipe": "wide"}
    assert "have their defaults: dropout, strides" in caplog.text


@pytest.mark.parametrize("name", RECIPES)
def test_defaults_of_recipes_are_allowed_values(name: str) -> None:
    """Each is read as if a client had set it."""
    values = {key: json.dumps(value) for key, value in RECIPES[name].defaults.items()}
    assert parse_hyperparameters({**values, "recipe": name}).recipe == name


@pytest.mark.parametrize(
    ("values", "problem", "remedy"),
    [
        (
            {"recipe": "stacked", "engine": "fast"},
            "the engine fast does not train stacked.v1",
            "Set engine to auto or keras",
        ),
        (
            {"pooling": "attention", "engine": "fast"},
            "the engine fast does not train pooled.v1",
            "Set engine to auto or keras",
        ),
        (
            {"pooling": "average", "networks": "2"},
            "several networks of pooled.v1 do not make one",
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
        assert parse_hyperparameters({**values, "recipe": "kim"}).recipe == "kim"


def test_what_tools_add_is_passed_over_and_told(caplog: pytest.LogCaptureFixture) -> None:
    """Keys of tuning jobs, the SDK and TensorFlow's estimator; a script would not run."""
    caplog.set_level(logging.INFO)
    added = {
        "_tuning_objective_metric": "validation:accuracy",
        "sagemaker_program": "train.py",
        "model_dir": "s3://bucket/model",
    }
    assert parse_hyperparameters(added) == parse_hyperparameters({})
    (warning,) = (each for each in caplog.records if each.levelno == logging.WARNING)
    assert "runs no script" in warning.message
    assert all(name in caplog.text for name in added)


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


def test_all_unknown_names_are_told_at_once() -> None:
    """Those of another toolkit with what stands for them here; one try shows them all."""
    of_blazing_text = {"mode": "supervised", "vector_dim": "10", "early_stopping": "True"}
    with pytest.raises(ConfigurationError) as raised:
        parse_hyperparameters({**of_blazing_text, "epochs": "3", "zzz": "1"})
    assert raised.value.message == (
        "there are no hyperparameters 'mode', 'vector_dim', 'early_stopping', 'zzz'"
    )
    remedy = raised.value.remedy
    assert "Leave out mode: what is learned here is always the classification of texts." in remedy
    assert "For vector_dim, did you mean embedding_size?" in remedy
    assert "patience ends training" in remedy


def test_all_wrong_values_are_told_at_once() -> None:
    """A job is paid for each try."""
    with pytest.raises(ConfigurationError) as raised:
        parse_hyperparameters({"epochs": "0", "dropout": "2", "seed": "1"})
    assert "epochs is '0': " in raised.value.message
    assert "dropout is '2': " in raised.value.message
    assert "seed" not in raised.value.message


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("epochs", "0", "a whole number from 1 to 10000"),
        ("seed", "x", "a whole number from 0 to 4294967295"),
        ("dropout", "1", "a number from 0 to below 1"),
        ("learning_rate", "2", "a number from above 0 to 1"),
        ("report", "perhaps", "true or false"),
        ("class_weights", "x", "one of none, balanced"),
    ],
)
def test_wrong_value_is_told_what_it_ought_to_be(name: str, value: str, expected: str) -> None:
    """In the words of the project, and with the range."""
    with pytest.raises(ConfigurationError) as raised:
        parse_hyperparameters({name: value})
    assert raised.value.message == f"the hyperparameter {name} is '{value}': it is not {expected}"


def test_unknown_key_without_a_near_one_names_all() -> None:
    """Where nothing is near, every name is listed."""
    with pytest.raises(ConfigurationError) as raised:
        parse_hyperparameters({"zzz": "1"})
    assert all(name in raised.value.remedy for name in NAMES)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("epochs", "0"),
        ("epochs", "10001"),
        ("epochs", "1.5"),
        ("epochs", "many"),
        ("epochs", "1.2.3e4"),
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
        *(("encoding", name) for name in ("punycode", "idna")),
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
    ],
)
def test_value_out_of_range_is_told_with_its_name(name: str, value: Any) -> None:
    """A wrong value ends the job with its name, itself (cut short) and what is expected."""
    recipe = {} if name == "recipe" else {"recipe": recipes_that_know(name)[0]}
    with pytest.raises(ConfigurationError, match=f"the hyperparameter {name} is ") as raised:
        parse_hyperparameters({**recipe, name: value})
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
    recipe = recipes_that_know(name)[0]
    for value in values:
        written = {name: json.dumps(value), "recipe": recipe}
        assert getattr(parse_hyperparameters(written), name) == value


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
    assert read_hyperparameters(paths) == parse_hyperparameters({})


def test_file_is_read(paths: Paths) -> None:
    """The values come from hyperparameters.json."""
    write_configuration(paths.hyperparameters, {"epochs": "3", "tokenizer": '"whitespace"'})
    expected = parse_hyperparameters({"epochs": 3, "tokenizer": "whitespace"})
    assert read_hyperparameters(paths) == expected


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"search_space": '{"filters": [4, 8]}'}, "nothing comes of search_space"),
        (
            {"study_storage": "mysql://a:b@c/d", "tuning_epochs": "3", "tuning_trials": "0"},
            "nothing comes of tuning_epochs, study_storage",
        ),
        ({"tuning_minutes": "60", "tuning_pruner": "none", "tuning_trials": "3"}, ""),
        ({"tuning_trials": "0", "epochs": "3"}, ""),
        ({"decay_steps": "100"}, "as decay_rate is 1; so nothing comes of decay_steps"),
        ({"decay_steps": "100", "decay_rate": "0.5"}, ""),
        ({"recipe": "stacked", "decay_steps": "100"}, ""),
        ({}, ""),
    ],
)
def test_what_does_nothing_beside_others_is_told(
    caplog: pytest.LogCaptureFixture, given: dict[str, str], told: str
) -> None:
    """Whoever sets it believes that it does something; defaults were not asked for."""
    warn_of_unused(parse_hyperparameters(given))
    assert len(caplog.messages) == bool(told)
    assert told in caplog.text


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


NAMES_OF_ALL = st.sampled_from(NAMES)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**400), 10**400) | st.floats() | st.text(),
    lambda parts: st.lists(parts) | st.dictionaries(st.text(), parts),
    max_leaves=5,
)
NUMBERS = st.text("0123456789.eE+-_, []\"'", max_size=20)


@given(NAMES_OF_ALL, JSON | JSON.map(json.dumps) | NUMBERS | st.from_regex(r"\A\.*[0-9.]*e[0-9]\Z"))
@example("epochs", "1.2.3e4")
@example("label_column", "..e1")
@example("label_column", "\ud800")
@example("search_space", "[" * 5000)
@example("search_space", '{"filters": ' + "[" * 5000)
@example("kernel_widths", "[[[[3]]]]")
@example("encoding", "\0")
def test_every_value_is_taken_or_refused_with_its_name(name: str, value: Any) -> None:
    """No value of any hyperparameter is a fault of the image; a secret is never repeated."""
    error = None
    try:
        chosen = parse_hyperparameters({"recipe": recipes_that_know(name)[0], name: value})
        search_space(chosen)
        assert json.loads(chosen.model_dump_json())
    except ConfigurationError as refused:
        error = refused
    if error:
        assert name in error.message
        assert error.code == Code.HYPERPARAMETER_INVALID


@pytest.mark.parametrize("url", ["sqlite:///secret", "secret", "oracle://user:secret@host/name"])
def test_other_databases_are_refused_unseen(url: str) -> None:
    """The error says what can be given, and repeats nothing of what was."""
    with pytest.raises(ConfigurationError, match="study_storage") as raised:
        parse_hyperparameters({"study_storage": url})
    assert "secret" not in str(raised.value)
