"""The logistic function, without the seconds that loading SciPy's takes."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt


def expit(logits: npt.ArrayLike) -> Any:
    """Return ``1 / (1 + exp(−x))``, float64 of the shape of `logits`, without overflow."""
    return 0.5 * (1.0 + np.tanh(0.5 * np.asarray(logits, np.float64)))
