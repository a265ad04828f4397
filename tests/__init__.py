"""Numbers are made by one thread, as in a kernel: on small matrices two wait for each other, at five times the CPU."""

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")  # before NumPy is imported
