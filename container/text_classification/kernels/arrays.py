"""The arrays that pass between the parts of the program."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int32]
Indices = npt.NDArray[np.int64]
