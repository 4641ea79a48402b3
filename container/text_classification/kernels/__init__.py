"""The inner loops in C, called on NumPy arrays, each with a reference of a few lines of NumPy.

- **Two calls make an answer**: one makes ids of a text, one scores of the ids. A model's arrays are
  checked and their addresses noted once, when it is loaded: to hand one over costs as much as a
  dozen tokens.
- **Nobody else chooses a key of a hash table.** One that is filled from a request or from documents
  is addressed through a number that was drawn; one that is filled from a model refuses tokens that
  take thousands of steps to place, as honest ones never do.
- **Threads are Python's**: they call kernels on ranges, so a fork is safe and the result does not
  depend on their number. BLAS has one thread, since its sums depend on how many it has.
"""
