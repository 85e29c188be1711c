"""Fits the coefficients of activations.ts: tanh(x) = x·P(x²)/Q(x²), P of degree 3, Q of degree 4 with q0 = 1, on [0, 8].

Usage: python3 fit_tanh.py        (needs numpy)

Lawson's iteration (reweighted least squares, linearised as by Sanathanan and Koerner) towards the smallest maximum of
|error| / (0.3 + 0.7·tanh x): nearly absolute where tanh is large, relative where it is small. Then the rounding of the
coefficients to float32 for tanh, and for σ(x) = ½ + ½·tanh(x/2) with the halves folded in.
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
# P begins with x⁶: both polynomials over p3. σ: the halves folded in, |x| up to 16.
tanh = np.concatenate([p[:3], [1], q]) / p[3]
powers = np.array([0, 1, 2, 0, 1, 2, 3, 4])
sigma = tanh * 4.0 ** (3 - powers)  # p_k/4^(k+1) and q_k/4^k, over p3/4^4
sigma[3:] *= 4.0

F = np.float32
a = np.concatenate([np.linspace(0, 9, 200_001), np.logspace(-8, 0, 4000)]).astype(F)
exact = np.tanh(a.astype(float))


def madd(x, y, z, fused):
    """x·y + z in float32, rounded once or twice."""
    return (x.astype(float) * y + z).astype(F) if fused else ((x * F(y) if np.isscalar(y) else x * y) + z).astype(F)


def error(c, is_sigma):
    """The largest error over both roundings; more where the values leave their bounds or do not saturate."""
    worst = 0.0
    for fused in (True, False):
        x = np.minimum(2 * a if is_sigma else a, F(16 if is_sigma else 8))
        y = x * x
        top = madd(madd(y + c[2], y, c[1], fused), y, c[0], fused)
        bottom = madd(y, c[7], c[6], fused)
        for k in (5, 4, 3): bottom = madd(bottom, y, c[k], fused)
        value = x * top / bottom + (F(0.5) if is_sigma else F(0))
        off = np.abs(value.astype(float) - (0.5 + 0.5 * exact if is_sigma else exact)).max()
        worst = max(worst, off + (value.max() > 1), 0 if is_sigma else 1.6 * (1 - float(value[a >= 8].min())))
    return worst


# The roundings of the coefficients: a random search over neighbouring float32, for the smallest error.
random = np.random.default_rng(1)
for name, coefficients, is_sigma in (("tanh", tanh, False), ("sigma", sigma, True)):
    best = coefficients.astype(F)
    least = error(best, is_sigma)
    for _ in range(700):
        c = best.copy()
        for k in random.choice(8, random.integers(1, 4), replace=False):
            for _ in range(random.integers(1, 3)): c[k] = np.nextafter(c[k], F(np.inf if random.random() < 0.5 else 0))
        if (now := error(c, is_sigma)) < least: least, best = now, c
    print(name, "p0…p2, q0…q4:", *(float(v) for v in best), "error", least)
