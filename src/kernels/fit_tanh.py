"""Fits the coefficients of activations.ts: tanh(x) = x·P(x²)/Q(x²), P of degree 3, Q of degree 4 with q0 = 1, on [0, 8].

Usage: python3 fit_tanh.py        (needs numpy)

Lawson's iteration (reweighted least squares, linearised as by Sanathanan and Koerner) towards the smallest maximum of
|error| / (0.3 + 0.7·tanh x): nearly absolute where tanh is large, relative where it is small. Prints the coefficients for
tanh, those for σ(x) = ½ + ½·tanh(x/2) with the halves folded in, and the error of a float32 evaluation.
"""
import numpy as np

BOUND, P, Q = 8.0, 3, 4
x = np.sort(np.concatenate([BOUND * (1 - np.cos(np.pi * (np.arange(6000) + 0.5) / 6000)) / 2, np.linspace(1e-3, 1, 1000)]))
f, scale = np.tanh(x), BOUND * BOUND / 4
t = x * x / scale
allowed = 0.3 + 0.7 * f
weight, denominator, best = np.ones_like(x), np.ones_like(x), None
for _ in range(400):
    for _ in range(3):
        w = np.sqrt(weight) / allowed / np.abs(denominator)
        columns = [x * t**k for k in range(P + 1)] + [-f * t**k for k in range(1, Q + 1)]
        solution, *_ = np.linalg.lstsq(np.stack(columns, 1) * w[:, None], f * w, rcond=None)
        numerator = sum(solution[k] * t**k for k in range(P + 1))
        denominator = 1 + sum(solution[P + k] * t**k for k in range(1, Q + 1))
    error = np.abs(x * numerator / denominator - f) / allowed
    if best is None or error.max() < best[0]: best = (error.max(), solution)
    weight *= error / error.max() + 1e-3
    weight /= weight.mean()

p = best[1][: P + 1] / scale ** np.arange(P + 1)
q = best[1][P + 1 :] / scale ** np.arange(1, Q + 1)
print("tanh: p", *(repr(float(v)) for v in p), "q", *(repr(float(v)) for v in q))
print("sigma: p", *(repr(float(v / 4 ** (k + 1))) for k, v in enumerate(p)), "q", *(repr(float(v / 4 ** (k + 1))) for k, v in enumerate(q)))

F = np.float32
a = np.minimum(np.linspace(0, 9, 2_000_001, dtype=F), F(BOUND))
y = a * a
horner = lambda c: np.polyval([np.full_like(y, F(v)) for v in c[::-1]], y)
value = a * horner(p) / horner(np.concatenate([[1], q]))
print("float32: largest error", np.abs(value.astype(float) - np.tanh(np.linspace(0, 9, 2_000_001))).max(), "largest value", value.max())
