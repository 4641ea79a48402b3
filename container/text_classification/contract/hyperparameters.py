r"""Every hyperparameter: one schema gives validation, documentation and SageMaker's metadata.

SageMaker hands over a flat object in which every value is a string, and each client writes those
strings in its own way (``10``, ``"10"``, ``True``, ``"\"words\""``, ``[3,4,5]``, ``3,4,5``), so
strings are decoded first and typed afterwards.
"""

import codecs
import difflib
import json
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    SecretStr,
    ValidationError,
    model_validator,
)

from text_classification.contract.configuration_files import read_object
from text_classification.contract.paths import Paths
from text_classification.errors import Code, ConfigurationError

# Tuning jobs and the SDK add keys of their own.
FOREIGN_PREFIXES = ("_", "sagemaker_")
# What a recipe sets in place of the defaults, which are those of kim.
RECIPES: Mapping[str, Mapping[str, Any]] = {
    "kim": {},
    "wide": {
        "ngrams": True,
        "refit": True,
        "tokenizer": "words_and_symbols",
        "max_tokens": 200_000,
        "min_count": 1,
        "sequence_length": "p95",
        "keras_export": False,
    },
    "stacked": {
        "max_tokens": 20_000,
        "sequence_length": "300",
        "filters": 8,
        "dropout": 0.2,
        "learning_rate": 1e-2,
        "decay_rate": 0.2,
        "class_weights": "balanced",
        "epochs": 20,
        "patience": 10,
    },
}
DELIMITER_NAMES = {",": "comma", "\t": "tab", "\\t": "tab", ";": "semicolon", "|": "pipe"}
DATABASE_URL = re.compile(r"(postgresql|mysql|mariadb)(\+[a-z0-9]+)?://")
LENGTH_RULE = re.compile(r"mean|max|p(100|[1-9]?[0-9])|[1-9][0-9]{0,5}")


def decode(value: Any) -> Any:
    """Return what a client meant by a hyperparameter's string: one layer of quotes is taken off.

    >>> decode('"words"'), decode(' 10 '), decode("words"), decode(7)
    ('words', '10', 'words', 7)
    """
    if not isinstance(value, str):
        return value
    stripped = value if value == "\t" else value.strip()  # a tab is a delimiter
    if len(stripped) > 1 and stripped[0] == stripped[-1] == '"':
        try:
            return json.loads(stripped)
        except ValueError:
            return stripped[1:-1]
    return _whole(stripped)


def _whole(text: str) -> str:
    """Write a whole number that a client wrote as 1e2 or 120.0 with digits alone."""
    if re.fullmatch(r"[0-9]+\.0*|[0-9.]+[eE]\+?[0-9]{1,2}", text) and float(text).is_integer():
        return str(int(float(text)))
    return text


def _integers(value: Any) -> Any:
    """Split ``[3,4,5]``, ``3,4,5`` and ``3`` into their parts; pydantic types them."""
    if isinstance(value, str):
        return [part for part in re.split(r"[\s,;\"']+", value.strip("[]() ")) if part]
    return [value] if isinstance(value, int) else value


def _length_rule(value: str) -> str:
    if not LENGTH_RULE.fullmatch(value):
        raise ValueError("write mean, max, a percentile such as p95, or a number of tokens")
    return value


def _distinct(values: tuple[int, ...]) -> tuple[int, ...]:
    if len(set(values)) != len(values):
        raise ValueError("each width may be named once")
    return values


def _json(value: Any) -> Any:
    """Write an object that a client did not write as a string."""
    return json.dumps(value) if isinstance(value, dict) else value


def _database(value: SecretStr) -> SecretStr:
    if value and not DATABASE_URL.match(value.get_secret_value()):
        raise ValueError("write postgresql:// or mysql://, user:password@host/name")
    return value


def _named_delimiter(value: Any) -> Any:
    return DELIMITER_NAMES.get(value, value) if isinstance(value, str) else value


def _text_encoding(value: str) -> str:
    try:
        "a".encode(value)  # refuses what makes no text of bytes
        return codecs.lookup(value).name
    except (LookupError, ValueError):
        raise ValueError("write the name of a text encoding that Python knows") from None


Width = Annotated[int, Field(ge=1, le=50)]
Padding = Literal["valid", "same"]
Delimiter = Annotated[
    Literal["auto", "comma", "tab", "semicolon", "pipe"], BeforeValidator(_named_delimiter)
]
Widths = Annotated[
    tuple[Width, ...],
    BeforeValidator(_integers),
    AfterValidator(_distinct),
    Field(min_length=1, max_length=16),
]
LengthRule = Annotated[str, BeforeValidator(str), AfterValidator(_length_rule)]


class Hyperparameters(BaseModel):
    """All hyperparameters with their ranges, defaults and units."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)

    recipe: Literal["kim", "wide", "stacked"] = Field(
        "kim",
        description="The defaults to start from. kim: convolutions of several widths side by side; "
        "wide: the same with a linear model of n-grams beside it, for the best accuracy; stacked: "
        "two convolutions one after the other. Every hyperparameter can be set on top.",
    )
    label_column: str = Field(
        "",
        description="The column that holds the label: a name, or a number counted from 0; "
        "empty finds label, category, class or the like.",
    )
    text_column: str = Field(
        "",
        description="The column that holds the text: a name, or a number counted from 0; several "
        "with commas between them are joined; empty finds text, document, body or the like.",
    )
    csv_header: Literal["auto", "present", "absent"] = Field(
        "auto",
        description="Whether CSV files begin with a row of names; auto looks for known ones, and "
        "refuses what looks like names of which none is known.",
    )
    bad_rows: Literal["fail", "skip"] = Field(
        "fail",
        description="What to do with a row that is no labelled document, whatever is wrong with "
        "it (no label, no text, too many fields, a quotation mark, bytes of another encoding): "
        "end the job with its file and line, or skip it and say how many were skipped.",
    )
    delimiter: Delimiter = Field(
        "auto",
        description="What separates the fields of CSV and TSV files; auto goes by the names and "
        "first lines of the files. The characters are understood too.",
    )
    quoting: Literal["auto", "standard", "none", "backslash"] = Field(
        "auto",
        description="What quotation marks in CSV and TSV files are: standard, around fields and "
        "doubled inside; backslash, around fields and escaped inside, as Spark writes them; none, "
        "text. auto sees standard from backslash, and leaves marks in TSV files that are no "
        "quoting as text.",
    )
    encoding: Annotated[str, AfterValidator(_text_encoding)] = Field(
        "utf-8",
        max_length=100,
        description="How text files are encoded, such as cp1252, latin-1, shift-jis or utf-16-le: "
        "any encoding of Python. A byte order mark goes before it.",
    )
    tokenizer: Literal["words", "words_and_symbols", "whitespace"] = Field(
        "words",
        description="words: lower case, punctuation stripped, each emoji a token; "
        "words_and_symbols: lower case, each emoji, punctuation mark or symbol a token; "
        "whitespace: tokens as they stand, for hashed or already tokenized text.",
    )
    max_tokens: int = Field(
        50_000,
        ge=1,
        le=10_000_000,
        description="The most tokens that the vocabulary keeps: the most frequent of the training "
        "documents, behind those of the model in the channel model, if there is one.",
        json_schema_extra={"unit": "tokens"},
    )
    min_count: int = Field(
        2,
        ge=1,
        le=1_000_000,
        description="Tokens that occur less often in the training documents are left out.",
        json_schema_extra={"unit": "occurrences"},
    )
    sequence_length: LengthRule = Field(
        "mean",
        description="The length that documents are padded or cut to: mean, a percentile such "
        "as p95, max, or a number of tokens.",
        json_schema_extra={"unit": "tokens"},
    )
    validation_fraction: float = Field(
        0.2,
        gt=0,
        lt=1,
        description="The part of the training documents held out, stratified by label, when there "
        "is no validation channel.",
    )
    folds: int = Field(
        0,
        ge=0,
        le=100,
        description="Cross-validation: the training documents are dealt to so many folds, "
        "stratified by label, and a model is trained without each of them; then one on all. "
        "0 or 1: none. A validation channel is not dealt out; the last model is held against it.",
    )
    processes: int = Field(
        0,
        ge=0,
        le=256,
        description="How many models are trained side by side, each by a process with its share of "
        "the processors; 0: as many as there are processors, one where a GPU trains.",
    )
    tuning_trials: int = Field(
        0,
        ge=0,
        le=100_000,
        description="Tuning: how many models, each with other hyperparameters, are tried before "
        "the last is trained with the best; those of an interrupted job count. 0: none.",
    )
    tuning_minutes: float = Field(
        0,
        ge=0,
        le=100_000,
        description="After so much time no further trial begins; those under way go on to their "
        "end. A job that was interrupted counts anew. 0: no limit.",
        json_schema_extra={"unit": "minutes"},
    )
    tuning_objective: Literal["pr_auc", "accuracy", "macro_f1"] = Field(
        "pr_auc",
        description="What the best trial has most of, on validation: the area under the "
        "precision-recall curve, mean over the classes; accuracy; macro F1.",
    )
    tuning_epochs: int = Field(
        10,
        ge=1,
        le=10_000,
        description="The most epochs of a trial, where epochs allows as many; the last model is "
        "trained for longer if it pays.",
        json_schema_extra={"unit": "epochs"},
    )
    tuning_sampler: Literal["tpe", "random"] = Field(
        "tpe",
        description="How the hyperparameters of a trial are chosen: tpe learns from the trials "
        "before (tree-structured Parzen estimator), random does not. Both go by seed.",
    )
    tuning_pruner: Literal["median", "hyperband", "none"] = Field(
        "median",
        description="When a trial is given up after an epoch: median, below the median of the "
        "others after as many; hyperband, by successive halving; none, never.",
    )
    search_space: Annotated[str, BeforeValidator(_json)] = Field(
        "",
        max_length=10_000,
        description="What tuning searches, as JSON: a range with low, high and log, or a list of "
        "choices, by hyperparameter. Empty takes the recipe's, but for hyperparameters that are "
        "set.",
    )
    study_storage: Annotated[SecretStr, AfterValidator(_database)] = Field(
        SecretStr(""),
        description="The database of the study, where several machines share it: a URL of "
        "PostgreSQL (postgresql://user:password@host/name) or MySQL (mysql://...). Empty keeps it "
        "in SQLite, among the checkpoints where the job has a folder for them.",
    )
    study_name: str = Field(
        "",
        max_length=200,
        description="The name of the study in its database. Empty makes one of the documents and "
        "the hyperparameters, so that jobs which are alike share it.",
    )
    embedding_size: int = Field(
        128,
        ge=1,
        le=4096,
        description="Numbers that represent a token; with a channel embeddings, those of its "
        "vectors.",
    )
    frozen_epochs: int = Field(
        0,
        ge=0,
        le=10_000,
        description="The first epochs, in which the vectors of the tokens stay as they are; as "
        "many as epochs: always. Of use where they come from a channel embeddings or model.",
        json_schema_extra={"unit": "epochs"},
    )
    kernel_widths: Widths = Field(
        (3, 4, 5),
        description="The widths of the convolution kernels of kim.",
        json_schema_extra={"unit": "tokens"},
    )
    filters: int = Field(
        128,
        ge=1,
        le=4096,
        description="Filters of each kernel width of kim, or of each convolution of stacked.",
    )
    networks: int = Field(
        1,
        ge=1,
        le=16,
        description="How many networks of kim are trained side by side, from different first "
        "weights, and made one whose logits are the mean of theirs. Each is of the size set here, "
        "so training and answers take so many times as long.",
    )
    pooling: Literal["max", "attention", "average"] = Field(
        "max",
        description="What kim makes of the windows of a filter: max, the largest; attention, their "
        "mean, weighed by what is learned; average, their plain mean. The last two are trained by "
        "keras and served from float32, slower.",
    )
    batch_normalization: bool = Field(
        False,  # noqa: FBT003 - a default
        description="Whether kim's pooled features are normalised in training. It is folded into "
        "the weights that are kept, so a job that goes on from them trains without.",
    )
    kernel_size: Width = Field(
        5,
        description="The width of both convolutions of stacked: tokens in the first, pooled "
        "positions in the second.",
    )
    strides: Width = Field(
        3, description="The step from one window of stacked's convolutions to the next."
    )
    padding: Padding = Field(
        "valid",
        description="The windows of stacked's convolutions: valid lie wholly in the sequence, "
        "same reach beyond its ends, over zeros.",
    )
    pool_size: Width = Field(
        2, description="How many positions stacked's max pooling makes one of."
    )
    pool_padding: Padding = Field(
        "same",
        description="What stacked's max pooling does with positions left over at the ends: valid "
        "drops them, same pools them.",
    )
    dense_units: int = Field(
        128, ge=1, le=4096, description="Units of stacked's dense layer before the last."
    )
    dropout: float = Field(
        0.5,
        ge=0,
        lt=1,
        description="The part of the last dense layer's inputs dropped at each training step.",
    )
    learning_rate: float = Field(
        1e-3, gt=0, le=1, description="The step size of the Adam optimizer at the first step."
    )
    decay_steps: int = Field(
        1000,
        ge=1,
        le=1_000_000_000,
        description="The steps in which the learning rate falls to decay_rate times itself.",
        json_schema_extra={"unit": "steps"},
    )
    decay_rate: float = Field(
        1.0,
        gt=0,
        le=1,
        description="What the learning rate is multiplied by in decay_steps steps, smoothly: step "
        "n takes learning_rate * decay_rate ** (n / decay_steps); 1 leaves it as it is.",
    )
    class_weights: Literal["none", "balanced"] = Field(
        "none",
        description="How much a training document counts: none, each as much; balanced, each "
        "class as much: documents / (classes * documents of its class).",
    )
    target_precision: float = Field(
        0,
        ge=0,
        lt=1,
        description="The part of the answers that is to be right where the model is sure: the "
        "confidence from which that holds on validation becomes its floor, and answers below it "
        "are marked as not sure; 0: no floor.",
    )
    batch_size: int = Field(
        64,
        ge=1,
        le=65_536,
        description="Documents in a training step.",
        json_schema_extra={"unit": "documents"},
    )
    epochs: int = Field(
        50,
        ge=1,
        le=10_000,
        description="The most passes over the training documents.",
        json_schema_extra={"unit": "epochs"},
    )
    patience: int = Field(
        3,
        ge=1,
        le=10_000,
        description="Training ends after so many epochs in which neither accuracy nor loss on "
        "validation reached a new best; the weights with the best accuracy are kept.",
        json_schema_extra={"unit": "epochs"},
    )
    engine: Literal["auto", "fast", "keras"] = Field(
        "auto",
        description="What computes the training steps: fast on the processor, keras by TensorFlow; "
        "auto takes keras where it can use a GPU and for what fast does not know: stacked, and "
        "other poolings than max.",
    )
    ngrams: bool = Field(
        False,  # noqa: FBT003 - a default
        description="Whether a linear model of words, pairs of them and, unless there is much "
        "text, character n-grams is trained beside the network, and their logits are added.",
    )
    refit: bool = Field(
        False,  # noqa: FBT003 - a default
        description="Whether to train once more on all training documents, those held out for "
        "validation too, for as many epochs as were best; scores are those before it.",
    )
    keras_export: bool = Field(
        True,  # noqa: FBT003 - a default
        description="Whether to write the network as model.keras too, for Keras users; n-grams "
        "are not in it.",
    )
    report: bool = Field(
        True,  # noqa: FBT003 - a default
        description="Whether to write report.html, a page with figures of what was learned and "
        "how well.",
    )
    report_documents: bool = Field(
        True,  # noqa: FBT003 - a default
        description="Whether the report quotes documents: the most confident mistakes, and the "
        "phrases that speak most for each class.",
    )
    checkpoint_minutes: float = Field(
        5,
        gt=0,
        le=10_000,
        description="How often a checkpoint is written within an epoch, where the job has a folder "
        "for checkpoints; one is written after each epoch anyway.",
        json_schema_extra={"unit": "minutes"},
    )
    seed: int = Field(
        0,
        ge=0,
        le=2**32 - 1,
        description="Decides the split, the first weights, the order of the documents and dropout.",
    )

    @model_validator(mode="wrap")
    @classmethod
    def _of_the_recipe(cls, values: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Take the recipe's default where a value is not given; that does not count as set."""
        hyperparameters = handler({**RECIPES.get(str(values.get("recipe")), {}), **values})
        hyperparameters.model_fields_set.intersection_update(values)
        return hyperparameters

    @property
    def asked(self) -> dict[str, Any]:
        """What was asked for by name, without the defaults of recipe and schema."""
        return self.model_dump(include=self.model_fields_set)


def parse_hyperparameters(values: Mapping[str, Any]) -> Hyperparameters:
    """Return typed hyperparameters from what a client sent.

    Raises ``ConfigurationError`` for an unknown key, naming the nearest, for a value that is not
    of its type or outside its range, and for values that do not go together.
    """
    own = {key: decode(value) for key, value in values.items() if not _is_foreign(key)}
    for key in own:
        if key not in Hyperparameters.model_fields:
            raise _unknown(key)
    try:
        hyperparameters = Hyperparameters.model_validate(own)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        message = first["msg"].removeprefix("Value error, ")
        value = "(not shown)" if name == "study_storage" else f"{own[name]!r:.80}"
        raise ConfigurationError(
            Code.HYPERPARAMETER_INVALID,
            f"the hyperparameter {name} is {value}: {message}",
            remedy=Hyperparameters.model_fields[name].description or "",
        ) from None
    _check_together(hyperparameters)
    return hyperparameters


def read_hyperparameters(paths: Paths) -> Hyperparameters:
    """Return the hyperparameters of hyperparameters.json, all defaults when it is missing."""
    return parse_hyperparameters(read_object(paths.hyperparameters))


def _check_together(chosen: Hyperparameters) -> None:
    """Raise ``ConfigurationError`` for values that are each right and do not go together."""
    stacked = chosen.recipe == "stacked"
    for clashes, problem, remedy in (
        (
            chosen.engine == "fast" and stacked,
            "the engine fast does not know the recipe stacked",
            "Set engine to auto or keras, or recipe to kim.",
        ),
        (
            chosen.engine == "fast" and chosen.pooling != "max",
            f"the engine fast does not know pooling={chosen.pooling}",
            "Set engine to auto or keras, or pooling to max.",
        ),
        (
            stacked and (chosen.pooling != "max" or chosen.batch_normalization),
            "the recipe stacked knows neither another pooling than max nor batch_normalization",
            "Leave both out, or set recipe to kim.",
        ),
        (
            chosen.networks > 1 and (stacked or chosen.pooling != "max"),
            "several networks side by side make one where they are kim's with pooling=max",
            "Set networks to 1, or recipe to kim and pooling to max.",
        ),
    ):
        if clashes:
            raise ConfigurationError(Code.HYPERPARAMETER_INVALID, problem, remedy=remedy)


def _is_foreign(key: str) -> bool:
    return key.startswith(FOREIGN_PREFIXES)


def _unknown(key: str) -> ConfigurationError:
    names = list(Hyperparameters.model_fields)
    nearest = difflib.get_close_matches(key.lower().replace("-", "_"), names, n=1, cutoff=0.5)
    advice = f"Did you mean {nearest[0]}?" if nearest else f"There are: {', '.join(names)}."
    return ConfigurationError(
        Code.HYPERPARAMETER_UNKNOWN, f"there is no hyperparameter {key!r:.80}", remedy=advice
    )
