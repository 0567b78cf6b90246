"""Records schedules.json: the values of the original's schedules on float64 parameters.

In a virtual environment:  pip install optax==0.2.8 jax==0.10.2
Then, in this folder:      python record_schedules.py > schedules.json

A case is {"schedule": {"name", "args"}, "counts": [...], "values": [...]}. Arguments are in the
documented order, without trailing defaults; NaN and infinities are strings.
"""

import inspect
import json
import math

import jax
import jax.numpy as jnp
import optax

jax.config.update("jax_enable_x64", True)


def spec(name, *args):
    """Returns a schedule as data: the first arguments of the function by name."""
    names = list(inspect.signature(getattr(optax, name)).parameters)
    return {"name": name, "args": dict(zip(names, args, strict=False))}


def cycle(*args):
    return spec("warmup_cosine_decay_schedule", *args)["args"]


def build(schedule):
    args = {key: argument(key, value) for key, value in schedule["args"].items()}
    return getattr(optax, schedule["name"])(**args)


def argument(key, value):
    if key == "boundaries_and_scales":
        return {int(boundary): scale for boundary, scale in value.items()}
    if key == "schedules":
        return [build(schedule) for schedule in value]
    return value


def steps(*boundaries):
    """Returns counts at the start, around each boundary, between boundaries and far after the last."""
    around = {b + d for b in boundaries for d in (-1, 0, 1)}
    edges = sorted({0, *boundaries})
    between = {(a + b) // 2 for a, b in zip(edges, edges[1:])}
    last = max(edges[-1], 1)
    far = {0, 1, 2, 3, last // 3, last // 7 + 1, 2 * last + 3, 10 * last + 11, 1_000_000}
    return sorted(count for count in around | between | far if count >= 0)


def number(value):
    value = float(value)
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def case(schedule, *boundaries):
    counts = [count for count in steps(*boundaries) if count < 2**31]
    at = build(schedule)
    # Compiled, with a 32-bit count, as optimizers call it; most schedules are then computed in float32.
    at = jax.jit(at)
    values = [number(at(jnp.asarray(count, jnp.int32))) for count in counts]
    return {"schedule": schedule, "counts": counts, "values": values}


def plain():
    yield case(spec("constant_schedule", 0.003), 10)
    yield case(spec("constant_schedule", -2.5), 10)
    for args in [
        (1.0, 0.01, 100),
        (0.1, 0.7, 37, 0),
        (1e-3, 0.0, 50, 20),
        (0.3, 0.9, 10, -5),
        (0.3, 0.9, 0),
        (0.3, 0.9, -4, 3),
        (0.3, 0.9, 1),
    ]:
        begin = max(args[3], 0) if len(args) > 3 else 0
        yield case(spec("linear_schedule", *args), begin, begin + max(args[2], 0))
    for args in [
        (1.0, 0.01, 2.0, 100),
        (0.2, 1.3, 0.5, 64, 7),
        (1.0, 0.1, 3.7, 29, -3),
        (1.0, 0.1, 0.0, 30),
        (1.0, 0.1, -1.0, 30, 4),
        (1.0, 0.1, 2.0, 0, 4),
        (1.0, 0.1, 1.5, -1),
    ]:
        begin = max(args[4], 0) if len(args) > 4 else 0
        yield case(spec("polynomial_schedule", *args), begin, begin + max(args[3], 0))


def piecewise():
    scales = [
        {},
        {"100": 0.1, "200": 0.01},
        {"5": 2.0, "6": 0.5, "7": 3.0},
        {"40": 0.3, "10": 0.7, "25": 1.9},
        {"0": 0.25, "10": 2.0},
        {"-5": 0.5, "10": 3.0},
        {"10": 0.0, "20": 4.0},
    ]
    for boundaries in scales:
        edges = [max(int(boundary), 0) for boundary in boundaries] or [5]
        yield case(spec("piecewise_constant_schedule", 1.7, boundaries), *edges)
        yield case(spec("piecewise_interpolate_schedule", "linear", 0.9, boundaries), *edges)
        yield case(spec("piecewise_interpolate_schedule", "cosine", 1.3, boundaries), *edges)
    yield case(spec("piecewise_constant_schedule", 0.4), 5)
    yield case(spec("piecewise_interpolate_schedule", "cosine", 0.4), 5)


def exponential():
    for args in [
        (1.0, 10, 0.9),
        (0.5, 7, 0.3, 5),
        (0.5, 7, 0.3, -5),
        (0.5, 7, 0.3, 5, True),
        (0.5, 7, 0.3, 0, True, 0.02),
        (0.5, 7, 0.3, 4, False, 0.02),
        (0.5, 7, 1.4, 4, False, 3.0),
        (0.5, 7, 1.4, 4, True, 3.0),
        (0.5, 7, 1.0, 4, True, 0.2),
        (0.5, 7, 0.8, 4, False, 0.9),
        (0.5, 7, 1.2, 4, False, 0.1),
        (0.5, 7, -0.5, 2, True),
        (0.5, 7, 0.0, 2, True, 0.7),
        (0.5, 0, 0.9, 2, True, 0.7),
        (0.5, -3, 0.9),
        (0.5, 7, 0.9, 2, False, None),
    ]:
        begin = max(args[3], 0) if len(args) > 3 else 0
        period = max(args[1], 1)
        yield case(spec("exponential_decay", *args), begin, begin + period, begin + 3 * period)


def cosine():
    for args in [
        (1.0, 100),
        (0.3, 41, 0.1),
        (0.3, 41, 0.1, 2.0),
        (0.3, 41, 0.1, 0.5),
        (0.3, 41, -0.5, 1.7),
        (0.3, 41, 1.5, 0.0),
        (0.3, 1),
        (0.3, 2_000_000_000, 0.2),
    ]:
        yield case(spec("cosine_decay_schedule", *args), args[1])
    for args in [
        (0.0, 1.0, 10, 100),
        (0.1, 1.0, 5, 20, 0.05),
        (0.1, 1.0, 5, 20, 0.05, 2.0),
        (0.2, 0.0, 5, 20, 0.05),
        (0.2, 0.5, 0, 20, 0.05),
        (0.2, 0.5, -4, 20, 0.05),
        (0.2, 0.5, 19, 20),
        (1.0, 0.5, 7, 31, 0.8, 0.7),
    ]:
        yield case(spec("warmup_cosine_decay_schedule", *args), max(args[2], 0), args[3])


def warmup():
    for args in [
        (0.0, 1.0, 10, 20, 0.5),
        (0.1, 1.0, 10, 20, 0.5, 5),
        (0.1, 1.0, 10, 20, 0.5, 5, True),
        (0.1, 1.0, 10, 20, 0.5, 5, True, 0.3),
        (0.1, 1.0, 10, 20, 1.5, 0, False, 2.0),
        (0.1, 1.0, 0, 20, 0.5),
        (0.1, 1.0, -6, 20, 0.5, -2),
        (0.1, 1.0, 10, 0, 0.5),
        (0.1, 1.0, 10, 5, 0.0, 0, False, 2.0),
    ]:
        start = max(args[2], 0)
        begin = start + (max(args[5], 0) if len(args) > 5 else 0)
        edges = (start, begin, begin + max(args[3], 1))
        yield case(spec("warmup_exponential_decay_schedule", *args), *edges)
    for args in [(0.0, 0.3, 12), (0.5, 0.3, 1), (0.5, 0.3, 0), (0.5, 0.3, -2)]:
        yield case(spec("warmup_constant_schedule", *args), max(args[2], 0))


def onecycle():
    for args in [
        (100, 0.5),
        (100, 0.5, 0.2),
        (97, 0.5, 0.25, 0.7),
        (97, 0.5, 0.25, 0.7, 10.0),
        (97, 0.5, 0.25, 0.7, 10.0, 50.0),
        (1, 0.5),
        (2, 0.5),
        (3, 0.5),
        (40, 0.5, 0.0, 0.5),
        (40, 0.5, 0.5, 0.5),
        (40, 0.5, 0.8, 0.3),
        (40, 0.5, 0.3, 1.0),
        (40, 0.5, 1.0, 0.6),
        (40, 0.5, 1.0, 1.0),
        (40, 0.5, 1.2, 1.5),
        (40, 0.5, -0.1, 0.5),
    ]:
        fractions = args[2:4] if len(args) > 3 else (0.3, 0.85)
        edges = [max(int(fraction * args[0]), 0) for fraction in fractions]
        yield case(spec("linear_onecycle_schedule", *args), *edges, args[0])
    for args in [
        (100, 0.5),
        (97, 0.5, 0.45),
        (97, 0.5, 0.45, 10.0),
        (97, 0.5, 0.45, 10.0, 50.0),
        (1, 0.5),
        (2, 0.5),
        (40, 0.5, 0.0),
        (40, 0.5, 1.0),
        (40, 0.5, 1.3),
        (40, 0.5, -0.2),
    ]:
        top = max(int((args[2] if len(args) > 2 else 0.3) * args[0]), 0)
        yield case(spec("cosine_onecycle_schedule", *args), top, args[0])


def joined():
    first = cycle(0.0, 1.0, 5, 20, 0.1)
    second = cycle(0.1, 0.6, 4, 30)
    third = cycle(0.0, 0.3, 0, 10, 0.01, 2.0)
    yield case(spec("sgdr_schedule", [first]), 5, 20)
    yield case(spec("sgdr_schedule", [first, second]), 5, 20, 24, 50)
    yield case(spec("sgdr_schedule", [first, second, third]), 5, 20, 24, 50, 60)
    line = spec("linear_schedule", 0.0, 1.0, 10)
    decay = spec("exponential_decay", 1.0, 5, 0.7)
    flat = spec("constant_schedule", 0.05)
    wave = spec("cosine_decay_schedule", 0.8, 12, 0.2)
    yield case(spec("join_schedules", [line], []), 10)
    yield case(spec("join_schedules", [line, decay], [10]), 10)
    yield case(spec("join_schedules", [line, decay, flat], [10, 30]), 10, 30)
    yield case(spec("join_schedules", [line, decay, wave], [10, 10]), 10)
    yield case(spec("join_schedules", [line, decay, wave], [20, 5]), 5, 20)
    yield case(spec("join_schedules", [flat, wave], [0]), 3)
    inner = spec("join_schedules", [line, decay], [4])
    yield case(spec("join_schedules", [inner, wave, inner], [9, 21]), 4, 9, 21, 25)


def main():
    groups = (plain, piecewise, exponential, cosine, warmup, onecycle, joined)
    cases = [json.dumps(recorded) for group in groups for recorded in group()]
    source = f"optax {optax.__version__}, jax {jax.__version__}, float64"
    print('{"source": %s, "cases": [\n%s\n]}' % (json.dumps(source), ",\n".join(cases)))


if __name__ == "__main__":
    main()
