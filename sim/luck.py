"""Keyed luck: every draw is a pure function of (run seed, stream, step, who[, whom, attempt]).

There is no generator with a state. The same firm meets the same challenge and delivers with the
same luck under every policy, whatever else happened before. All integers are unsigned 64 bit,
arithmetic wraps. `exp`, `log`, `power` and `normal` use only + - * / and comparisons, so the
bits are the same on every CPU. Source of the mixing constants: Steele, Lea & Flood 2014
(SplitMix); the keying is the project's own, with test vectors in ``tests/test_luck.py``.
"""

from __future__ import annotations

import hashlib

import numpy as np

from sim.jit import jit

G = np.uint64(0x9E3779B97F4A7C15)
M1 = np.uint64(0xBF58476D1CE4E5B9)
M2 = np.uint64(0x94D049BB133111EB)
S30, S27, S31, S12, S52 = (np.uint64(n) for n in (30, 27, 31, 12, 52))
EXPONENT_MASK = np.uint64(0x7FF)
MANTISSA_MASK = np.uint64(0x000FFFFFFFFFFFFF)
ONE_BITS = np.uint64(0x3FF0000000000000)
TWO_TO_MINUS_52 = 2.0**-52
LN2_HIGH = 6.93147180369123816490e-01
LN2_LOW = 1.90821492927058770002e-10
INV_LN2 = 1.44269504088896338700
SQRT_HALF = 0.7071067811865476
E2, E3, E4, E5, E6, E7, E8, E9, E10, E11, E12, E13 = (1.0 / factorial for factorial in (  # series of e**r
    2, 6, 24, 120, 720, 5040, 40320, 362880, 3628800, 39916800, 479001600, 6227020800))
L3, L5, L7, L9, L11, L13, L15, L17, L19, L21 = (1.0 / k for k in range(3, 22, 2))  # of log((1 + s) / (1 - s)) / 2s


def stream(name: str) -> np.uint64:
    """Return the id of a stream: the first 8 bytes, little endian, of SHA-256 of its name."""
    return np.uint64(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "little"))


@jit
def mix(z):
    """Return 64 well-mixed bits of a 64-bit word (a bijection)."""
    z = (z ^ (z >> S30)) * M1
    z = (z ^ (z >> S27)) * M2
    return z ^ (z >> S31)


@jit
def key(seed, stream_id, step):
    """Return the key that all draws of one (seed, stream, step) share."""
    h = mix(np.uint64(seed) + G)
    h = mix((h ^ np.uint64(stream_id)) + G)
    return mix((h ^ np.uint64(step)) + G)


@jit
def draw(k, a):
    """Return the draw of key ``k`` for one actor ``a``."""
    return mix(mix(np.uint64(a) * G + k) ^ k)


@jit
def first(k, a):
    """Absorb the first element of a chain; the state can be hoisted out of a loop."""
    return mix(np.uint64(a) * G + k)


@jit
def absorb(k, h, b):
    """Absorb one more element into the chain state ``h``."""
    return mix((h ^ np.uint64(b)) * G + k)


@jit
def pair(k, i, j):
    """Return the draw of an unordered pair (facts that are symmetric)."""
    i, j = np.uint64(i), np.uint64(j)
    if i < j:
        return absorb(k, first(k, i), j)
    return absorb(k, first(k, j), i)


@jit
def chain2(k, a, b):
    """Return the draw of an ordered pair: i invites j is not j invites i."""
    return absorb(k, first(k, a), b)


@jit
def chain3(k, a, b, c):
    """Return the draw of an ordered triple."""
    return absorb(k, absorb(k, first(k, a), b), c)


@jit
def u01(z):
    """Return the uniform number in (0, 1) of a draw; never 0 or 1."""
    return (float(z >> S12) + 0.5) * TWO_TO_MINUS_52


@jit
def exp(x):
    """Return e**x, for x in [-700, 700] (clipped), within 1 ulp, the same bits everywhere."""
    x = min(700.0, max(-700.0, x))
    n = int(x * INV_LN2 + (0.5 if x >= 0.0 else -0.5))
    r = (x - n * LN2_HIGH) - n * LN2_LOW
    r2 = r * r
    r4 = r2 * r2
    low = (E2 + E3 * r) + r2 * (E4 + E5 * r)  # the terms are paired so that they need not wait for one another
    middle = (E6 + E7 * r) + r2 * (E8 + E9 * r)
    high = (E10 + E11 * r) + r2 * (E12 + E13 * r)
    t = 1.0 + (r + r2 * (low + r4 * (middle + r4 * high)))
    return t * np.uint64((1023 + n) << 52).view(np.float64)


@jit
def log(x):
    """Return the natural logarithm of a normal positive number."""
    bits = np.float64(x).view(np.uint64)
    n = int((bits >> S52) & EXPONENT_MASK) - 1023
    m = np.uint64((bits & MANTISSA_MASK) | ONE_BITS).view(np.float64)
    large = m > 2.0 * SQRT_HALF  # as likely as not: no branch could be foretold
    m, n = m * (0.5 if large else 1.0), n + large
    s = (m - 1.0) / (m + 1.0)
    square = s * s
    fourth = square * square
    eighth = fourth * fourth
    low = (1.0 + L3 * square) + fourth * (L5 + L7 * square)
    middle = (L9 + L11 * square) + fourth * (L13 + L15 * square)
    high = (L17 + L19 * square) + fourth * L21
    t = low + eighth * (middle + eighth * high)
    return n * LN2_HIGH + (2.0 * s * t + n * LN2_LOW)


@jit
def power(x, y):
    """Return x**y for x > 0."""
    return exp(y * log(x))


@jit
def normal(u):
    """Return the standard normal quantile of u in (0, 1); relative error 1.2e-9 (Acklam 2003)."""
    if u < 0.02425:
        return _normal_tail(u)
    if u > 0.97575:
        return -_normal_tail(1.0 - u)
    q = u - 0.5
    r = q * q
    top = ((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r
            + 138.3577518672690) * r - 30.66479806614716) * r + 2.506628277459239
    low = ((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r
            + 66.80131188771972) * r - 13.28068155288572) * r + 1.0
    return q * top / low


@jit
def _normal_tail(u):
    q = np.sqrt(-2.0 * log(u))
    top = ((((-0.007784894002430293 * q - 0.3223964580411365) * q - 2.400758277161838) * q
            - 2.549732539343734) * q + 4.374664141464968) * q + 2.938163982698783
    low = (((0.007784695709041462 * q + 0.3224671290700398) * q + 2.445134137142996) * q
           + 3.754408661907416) * q + 1.0
    return top / low


@jit
def bell(z):
    """Return a bell-shaped draw of mean 0, variance 1, range ±2√3, from one 64-bit word.

    The sum of its four 16-bit quarters (Irwin-Hall): one draw, no tail beyond 3.5.
    """
    mask = np.uint64(0xFFFF)
    total = (float(z & mask) + float((z >> np.uint64(16)) & mask)
             + float((z >> np.uint64(32)) & mask) + float(z >> np.uint64(48)) + 2.0)
    return (total / 65536.0 - 2.0) * 1.7320508075688772
