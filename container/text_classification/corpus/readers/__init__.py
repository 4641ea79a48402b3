"""Read labelled documents from files of any supported format, one at a time.

- A channel: ``channel.py`` reads its files and has ``READERS``, ``channel_files.py`` lists them,
  ``changed.py`` tells of those that change, ``folders.py`` takes classes and fields from the names
  of folders, ``splits.py`` knows those of a split.
- A file: ``source.py`` tells its format and encoding, ``packed.py`` unpacks it (``snappy.py`` for
  Snappy), ``reading.py`` has what hyperparameters say of it, ``file_documents.py`` makes its rows
  documents, ``told.py`` knows the columns of the others; ``row.py`` has what readers yield.
- Pipe mode: ``pipe.py`` opens a channel's pipe, ``piped.py`` makes sources of what comes through
  it, ``stream.py`` lets its beginning be read again, ``record_io.py`` tells records apart,
  ``attributes.py`` makes rows of an augmented manifest's. A pipe is read once: the corpus is on
  disk, and whoever fills it may offer no other.
- Formats: ``delimited.py`` (CSV, TSV), ``json_files.py``, ``blazingtext.py``, ``parquet.py``;
  ``json_fields.py`` for the names that records of JSON have, ``json_values.py`` for arrays without
  any, ``ground_truth.py`` for records of Ground Truth's manifests in JSON Lines.
- For delimited files: ``dialect.py`` and ``header.py`` look at the first lines, ``naming.py``
  names columns, ``line_reader.py`` gives lines, ``delimited_records.py`` and ``tab_records.py``
  records.
- What is refused: ``foreign.py`` (files of other kinds), ``undecoded.py`` (bytes that are none of
  the encoding); ``encoding_checks.py`` warns of a wrong one.
"""
