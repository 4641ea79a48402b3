"""The arrays that pass between the parts of the program."""

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int32]
Indices = npt.NDArray[np.int64]
# Arrays of any type by name.
State = dict[str, npt.NDArray[Any]]
