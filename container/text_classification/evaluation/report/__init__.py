"""The report of a job: one HTML page that stands alone, and its figures as SVG files.

- **It comes last and may fail**: the model is saved by then, and what goes wrong is a warning.
- **It quotes the vocabulary, not the documents**, whose text is not kept. The ids on disk are all
  that the model read, and attribution is exact on them; a document is named by its place in its
  channel.
- **One drawing does for light, dark and paper**: Matplotlib's SVG keeps text as text, and the
  page sets colours and fonts. It has no script, and a policy that would let none run.
"""
