"""Read a channel by several processes, into the corpus that one would have made of it.

- **Order decides, not time.** Processes number the tokens and labels of their part of the text from
  0 on; parts are then put behind one another in the order of the files, and new tokens get the next
  numbers. So the corpus is the same, bit for bit, whatever the number of processes.
- **Large files are cut where a record seems to end, and that is verified.** A piece that begins
  with a record and does not end within one proves the beginning of the next. One that ends within a
  record, or has an error to tell, is read once more with all behind it, in order, as the file would
  be without pieces.
- **Processes are forked**: that takes milliseconds, and before training no threads are lost. Memory
  holds the pieces that are under way, a fixed number for each process.
"""
