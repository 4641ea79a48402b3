"""The page on which people try the model: its files, which nginx sends, and its form.

- **No framework and no build**: what is in the repository is what runs, and a bucket can hold the
  same files. Its files are indented by tabs, since each byte is sent.
- **Without JavaScript it is the same page**: ``/form`` puts the answer where the script would, into
  the same index.html.
- **It asks for all scores and for one label's explanation**; another label is explained when
  somebody wants it. Numbers are rounded by largest remainders, so what is shown adds up.
- **Files of documents are read in the browser**, by a worker, as a stream; answers become blobs,
  which lie outside the page's memory.
"""
