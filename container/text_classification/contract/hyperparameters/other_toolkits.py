"""What other toolkits call our hyperparameters, and which of theirs have none here; snake_case."""

from collections.abc import Mapping

_SAME_MEANING: Mapping[str, str] = {
    "epochs": "epoch num_epochs n_epochs nb_epoch nb_epochs max_epochs num_train_epochs",
    "batch_size": "mini_batch_size minibatch_size train_batch_size bs per_device_train_batch_size "
    "per_gpu_train_batch_size device_batch_size",
    "learning_rate": "lr eta learning_rate_init initial_learning_rate init_lr base_lr step_size "
    "learningrate",
    "decay_rate": "lr_decay learning_rate_decay gamma lr_gamma",
    "decay_steps": "lr_decay_steps lr_scheduler_step",
    "patience": "early_stopping_patience early_stopping_rounds n_iter_no_change",
    "sequence_length": "max_seq_length max_seq_len max_sequence_length max_length max_len maxlen "
    "seq_length seq_len sequence_len padded_length truncation_length max_token_length",
    "embedding_size": "vector_dim embedding_dim embedding_dims embed_dim emb_dim embedding_length "
    "embed_size dim output_dim word_dim",
    "max_tokens": "vocab_size vocabulary_size max_vocab max_vocab_size num_words max_features "
    "max_words input_dim",
    "min_count": "min_df min_freq min_frequency min_word_count",
    "filters": "num_filters n_filters nb_filter nb_filters filter_count num_filter",
    "kernel_widths": "filter_sizes filter_widths kernel_sizes filter_size region_sizes",
    "strides": "stride",
    "dropout": "dropout_rate drop_rate dropout_prob dropout_probability drop_prob "
    "hidden_dropout_prob",
    "dense_units": "hidden_size hidden_units hidden_dim num_hidden hidden_layer_sizes dense_size",
    "batch_normalization": "batch_norm use_batch_norm batchnorm bn",
    "ngrams": "word_ngrams ngram_range use_ngrams wordngrams ngram n_gram",
    "validation_fraction": "validation_split val_split valid_split test_size dev_size "
    "validation_size val_fraction",
    "folds": "num_folds n_folds k_folds kfold k_fold n_splits cv cross_validation",
    "seed": "random_state random_seed rng_seed data_seed manual_seed",
    "class_weights": "class_weight balanced_class_weights",
    "label_column": "label_col label_field target target_column target_attribute_name "
    "target_label_column y_column class_column label_column_name",
    "text_column": "text_col text_field feature_column document_column content_column "
    "sentence_column training_text_column text_column_name",
    "delimiter": "sep separator csv_delimiter delim",
    "csv_header": "header has_header",
    "encoding": "charset file_encoding",
    "processes": "n_jobs num_workers workers num_processes nproc_per_node threads thread "
    "num_threads",
    "tuning_trials": "n_trials num_trials max_trials trials",
    "tuning_objective": "objective_metric objective_metric_name metric_for_best_model",
    "checkpoint_minutes": "save_steps checkpoint_interval checkpoint_frequency",
    "frozen_epochs": "freeze_epochs freeze_embeddings freeze_embedding",
    "networks": "num_models ensemble_size n_estimators",
}
SYNONYMS: Mapping[str, str] = {
    other: name for name, others in _SAME_MEANING.items() for other in others.split()
}

_ABSENT: Mapping[str, str] = {
    "what is learned here is always the classification of texts": (
        "mode task task_type problem_type do_train do_eval do_predict"
    ),
    "training is by Adam on cross-entropy, without weight decay or warm-up": (
        "optimizer optim loss loss_function weight_decay warmup_steps warmup_ratio "
        "adam_epsilon adam_beta1 adam_beta2 max_grad_norm momentum lr_scheduler_type l1 l2 "
        "activation label_smoothing label_smoothing_factor gradient_checkpointing callbacks "
        "metrics recurrent_dropout loss_weights sample_weight"
    ),
    "the best epoch on validation is always kept, and patience ends training": (
        "early_stopping early_stopping_type min_epochs load_best_model_at_end save_best_only "
        "restore_best_weights min_delta tol save_total_limit checkpoint_path"
    ),
    "validation follows each epoch": (
        "evaluation evaluation_strategy eval_strategy eval_steps eval_batch_size "
        "per_device_eval_batch_size save_strategy logging_steps logging_strategy verbose "
        "log_level report_to validation_steps validation_freq epochs_per_eval eval_metric "
        "validation_data eval_accumulation_steps"
    ),
    "it is counted from the documents": (
        "num_classes n_classes num_labels num_class classes class_names label_names"
    ),
    "documents are shuffled in each epoch, and batches are of one length": (
        "shuffle group_by_length dataloader_num_workers"
    ),
    "epochs count how often all documents are seen": "max_steps steps_per_epoch max_iter",
    "this image trains no trees": (
        "max_depth min_child_weight subsample colsample_bytree colsample_bylevel num_round booster "
        "tree_method objective max_delta_step csv_weights scale_pos_weight alpha lambda silent "
        "num_parallel_tree grow_policy max_leaves max_bin"
    ),
    "the model is written to S3 by SageMaker alone": (
        "push_to_hub hub_model_id hub_token hub_strategy"
    ),
    "training goes on from a channel model, or from vectors in a channel embeddings": (
        "model_name_or_path model_name model_id pretrained_model pretrained_model_name glove "
        "word2vec embedding_file embeddings_file "
        "pretrained_vectors pretrained_vectors_file"
    ),
    "the job's input and output lie where SageMaker has them": (
        "output_dir output_data_dir data_dir train_dir training_dir train_file validation_file "
        "test_file train validation test overwrite_output_dir logging_dir dataset_name "
        "checkpoint_s3_uri"
    ),
    "this image runs no script of its caller": ("entry_point source_dir program script"),
    "weights are float32": ("fp16 bf16 precision mixed_precision"),
    "n-grams are chosen by held-out documents, with ngrams=true": (
        "buckets bucket minn maxn min_char max_char subwords window_size ws negative_samples "
        "neg sampling_threshold"
    ),
    "dropout is the part that is dropped, 1 minus this": ("keep_prob dropout_keep_prob"),
    "set batch_size larger": ("gradient_accumulation_steps accumulate_grad_batches"),
}
# What nothing stands for here, and why.
ABSENT: Mapping[str, str] = {
    name: reason for reason, names in _ABSENT.items() for name in names.split()
}
