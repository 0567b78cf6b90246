"""Records Renyi divergences of the sampled Gaussian mechanism, integrated with 40 digits.

    python3 conformance/record_privacy.py > conformance/privacy-rdp.csv
"""

import random

import mpmath as mp

mp.mp.dps = 40


def divergence(q, sigma, order):
    q, sigma, order = mp.mpf(q), mp.mpf(sigma), mp.mpf(order)

    def excess(z):
        w = q * mp.expm1((2 * z - 1) / (2 * sigma**2))
        return mp.npdf(z, 0, sigma) * ((1 + w) ** order - 1 - order * w)

    low, high = -24 * sigma, order + 24 * sigma
    pieces = max(16, int((high - low) / sigma))
    points = [low + (high - low) * i / pieces for i in range(pieces + 1)]
    a = 1 + mp.quad(excess, points, maxdegree=5)
    return mp.log(a) / (order - 1)


def main():
    random.seed(20261123)
    print("sampling_rate,noise_multiplier,order,divergence")
    for _ in range(200):
        q = 10 ** random.uniform(-4, 0)
        sigma = 0.4 * 50 ** random.random()
        order = random.choice([random.uniform(1.1, 11), random.uniform(1.1, 64), random.uniform(1.1, 256)])
        print(f"{q!r},{sigma!r},{order!r},{mp.nstr(divergence(q, sigma, order), 17)}", flush=True)


main()
