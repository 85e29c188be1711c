"""The recurrence of an echo state network in NumPy and SciPy, float64, one step after the other, with its readout."""

import sys

from lines import answer, sequence, serve

try:
    import numpy as np
    import scipy
    from scipy.sparse import csr_matrix
except ImportError:
    answer({"missing": "SciPy for /usr/bin/python3: install Debian's python3-scipy"})
    sys.exit()

PER_ROW = 10


def prepare(case):
    if case["kind"] != "esn":
        return "echo state networks only"
    N = case["units"]
    wide = lambda *arguments: sequence(*arguments).astype(np.float64)
    columns = np.floor((wide(N * PER_ROW, 11) + 1) / 2 * N).astype(int)
    rows = np.repeat(np.arange(N), PER_ROW)
    Wh = csr_matrix((wide(N * PER_ROW, 12, 0.4), (rows, columns)), shape=(N, N))
    Wx, b, x = wide(N, 13, 0.5), wide(N, 14, 0.1), wide(case["steps"], 16)
    out = wide(2 + N, 15, N**-0.5)

    def run():
        h = np.zeros(N)
        y = np.empty(len(x))
        for t, value in enumerate(x):
            h = np.tanh(Wh @ h + Wx * value + b)
            y[t] = out[0] + out[1] * value + out[2:] @ h
        return y

    return run, {"sumY": float(run().sum())}


serve({"SciPy": scipy.__version__, "NumPy": np.__version__}, prepare)
