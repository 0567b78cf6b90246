"""Records trajectories of the original, and checks recorded ones. See README.md."""

import argparse
import json
import pathlib
import random
import sys
import warnings

import jax
import jax.numpy as jnp
import numpy as np
import optax

warnings.simplefilter("ignore")
SMALLEST_SCALE = 1e-3
NOISY = ("noise_multiplier", "eta")


# Cases as the original's objects


def build(value, key=None):
    """The optimizer, schedule or plain value that a part of a case stands for."""
    if key == "betas":
        return tuple(value)
    if key == "boundaries_and_scales":
        return {int(boundary): scale for boundary, scale in value.items()}
    if isinstance(value, list):
        return [build(element) for element in value]
    if not isinstance(value, dict):
        return value
    name, args = value["name"], value["args"]
    function = getattr(optax, name, None) or getattr(optax.contrib, name)
    if isinstance(args, list):
        return function(*build(args))
    args = {key: build(argument, key) for key, argument in args.items()}
    if name == "dpsgd" and "key" in args:
        args["seed"] = args.pop("key")
    return function(**args)


def tree(leaves, real):
    return {path: leaf(value, real) for path, value in leaves.items()}


def leaf(value, real):
    if "imag" in value:
        numbers = np.array(value["real"], real) + 1j * np.array(value["imag"], real)
        return jnp.asarray(numbers.reshape(value["shape"]))
    return jnp.asarray(np.array(value["data"], real).reshape(value["shape"]))


def plain(params):
    return {path: plain_leaf(np.asarray(value)) for path, value in sorted(params.items())}


def plain_leaf(value):
    flat = value.reshape(-1)
    if np.iscomplexobj(value):
        parts = {"real": flat.real.tolist(), "imag": flat.imag.tolist()}
    else:
        parts = {"data": [float(number) for number in flat]}
    return {"shape": list(value.shape), **parts}


# Runs


def run(case, real):
    """The parameters after each step, and the last state."""
    jax.config.update("jax_enable_x64", real == np.float64)
    optimizer = build(case["optimizer"])
    params = tree(case["params"], real)
    state = optimizer.init(params)
    noisy = per_example(case["optimizer"])
    update = optimizer.update if noisy else jax.jit(optimizer.update)
    steps = []
    for gradients in case["gradients"]:
        updates, state = update(tree(gradients, real), state, params)
        params = optax.apply_updates(params, updates)
        steps.append(plain(params))
    return steps, numbers(state)


def per_example(optimizer):
    return any(name in json.dumps(optimizer) for name in ("dpsgd", "differentially_private"))


def numbers(state):
    """The numbers of the outermost state by name, as lists; trees are left out."""
    named = getattr(state, "_asdict", lambda: getattr(state, "__dict__", {}))()
    found = {}
    for name, value in named.items():
        if isinstance(value, (jax.Array, np.ndarray)) and value.ndim <= 1:
            if jnp.issubdtype(value.dtype, jnp.number):
                found[name] = [float(number) for number in np.atleast_1d(value)]
    return found


def error(steps, expected):
    """The largest |difference| / max(|value|, 1e-3)."""
    largest = 0.0
    for step, wanted in zip(steps, expected, strict=True):
        for path, value in wanted.items():
            for part in ("data", "real", "imag"):
                have, want = (np.array(t.get(part, []), float) for t in (step[path], value))
                scale = np.maximum(np.abs(want), SMALLEST_SCALE)
                largest = max(largest, float(np.max(np.abs(have - want) / scale, initial=0)))
    return largest


def is_noisy(optimizer):
    text = json.dumps(optimizer)
    return "noisy_sgd" in text or "add_noise" in text or (
        '"noise_multiplier"' in text and '"noise_multiplier": 0.0' not in text
    )


def record(case):
    steps, state = run(case, np.float64)
    single, _ = run(case, np.float32)
    noisy = is_noisy(case["optimizer"])
    expected = {"params": steps, "state": state}
    expected["f32_error"] = None if noisy else error(single, steps)
    if noisy:
        expected["params_float32"] = single
    return {**case, "expected": expected}


def check(files):
    failed = 0
    for file in files:
        case = json.loads(pathlib.Path(file).read_text())
        steps, state = run(case, np.float64)
        difference = error(steps, case["expected"]["params"])
        names = set(case["expected"]["state"]) - set(state)
        right = difference <= 1e-12 and not names
        failed += not right
        print(f"{'ok  ' if right else 'DIFF'} {case['name']} {difference:.1e} {sorted(names)}")
    return 1 if failed else 0


# New cases


def some_schedule(r):
    return r.choice([
        {"name": "linear_schedule",
         "args": {"init_value": 1.0, "end_value": 0.0, "transition_steps": r.randint(10, 40)}},
        {"name": "warmup_cosine_decay_schedule",
         "args": {"init_value": 0.1, "peak_value": round(r.uniform(0.3, 1.5), 3),
                  "warmup_steps": r.randint(2, 8), "decay_steps": r.randint(12, 30),
                  "end_value": 0.05}},
        {"name": "cosine_decay_schedule",
         "args": {"init_value": round(r.uniform(0.1, 1), 3), "decay_steps": r.randint(8, 40)}},
        {"name": "exponential_decay",
         "args": {"init_value": 0.3, "transition_steps": r.randint(3, 9), "decay_rate": 0.5}},
    ])


def number(r, low, high):
    return float(f"{10 ** r.uniform(np.log10(low), np.log10(high)):.4g}")


def named(name, **args):
    return {"name": name, "args": args}


def rate(r):
    return some_schedule(r) if r.random() < 0.4 else number(r, 1e-3, 0.3)


def base(r):
    kinds = [
        named("sgd", learning_rate=rate(r)),
        named("sgd", learning_rate=rate(r), momentum=0.9, nesterov=r.random() < 0.5),
        named("adam", learning_rate=rate(r), b1=round(r.uniform(0.5, 0.95), 4),
              b2=round(r.uniform(0.9, 0.999), 4), eps=number(r, 1e-9, 1e-5)),
        named("adam", learning_rate=rate(r), eps_root=number(r, 1e-9, 1e-5), nesterov=True),
        named("adamw", learning_rate=rate(r), weight_decay=number(r, 1e-4, 0.1)),
        named("lion", learning_rate=number(r, 1e-4, 1e-2), weight_decay=number(r, 1e-4, 0.1)),
        named("rmsprop", learning_rate=rate(r), decay=0.9, momentum=r.choice([0.9, None])),
        named("rmsprop", learning_rate=rate(r), centered=True, eps_in_sqrt=r.random() < 0.5,
              initial_scale=1.0, bias_correction=r.random() < 0.5),
        named("adagrad", learning_rate=rate(r), initial_accumulator_value=number(r, 0.01, 1)),
    ]
    return r.choice(kinds)


def one(r):
    return r.choice([
        named("sgd", learning_rate=1.0),
        named("sgd", learning_rate=1.0, momentum=0.9, nesterov=True),
        named("adamw", learning_rate=some_schedule(r), weight_decay=number(r, 1e-3, 0.1)),
        named("lion", learning_rate=1.0),
        named("adam", learning_rate=1.0),
    ])


def adversary(r):
    inner = r.choice([named("sgd", learning_rate=number(r, 0.01, 0.5)),
                      named("adam", learning_rate=number(r, 0.005, 0.1))])
    return {"name": "chain", "args": [named("normalize"), inner]}


def adaptive(r):
    options = {"learning_rate": r.choice([1.0, some_schedule(r)]),
               "betas": [round(r.uniform(0.5, 0.95), 4), round(r.uniform(0.9, 0.999), 4)],
               "eps": number(r, 1e-9, 1e-5), "estim_lr0": number(r, 1e-6, 1e-2),
               "weight_decay": number(r, 1e-4, 0.1)}
    return {name: value for name, value in options.items() if r.random() < 0.6}


def prodigy(r):
    options = adaptive(r)
    if r.random() < 0.5:
        options |= {"beta3": round(r.uniform(0.7, 0.99), 4),
                    "estim_lr_coef": round(r.uniform(0.5, 3), 3)}
    if r.random() < 0.3:
        options["safeguard_warmup"] = True
    return named("prodigy", **options)


def mechanic(r):
    options = {"weight_decay": number(r, 1e-3, 0.3), "eps": number(r, 1e-9, 1e-6),
               "s_init": number(r, 1e-8, 1e-4), "num_betas": r.randint(1, 8)}
    chosen = {name: value for name, value in options.items() if r.random() < 0.6}
    return named("mechanize", base_optimizer=one(r), **chosen)


def chain(r):
    links = [
        named("clip_by_global_norm", max_norm=number(r, 0.05, 5)),
        named("clip", max_delta=number(r, 0.1, 2)),
        named("add_decayed_weights", weight_decay=number(r, 1e-3, 0.1)),
        named("trace", decay=0.9, nesterov=r.random() < 0.5),
        named("ema", decay=0.9, debias=r.random() < 0.5),
        named("scale_by_adam"), named("scale_by_lion"), named("scale_by_rms"),
        named("scale_by_rss"), named("scale", step_size=0.5), named("normalize"),
        named("scale_by_schedule", step_size_fn=some_schedule(r)),
    ]
    last = r.choice([named("scale_by_learning_rate", learning_rate=rate(r)), base(r),
                     named("dadapt_adamw", **adaptive(r)), named("cocob")])
    return {"name": "chain", "args": r.sample(links, r.randint(1, 3)) + [last]}


def sam(r):
    return named("sam", optimizer=base(r), adv_optimizer=adversary(r),
                 sync_period=r.randint(2, 5), reset_state=r.random() < 0.6)


def cocob(r):
    options = {"alpha": number(r, 5, 300), "eps": number(r, 1e-9, 1e-4),
               "learning_rate": rate(r), "weight_decay": number(r, 1e-3, 0.1)}
    return named("cocob", **{k: v for k, v in options.items() if r.random() < 0.5})


def private(r):
    args = {"l2_norm_clip": number(r, 0.3, 10), "noise_multiplier": r.choice([0.0, 0.8]),
            "key": r.randint(0, 10**6)}
    if r.random() < 0.4:
        return named("differentially_private_aggregate", **args)
    return named("dpsgd", learning_rate=number(r, 0.01, 0.5), **args,
                 momentum=r.choice([None, 0.9]), nesterov=r.random() < 0.5)


def split(r):
    inner = r.choice([named("adam", learning_rate=rate(r)), prodigy(r), cocob(r), chain(r)])
    return named("split_real_and_imaginary", inner=inner)


KINDS = {"base": base, "chain": chain, "cocob": cocob, "mechanize": mechanic, "prodigy": prodigy,
         "dadapt": lambda r: named("dadapt_adamw", **adaptive(r)), "sam": sam, "split": split,
         "dp": private, "noisy": lambda r: named("noisy_sgd", learning_rate=rate(r), key=5)}
SHAPES = {"dense/kernel": [3, 5], "dense/bias": [5], "scale": []}


def draw(rng, shape, complex_leaf=False):
    count = int(np.prod(shape))
    if complex_leaf:
        parts = {"real": rng.normal(size=count), "imag": rng.normal(size=count)}
    else:
        parts = {"data": rng.normal(size=count)}
    return {"shape": shape, **{name: part.tolist() for name, part in parts.items()}}


def scaled(tree_, factor):
    return {path: {name: part if name == "shape" else [x * factor for x in part]
                   for name, part in value.items()} for path, value in tree_.items()}


def new_case(kind, seed):
    r, rng = random.Random(f"{kind}{seed}"), np.random.default_rng(seed)
    shapes, batch = SHAPES, []
    if kind == "split":
        shapes = {"z": [2, 3], "a": [4]}
    if kind == "dp":
        shapes, batch = {"w": [3, 4], "b": [4], "u": [2]}, [r.randint(1, 6)]
    params = {path: draw(rng, shape, path == "z") for path, shape in shapes.items()}
    gradients = []
    quirks = kind != "dp" and r.random() < 0.4
    for step in range(8 if kind == "dp" else 25):
        drawn = {path: draw(rng, batch + shape, path == "z") for path, shape in shapes.items()}
        small = quirks and 5 <= step < 15
        gradients.append(scaled(drawn, 1e-9 if small else 1.0))
    return {"name": f"{kind}-{seed}", "source": f"optax {optax.__version__}, jax {jax.__version__}",
            "dtype": "float64", "optimizer": KINDS[kind](r), "params": params,
            "gradients": gradients}


def finite(case):
    return "NaN" not in json.dumps(case) and "Infinity" not in json.dumps(case)


def new(out, seed, count, kinds):
    folder = pathlib.Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    for kind in kinds:
        for number_ in range(count):
            case = record(new_case(kind, seed * 1000 + number_))
            if finite(case):
                (folder / f"{case['name']}.json").write_text(json.dumps(case))
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    checking = commands.add_parser("check", help="run recorded cases again and compare")
    checking.add_argument("cases", nargs="+")
    making = commands.add_parser("new", help="record new cases of the same kinds")
    making.add_argument("--seed", type=int, default=1)
    making.add_argument("--out", required=True)
    making.add_argument("--count", type=int, default=5, help="cases of each kind")
    making.add_argument("--kinds", default=",".join(KINDS))
    args = parser.parse_args()
    if args.command == "check":
        return check(args.cases)
    return new(args.out, args.seed, args.count, args.kinds.split(","))


if __name__ == "__main__":
    sys.exit(main())
