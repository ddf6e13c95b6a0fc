"""The model: what happens to the people serving a sentence of Imprisonment for Public Protection."""

import os

# How many threads add up a sum changes its last digits, and the same seed must give the same bytes everywhere. This
# must stand before numpy is loaded; worlds run side by side, so that no core is idle for it.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ.setdefault(_name, "1")
