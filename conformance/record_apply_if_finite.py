"""Records what the original's apply_if_finite does with gradients that are not finite.

Writes NaN and infinities as strings: "NaN", "Infinity", "-Infinity".
"""

import json
import math
import random

import jax
import jax.numpy as jnp
import numpy as np
import optax

jax.config.update("jax_enable_x64", True)

INNER = {
    "sgd": ({"learning_rate": 0.1, "momentum": 0.9}, lambda: optax.sgd(0.1, momentum=0.9)),
    "adam": ({"learning_rate": 0.1}, lambda: optax.adam(0.1)),
}
BAD = [math.nan, math.inf, -math.inf]


def plain(numbers):
    def one(x):
        if math.isnan(x):
            return "NaN"
        return x if math.isfinite(x) else ("Infinity" if x > 0 else "-Infinity")

    return [one(float(x)) for x in np.asarray(numbers)]


def case(inner, limit, seed):
    draws = random.Random(seed)
    args, make = INNER[inner]
    optimizer = optax.apply_if_finite(make(), max_consecutive_errors=limit)
    params = jnp.array([draws.gauss(0, 1) for _ in range(3)])
    state = optimizer.init(params)
    update = jax.jit(optimizer.update)
    steps = []
    start = plain(params)
    for _ in range(16):
        gradients = [draws.gauss(0, 1) for _ in range(3)]
        if draws.random() < 0.5:
            gradients[draws.randrange(3)] = draws.choice(BAD)
        updates, state = update(jnp.array(gradients), state, params)
        params = optax.apply_updates(params, updates)
        steps.append({
            "gradients": plain(gradients),
            "params": plain(params),
            "notfinite_count": int(state.notfinite_count),
            "last_finite": int(state.last_finite),
            "total_notfinite": int(state.total_notfinite),
        })
    name = {"name": inner, "args": args}
    return {"inner": name, "max_consecutive_errors": limit, "params": start, "steps": steps}


cases = [case(inner, limit, seed) for inner in INNER for limit in (0, 1, 2, 9) for seed in (1, 2)]
print("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]")
