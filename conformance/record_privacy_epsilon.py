"""Records the exact epsilon of Gaussian steps at a delta.

    python3 conformance/record_privacy_epsilon.py > conformance/privacy-epsilon.csv

Without sampling: the closed form (Balle and Wang 2018), solved with 60 digits. With sampling:

    delta(epsilon) = 1 / (2 pi i) int exp(K(s) - s epsilon) / (s (s + 1)) ds

along the vertical line through the saddle point, where K is the logarithm of the moments of the losses
of all steps, in extended precision (numpy's longdouble). Both integrals use the trapezoidal rule, which
converges to working precision here. There is no grid of losses and no one-sided rounding.
"""

import random

import mpmath as mp
import numpy as np
from scipy.optimize import brentq

mp.mp.dps = 60
LONG = np.longdouble


def gaussian(sigma, steps, delta):
    mu = mp.sqrt(steps) / mp.mpf(sigma)

    def excess(epsilon):
        a, b = epsilon / mu - mu / 2, epsilon / mu + mu / 2
        return mp.log((mp.erfc(a / mp.sqrt(2)) - mp.exp(epsilon) * mp.erfc(b / mp.sqrt(2))) / 2) - mp.log(
            mp.mpf(delta)
        )

    low, high = mp.mpf(0), mu * mu / 2 + 40 * mu
    if excess(low) <= 0:
        return mp.mpf(0)
    for _ in range(180):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return high


class Losses:
    """K and its derivatives for many sampled steps, in one direction."""

    def __init__(self, q, sigma, steps, removing):
        q, sigma = LONG(q), LONG(sigma)
        z = np.linspace(-40 * sigma, 40 * sigma + 2, 8001, dtype=LONG)
        u = (2 * z - 1) / (2 * sigma * sigma)
        log = np.log1p(q * np.expm1(u))
        density = -z * z / (2 * sigma * sigma) + np.log((z[1] - z[0]) / (sigma * np.sqrt(2 * LONG(np.pi))))
        self.steps = steps
        self.loss = log if removing else -log
        self.density = density + log if removing else density

    def k(self, s):
        exponent = self.density + s * self.loss
        largest = exponent.real.max()
        return self.steps * (largest + np.log(np.exp(exponent - largest).sum()))

    def mean_and_variance(self, s):
        exponent = self.density + s * self.loss
        weight = np.exp(exponent - exponent.max())
        weight /= weight.sum()
        mean = (weight * self.loss).sum()
        return self.steps * mean, self.steps * (weight * (self.loss - mean) ** 2).sum()

    def log_delta(self, epsilon):
        def slope(s):
            return float(self.mean_and_variance(LONG(s))[0] - epsilon - 1 / s - 1 / (s + 1))

        high = 1.0
        while slope(high) < 0:
            high *= 2
        low = high / 2
        while slope(low) > 0:
            low /= 2
        c = LONG(brentq(slope, low, high, rtol=1e-10))
        step = LONG(0.1) / np.sqrt(self.mean_and_variance(c)[1] + 1 / c**2 + 1 / (c + 1) ** 2)

        def exponent(s):
            return self.k(s) - s * epsilon - np.log(s * (s + 1))

        base = exponent(c.astype(np.clongdouble)).real
        total, value, i = LONG(0.5), 1, 1
        while abs(value) > 1e-13 or i < 40:
            value = np.exp(exponent(c + 1j * (i * step)) - base)
            total += value.real
            i += 1
            if i > 4000:
                raise ValueError("the integral does not converge")
        return float(base + np.log(total * step / LONG(np.pi)))


def sampled(q, sigma, steps, delta):
    largest = 0
    for removing in (True, False):
        losses = Losses(q, sigma, steps, removing)

        def excess(epsilon):
            return losses.log_delta(LONG(epsilon)) - float(np.log(delta))

        high = 1e-4
        while excess(high) > 0:
            high *= 2
        low = high / 2
        while excess(low) < 0:
            low /= 2
        largest = max(largest, brentq(excess, low, high, xtol=1e-15, rtol=1e-13))
    return largest


def main():
    random.seed(20261127)
    print("sampling_rate,noise_multiplier,steps,delta,epsilon")
    for _ in range(100):
        sigma = 10 ** random.uniform(-2, 5)
        steps = round(10 ** random.uniform(0, 6))
        delta = 10 ** random.choice([random.uniform(-8, -1), random.uniform(-20, -1), random.uniform(-300, -1)])
        epsilon = gaussian(sigma, steps, delta)
        print(f"1.0,{sigma!r},{steps},{delta!r},{mp.nstr(epsilon, 17)}", flush=True)
    kept = 0
    while kept < 16:
        q = 10 ** random.uniform(-3, -0.3)
        sigma = 10 ** random.uniform(-0.2, 1.5)
        steps = round(10 ** random.uniform(2, 5))
        delta = 10 ** random.choice([random.uniform(-8, -3), random.uniform(-20, -3), random.uniform(-60, -3)])
        try:
            epsilon = sampled(q, sigma, steps, delta)
        except ValueError:
            continue
        print(f"{q!r},{sigma!r},{steps},{delta!r},{epsilon!r}", flush=True)
        kept += 1


main()
