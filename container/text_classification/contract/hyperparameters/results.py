"""What a job writes beside the network."""

from text_classification.contract.hyperparameters.declaration import Affects, Fields, hyperparameter


class Results(Fields):
    """What a job writes beside the network."""

    target_precision: float = hyperparameter(
        0,
        ge=0,
        lt=1,
        description="The part of the answers that is to be right where the model is sure: the "
        "confidence from which that holds on validation becomes its floor, and answers below it "
        "are marked as not sure; 0: no floor.",
        affects=Affects.MODEL,
    )
    keras_export: bool = hyperparameter(
        True,  # noqa: FBT003 - a default
        description="Whether to write the network as model.keras too, for Keras users; n-grams "
        "are not in it.",
        affects=Affects.REPORT,
    )
    report: bool = hyperparameter(
        True,  # noqa: FBT003 - a default
        description="Whether to write report.html, a page with figures of what was learned and "
        "how well.",
        affects=Affects.REPORT,
    )
    report_documents: bool = hyperparameter(
        True,  # noqa: FBT003 - a default
        description="Whether the report quotes documents: the most confident mistakes, and the "
        "phrases that speak most for each class.",
        affects=Affects.REPORT,
    )
