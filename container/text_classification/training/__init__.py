"""Train a model: from the channels to the artifact.

::

    job.py          the command: reads what is asked, and ends with an exit code
    job_folders.py  the folders that a job writes to, tried before anything is trained
    hosts/          the hosts of a job that train together
    inputs/         the channels become numbers: documents, vocabulary, an earlier model
    pipeline.py     the steps from there: train, add n-grams, assess, save, report
    hyperparameters/  what a job is asked for, checked; what a study may search
    network/        one model: its engine is driven through epochs, with checkpoints
    selection/      which model a job leaves: the only one, after folds, or after a study
    ngrams/         a linear model of n-grams beside the network
    results/        calibration, scores, int8 or float32, the report
"""
