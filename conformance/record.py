"""Records trajectories of the original and checks recorded ones. See README.md."""

import argparse
import functools
import json
import pathlib
import random
import re
import sys
import warnings

import jax
import jax.numpy as jnp
import numpy as np
import optax

warnings.simplefilter("ignore")
jax.config.update("jax_enable_x64", True)
SMALLEST_SCALE = 1e-3
CLOSE = {np.float64: 1e-12, np.float32: 1e-6}


# From cases to objects of the original


def build(value, real, key=None):
    """Returns the optimizer, schedule or plain value that a part of a case describes."""
    if key == "betas":
        return tuple(value)
    if key == "boundaries_and_scales":
        return {int(boundary): scale for boundary, scale in value.items()}
    if key == "mask":
        return lambda tree: {path: matches(value, path) for path in tree}
    if key == "param_labels":
        return lambda tree: {path: label(value, path) for path in tree}
    if isinstance(value, list):
        return [build(element, real) for element in value]
    if isinstance(value, dict) and set(value) == {"name", "args"}:
        return call(value["name"], value["args"], real)
    if isinstance(value, dict):
        return arguments(value, real)
    return value


def call(name, args, real):
    if name == "inject_hyperparams":
        inner = args["inner"]
        inject = optax.inject_hyperparams(getattr(optax, inner["name"]))
        return inject(**arguments(inner["args"], real))
    if name == "named_chain":
        return optax.named_chain(*arguments(args["transformations"], real).items())
    if name == "multi_steps":
        steps = optax.MultiSteps(**arguments(args, real), accumulator_dtype=real)
        return steps.gradient_transformation()
    if name == "selective_transform":
        return selective(build(args["optimizer"], real), args["freeze_mask"])
    function = getattr(optax, name, None) or getattr(optax.contrib, name)
    if isinstance(args, list):
        return function(*build(args, real))
    if name == "dpsgd" and "key" in args:
        args = {"seed" if key == "key" else key: value for key, value in args.items()}
    return function(**arguments(args, real))


def selective(optimizer, patterns):
    """Returns selective_transform, which takes a tree of flags instead of patterns."""
    def of(tree):
        flags = {path: matches(patterns, path) for path in tree}
        return optax.selective_transform(optimizer, freeze_mask=flags)
    return optax.GradientTransformationExtraArgs(
        lambda params: of(params).init(params),
        lambda updates, state, params=None, **extra: of(updates).update(
            updates, state, params, **extra))


def arguments(args, real):
    return {key: build(value, real, key) for key, value in args.items()}


def matches(patterns, path):
    """Returns whether the patterns accept the path: '*' matches anything, '!' excludes."""
    accepted = patterns[:1] != [] and patterns[0].startswith("!")
    for pattern in patterns:
        pieces = pattern.removeprefix("!").split("*")
        if re.fullmatch(".*".join(map(re.escape, pieces)), path):
            accepted = not pattern.startswith("!")
    return accepted


def label(labels, path):
    return next(found for pattern, found in labels.items() if matches([pattern], path))


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
    """Returns the parameters after each step and the numbers of the last state.

    Python scalars and their powers are float64 in a float32 run, too.
    """
    optimizer = build(case["optimizer"], real)
    params = tree(case["params"], real)
    state = optimizer.init(params)
    update = jax.jit(optimizer.update)
    steps = []
    for gradients in case["gradients"]:
        updates, state = update(tree(gradients, real), state, params)
        params = optax.apply_updates(params, updates)
        steps.append(plain(params))
    return steps, numbers(state)


def numbers(state):
    """Returns the numbers of the outermost state by name, as lists, without trees."""
    found = {}
    for name, value in getattr(state, "_asdict", dict)().items():
        if isinstance(value, (jax.Array, np.ndarray)) and value.ndim <= 1:
            if jnp.issubdtype(value.dtype, jnp.number):
                found[name] = [float(number) for number in np.atleast_1d(value)]
    return found


def error(steps, expected):
    """Returns the largest |difference| / max(|value|, 1e-3)."""
    return max(
        distance(values(step[path]), values(wanted))
        for step, reference in zip(steps, expected, strict=True)
        for path, wanted in reference.items()
    )


def values(leaf_):
    if "imag" in leaf_:
        return np.array(leaf_["real"]) + 1j * np.array(leaf_["imag"])
    return np.array(leaf_["data"])


def distance(have, want):
    have, want = np.array(have), np.array(want)
    return float(np.max(np.abs(have - want) / np.maximum(np.abs(want), SMALLEST_SCALE), initial=0))


def is_noisy(optimizer):
    text = json.dumps(optimizer)
    return '"eta"' in text or "noisy_sgd" in text or (
        '"noise_multiplier"' in text and '"noise_multiplier": 0.0' not in text
    )


def record(case):
    steps, state = run(case, np.float64)
    single, _ = run(case, np.float32)
    expected = {"params": steps, "state": state, "f32_error": error(single, steps)}
    if is_noisy(case["optimizer"]):
        expected |= {"f32_error": None, "params_float32": single}
    return {**case, "expected": expected}


# Checks


def check(files):
    wrong = 0
    for file in files:
        case = json.loads(pathlib.Path(file).read_text())
        complaints = differences(case, case["expected"])
        wrong += bool(complaints)
        print("DIFF" if complaints else "ok  ", case["name"], "; ".join(complaints))
    print(f"{len(files) - wrong} of {len(files)} reproduced")
    return 1 if wrong else 0


def differences(case, expected):
    """Returns the differences between a recorded case and a new run of the original."""
    steps, state = run(case, np.float64)
    single, _ = run(case, np.float32)
    complaints = []
    if (off := error(steps, expected["params"])) > CLOSE[np.float64]:
        complaints.append(f"float64 by {off:.1e}")
    if state.keys() != expected["state"].keys():
        complaints.append(f"state {sorted(state)}, recorded {sorted(expected['state'])}")
    for name in state.keys() & expected["state"].keys():
        if (off := distance(state[name], expected["state"][name])) > CLOSE[np.float64]:
            complaints.append(f"state {name} by {off:.1e}")
    if expected["f32_error"] is None:
        if (off := error(single, expected["params_float32"])) > CLOSE[np.float32]:
            complaints.append(f"float32 by {off:.1e}")
    elif not np.isclose(again := error(single, steps), expected["f32_error"], rtol=0.05, atol=1e-7):
        complaints.append(f"f32_error {again:.3e}, recorded {expected['f32_error']:.3e}")
    return complaints


# New cases: numbers


class Draw(random.Random):
    """Draws hyperparameters of four digits."""

    def around(self, low, high):
        return float(f"{10 ** self.uniform(np.log10(low), np.log10(high)):.4g}")

    def between(self, low, high):
        return float(f"{self.uniform(low, high):.4g}")

    def flag(self):
        return self.random() < 0.5

    def rate(self):
        return self.around(1e-3, 0.3)

    def betas(self):
        return [self.between(0.5, 0.95), self.between(0.9, 0.999)]

    def some(self, **args):
        """Returns a random selection of the arguments."""
        return {name: value for name, value in args.items() if self.random() < 0.6}

    def schedule(self):
        """Returns a schedule of a kind that never starts at 0."""
        return self.choice([linear, warmup_cosine])(self)


def named(name, **args):
    return {"name": name, "args": args}


def chain(*links):
    return {"name": "chain", "args": list(links)}


# New cases: schedules


def linear(d):
    return named("linear_schedule", init_value=1.0, end_value=0.0,
                 transition_steps=d.randint(26, 40))


def warmup_cosine(d):
    return named("warmup_cosine_decay_schedule", init_value=0.1, peak_value=d.between(0.3, 1.5),
                 warmup_steps=d.randint(2, 8), decay_steps=d.randint(12, 30), end_value=0.05)


def cycle(d, length):
    return {"init_value": d.between(0, 0.1), "peak_value": d.between(0.2, 0.9),
            "warmup_steps": 2, "decay_steps": length, "end_value": d.between(0, 0.05)}


SCHEDULES = {
    "constant": lambda d: named("constant_schedule", value=d.rate()),
    "linear": lambda d: named("linear_schedule", init_value=d.rate(), end_value=d.rate(),
                              transition_steps=d.randint(3, 20), transition_begin=d.randint(0, 6)),
    "polynomial": lambda d: named("polynomial_schedule", init_value=d.rate(), end_value=d.rate(),
                                  power=d.choice([2, 3]), transition_steps=d.randint(5, 20),
                                  transition_begin=d.randint(0, 6)),
    "polynomial-root": lambda d: named("polynomial_schedule", init_value=d.rate(), end_value=0.01,
                                       power=d.between(0.3, 2.7), transition_steps=32),
    "piecewise-constant": lambda d: named("piecewise_constant_schedule", init_value=d.rate(),
                                          boundaries_and_scales={"5": d.between(0.1, 2),
                                                                 "13": d.between(0.1, 2)}),
    "piecewise-linear": lambda d: named("piecewise_interpolate_schedule",
                                        interpolate_type="linear", init_value=d.rate(),
                                        boundaries_and_scales={"4": d.between(0.1, 2),
                                                               "17": d.between(0.1, 2)}),
    "piecewise-cosine": lambda d: named("piecewise_interpolate_schedule",
                                        interpolate_type="cosine", init_value=d.rate(),
                                        boundaries_and_scales={"6": d.between(0.1, 2),
                                                               "15": d.between(0.1, 2)}),
    "exponential": lambda d: named("exponential_decay", init_value=d.rate(),
                                   transition_steps=d.randint(3, 9),
                                   decay_rate=d.between(0.3, 0.9)),
    "exponential-staircase": lambda d: named("exponential_decay", init_value=d.rate(),
                                             transition_steps=d.randint(3, 9), decay_rate=0.5,
                                             transition_begin=d.randint(0, 5), staircase=True,
                                             end_value=1e-3),
    "cosine": lambda d: named("cosine_decay_schedule", init_value=d.rate(),
                              decay_steps=d.randint(8, 40), alpha=d.between(0, 0.3)),
    "cosine-exponent": lambda d: named("cosine_decay_schedule", init_value=d.rate(),
                                       decay_steps=d.randint(8, 40), exponent=d.between(0.5, 3)),
    "warmup-cosine": lambda d: named("warmup_cosine_decay_schedule",
                                     **cycle(d, d.randint(12, 30))),
    "warmup-exponential": lambda d: named("warmup_exponential_decay_schedule", init_value=0.0,
                                          peak_value=d.rate(), warmup_steps=d.randint(2, 8),
                                          transition_steps=d.randint(3, 9), decay_rate=0.6),
    "warmup-constant": lambda d: named("warmup_constant_schedule", init_value=0.0,
                                       peak_value=d.rate(), warmup_steps=d.randint(2, 20)),
    "onecycle-linear": lambda d: named("linear_onecycle_schedule",
                                       transition_steps=d.randint(12, 40), peak_value=d.rate()),
    "onecycle-cosine": lambda d: named("cosine_onecycle_schedule",
                                       transition_steps=d.randint(12, 40), peak_value=d.rate()),
    "sgdr": lambda d: named("sgdr_schedule",
                            cosine_kwargs=[cycle(d, 6), cycle(d, 8), cycle(d, 12)]),
    "join": lambda d: named("join_schedules", schedules=[linear(d), named("constant_schedule",
                            value=d.rate()), warmup_cosine(d)], boundaries=[5, 9]),
}


# New cases: optimizers. Cases of BASE and cases that end in -quirks get gradients that are huge,
# tiny or partly zero.


def adaptive(d):
    return d.some(learning_rate=d.schedule(), betas=d.betas(), eps=d.around(1e-9, 1e-5),
                  estim_lr0=d.around(1e-6, 1e-2), weight_decay=d.around(1e-3, 0.1))


def mechanize(d, base):
    return named("mechanize", base_optimizer=base,
                 **d.some(weight_decay=d.around(1e-3, 0.3), eps=d.around(1e-9, 1e-6),
                          s_init=d.around(1e-8, 1e-4), num_betas=d.randint(1, 8)))


def adversary(d, kind="sgd"):
    return chain(named("normalize"), named(kind, learning_rate=d.around(0.01, 0.4)))


def sam(d, optimizer, adv_optimizer=None, **args):
    return named("sam", optimizer=optimizer, adv_optimizer=adv_optimizer or adversary(d), **args)


def momentum_sgd(d, **args):
    return named("sgd", learning_rate=d.rate(), momentum=d.between(0.5, 0.95), **args)


def adam(d, **args):
    return named("adam", learning_rate=d.rate(), **args)


def adamw(d):
    return named("adamw", learning_rate=d.schedule(), weight_decay=d.around(1e-3, 0.1))


def split(inner):
    return named("split_real_and_imaginary", inner=inner)


def scaled(d, *links):
    return chain(*links, named("scale_by_learning_rate", learning_rate=d.rate()))


def private(d, noise, **args):
    return {"l2_norm_clip": d.around(0.3, 10), "noise_multiplier": noise,
            "key": d.randint(0, 10**6), **args}


def rmsprop(d, **args):
    return named("rmsprop", learning_rate=d.rate(), decay=d.between(0.5, 0.99), **args)


BASE = {
    "sgd-base": lambda d: named("sgd", learning_rate=d.rate()),
    "sgd-base-2": momentum_sgd,
    "sgd-base-3": lambda d: named("sgd", learning_rate=d.schedule(), momentum=0.9, nesterov=True),
    "adam-base": lambda d: adam(d, b1=d.between(0.5, 0.95), b2=d.between(0.9, 0.999),
                                eps=d.around(1e-9, 1e-5)),
    "adam-base-2": lambda d: adam(d, eps_root=d.around(1e-9, 1e-5)),
    "adam-base-3": lambda d: adam(d, nesterov=True, b1=d.between(0.5, 0.95)),
    "adam-short": lambda d: adam(d, b1=d.between(0.1, 0.45), b2=d.between(0.1, 0.45)),
    "adam-nesterov": lambda d: adam(d, nesterov=True, eps_root=d.around(1e-9, 1e-5)),
    "adamw-base": adamw,
    "adamw-mask": lambda d: named("adamw", learning_rate=d.rate(), nesterov=d.flag(),
                                  weight_decay=d.around(0.01, 0.5), mask=["*kernel"]),
    "lion-base": lambda d: named("lion", learning_rate=d.around(1e-4, 1e-2),
                                 b1=d.between(0.8, 0.95), b2=d.between(0.9, 0.999),
                                 weight_decay=d.around(1e-3, 0.1)),
    "lion-mask": lambda d: named("lion", learning_rate=d.schedule(), weight_decay=0.3,
                                 mask=["!*bias"]),
    "rmsprop-base": lambda d: rmsprop(d, momentum=d.between(0.5, 0.95)),
    "rmsprop-nesterov": lambda d: rmsprop(d, momentum=d.between(0.5, 0.95), nesterov=True),
    "rmsprop-centered": lambda d: rmsprop(d, centered=True, eps=d.around(1e-8, 1e-4),
                                          initial_scale=d.between(0.1, 2)),
    "rmsprop-centered-2": lambda d: rmsprop(d, centered=True, eps_in_sqrt=False,
                                            initial_scale=1.0, momentum=0.9),
    "rmsprop-centered-bias": lambda d: rmsprop(d, centered=True, bias_correction=True,
                                               eps=d.around(1e-6, 1e-2)),
    "rmsprop-scale": lambda d: rmsprop(d, initial_scale=d.between(0.1, 2)),
    "rmsprop-eps": lambda d: rmsprop(d, eps=d.around(1e-6, 1e-2), eps_in_sqrt=False),
    "rmsprop-bias": lambda d: rmsprop(d, bias_correction=True, eps_in_sqrt=d.flag()),
    "adagrad-base": lambda d: named("adagrad", learning_rate=d.rate()),
    "adagrad-eps": lambda d: named("adagrad", learning_rate=d.schedule(),
                                   initial_accumulator_value=d.choice([0.0, d.between(0, 1)]),
                                   eps=d.around(1e-9, 1e-4)),
    "noisy-sgd": lambda d: named("noisy_sgd", learning_rate=d.rate(), key=d.randint(0, 10**6),
                                 **d.some(eta=d.around(1e-3, 1), gamma=d.between(0.2, 1))),
    "noisy-sgd-defaults": lambda d: named("noisy_sgd", learning_rate=d.rate(),
                                          key=d.randint(0, 10**6)),
    "add-noise": lambda d: scaled(d, named("add_noise", eta=d.around(1e-3, 1), gamma=0.4,
                                           key=d.randint(0, 10**6)), named("scale_by_adam")),
    "chain-clip-adamw": lambda d: chain(
        named("clip_by_global_norm", max_norm=d.around(0.05, 5)),
        named("add_decayed_weights", weight_decay=d.around(1e-3, 0.1)), named("scale_by_adam"),
        named("scale_by_learning_rate", learning_rate=d.schedule())),
    "chain-clip": lambda d: scaled(d, named("clip", max_delta=d.around(0.1, 2)),
                                   named("trace", decay=0.9, nesterov=True)),
    "chain-ema": lambda d: scaled(d, named("ema", decay=d.between(0.5, 0.99), debias=False)),
    "chain-ema-short": lambda d: scaled(d, named("ema", decay=d.between(0.1, 0.45))),
    "chain-ema-debiased": lambda d: scaled(d, named("ema", decay=d.between(0.5, 0.99))),
    "chain-schedule": lambda d: chain(
        named("scale_by_schedule", step_size_fn=d.schedule()), named("scale", step_size=-0.05)),
    "chain-rms": lambda d: scaled(d, named("scale_by_rms", decay=d.between(0.5, 0.99)),
                                  named("add_decayed_weights", weight_decay=0.05,
                                        mask=["dense/*"])),
    "chain-stddev": lambda d: scaled(d, named("scale_by_stddev", initial_scale=1.0),
                                     named("zero_nans")),
    "chain-rss": lambda d: scaled(d, named("scale_by_rss"), named("trace", decay=0.5)),
    "chain-lion": lambda d: scaled(d, named("normalize"), named("scale_by_lion", b1=0.8),
                                   named("scale", step_size=d.between(0.1, 2))),
    "chain-lion-decays": lambda d: scaled(d, named("scale_by_lion", b1=d.between(0.5, 0.95),
                                                   b2=d.between(0.5, 0.95))),
    "chain-decay-schedule": lambda d: scaled(d, named("identity"),
                                             named("add_decayed_weights", weight_decay=linear(d))),
    "masked": lambda d: chain(named("masked", inner=adam(d), mask=["*kernel", "scale"]),
                              named("scale", step_size=0.1)),
    "masked-norm": lambda d: scaled(d, named(
        "masked", inner=named("clip_by_global_norm", max_norm=1.0), mask=["dense/*"])),
    "partition": lambda d: named("partition",
                                 transforms={"weights": adamw(d), "rest": momentum_sgd(d)},
                                 param_labels={"*kernel": "weights", "*": "rest"}),
    "freeze": lambda d: chain(adam(d), named("freeze", mask=["*kernel"])),
    "selective": lambda d: named("selective_transform", optimizer=adam(d),
                                 freeze_mask=["dense/*", "!*bias"]),
    "set-to-zero": lambda d: chain(named("masked", inner=named("set_to_zero"), mask=["*bias"]),
                                   momentum_sgd(d)),
    "named-chain": lambda d: named("named_chain", transformations={
        "clip": named("clip_by_global_norm", max_norm=1.0), "descend": adam(d)}),
    "apply-if-finite": lambda d: named("apply_if_finite", inner=adam(d), max_consecutive_errors=2),
    "multi-steps": lambda d: named("multi_steps", opt=adam(d), every_k_schedule=d.randint(1, 6)),
    "multi-steps-sum": lambda d: named("multi_steps", opt=adamw(d), use_grad_mean=False,
                                       every_k_schedule=d.randint(2, 4)),
    "inject": lambda d: named("inject_hyperparams", inner=adamw(d)),
}
BASE |= {f"schedule-{name}": lambda d, make=make: named("sgd", learning_rate=make(d))
         for name, make in SCHEDULES.items()}

ADAPTIVE = {
    "cocob": lambda d: named("cocob"),
    "cocob-alpha": lambda d: named("cocob", alpha=d.around(5, 300), eps=d.around(1e-9, 1e-4)),
    "cocob-rate": lambda d: named(
        "cocob", learning_rate=d.choice([d.between(0.2, 3), d.schedule()])),
    "cocob-decay": lambda d: named("cocob", weight_decay=d.around(1e-3, 0.1),
                                   **d.some(mask=["*kernel"], learning_rate=d.schedule())),
    "dadapt": lambda d: named("dadapt_adamw"),
    "dadapt-options": lambda d: named("dadapt_adamw", **adaptive(d)),
    "prodigy": lambda d: named("prodigy"),
    "prodigy-options": lambda d: named("prodigy", **adaptive(d),
                                       **d.some(beta3=d.between(0.7, 0.99),
                                                estim_lr_coef=d.between(0.5, 3))),
    "prodigy-safeguard": lambda d: named("prodigy", safeguard_warmup=True, **adaptive(d)),
    "mechanize-sgd": lambda d: mechanize(d, named("sgd", learning_rate=1.0)),
    "mechanize-momentum": lambda d: mechanize(
        d, named("sgd", learning_rate=1.0, momentum=d.between(0.5, 0.95), nesterov=d.flag())),
    "mechanize-adam": lambda d: mechanize(d, named("adam", learning_rate=1.0, nesterov=d.flag())),
    "mechanize-adamw": lambda d: mechanize(d, adamw(d)),
    "mechanize-lion": lambda d: mechanize(d, named("lion", learning_rate=1.0)),
    "mechanize-rmsprop": lambda d: mechanize(d, rmsprop(d)),
    "mechanize-adagrad": lambda d: mechanize(d, named("adagrad", learning_rate=1.0)),
    "mechanize-chain": lambda d: mechanize(d, chain(
        named("clip_by_global_norm", max_norm=1.0), named("adam", learning_rate=d.schedule()))),
    "chain-mechanize": lambda d: chain(named("clip", max_delta=1.0), mechanize(d, adamw(d)),
                                       named("scale", step_size=0.5)),
    "chain-dadapt-decay": lambda d: chain(
        named("add_decayed_weights", weight_decay=d.around(1e-3, 0.1)), named("dadapt_adamw")),
    "chain-prodigy": lambda d: chain(named("clip_by_global_norm", max_norm=1.0),
                                     named("prodigy", **adaptive(d))),
}
SAM = {
    **{f"sam-period{period}": lambda d, period=period: sam(
        d, named("sgd", learning_rate=d.rate()), sync_period=period) for period in (2, 3, 4, 5)},
    "sam-momentum": lambda d: sam(d, momentum_sgd(d)),
    "sam-adam-keep-state": lambda d: sam(d, adam(d), adversary(d, "adam"), reset_state=False,
                                         sync_period=d.randint(2, 5)),
    "sam-adam-reset": lambda d: sam(d, adamw(d), adversary(d, "adam"),
                                    sync_period=d.randint(2, 5)),
    "sam-momentum-keep": lambda d: sam(d, rmsprop(d), momentum_sgd(d), reset_state=False,
                                       sync_period=d.randint(2, 5)),
    "sam-prodigy": lambda d: sam(d, named("prodigy"), sync_period=2),
    "chain-sam": lambda d: chain(named("clip", max_delta=1.0), sam(d, adam(d))),
}
SPLIT = {
    "split-adam": lambda d: split(adam(d)),
    "split-clip-sgd": lambda d: split(chain(named("clip_by_global_norm",
                                                  max_norm=d.around(0.1, 5)), momentum_sgd(d))),
    "split-prodigy": lambda d: split(named("prodigy", **adaptive(d))),
    "split-cocob": lambda d: split(named("cocob", alpha=d.around(5, 300))),
    "split-dadapt": lambda d: split(named("dadapt_adamw", **adaptive(d))),
    "split-mechanize": lambda d: split(mechanize(d, adamw(d))),
    "split-lion": lambda d: split(named("lion", learning_rate=d.rate())),
    "split-sam": lambda d: split(sam(d, momentum_sgd(d))),
    "chain-split": lambda d: scaled(d, split(named("scale_by_rms", decay=0.8))),
}
PRIVATE = {
    "dp-aggregate": lambda d: named("differentially_private_aggregate", **private(d, 0.0)),
    "dp-aggregate-noise": lambda d: named("differentially_private_aggregate",
                                          **private(d, d.between(0.1, 2))),
    "dpsgd-noiseless": lambda d: named("dpsgd", learning_rate=d.rate(), **private(d, 0.0),
                                       **d.some(momentum=0.9)),
    "dpsgd-nesterov": lambda d: named("dpsgd", learning_rate=linear(d), **private(d, 0.0),
                                      momentum=d.between(0.5, 0.95), nesterov=True),
    "dpsgd-noise": lambda d: named("dpsgd", learning_rate=d.rate(),
                                   **private(d, d.between(0.1, 2)), **d.some(momentum=0.9)),
    "chain-dp": lambda d: chain(named("differentially_private_aggregate", **private(d, 0.7)),
                                adam(d)),
}
QUIRKS = {f"{kind}-quirks": make for kind, make in ADAPTIVE.items()}
KINDS = {**BASE, **ADAPTIVE, **QUIRKS, **SAM, **SPLIT, **PRIVATE}


# New cases: parameters and gradients


USUAL = [{"dense/kernel": [3, 5], "dense/bias": [5], "scale": []}]
COMPLEX = "yz"
COMPLEX_TREES = [{"z": [2, 3], "a": [4]}, {"z": [7]}, {"z": [2, 3], "a": [4], "y": [3]}]
PRIVATE_TREES = [{"w": [3, 4], "b": [4]}, {"w": [3, 4], "b": [4], "u": [2]},
                 {"m/2": [2], "m/10": [3], "Mid": [2, 2], "m": [], "alpha": [5]}]
ODD_TREES = {
    "scalar": {"x": []},
    "scalars": {"x": [], "b": [], "a": []},
    "one-element": {"x": [1]},
    "three-d": {"conv/kernel": [2, 3, 4], "conv/bias": [4], "row": [1, 6, 1]},
    "many": {f"layer{i}/{'kernel' if i % 2 else 'bias'}": [i % 4 + 1, 2][: i % 3]
             for i in range(30)},
    "large": {"embedding": [100, 100], "bias": [3]},
}
FEW_STEPS = 3


def shapes_of(kind, d):
    if kind in SPLIT:
        return d.choice(COMPLEX_TREES)
    return d.choice(PRIVATE_TREES if kind in PRIVATE else USUAL)


def unchanged(numbers_, shape):
    return numbers_


def draw(rng, shapes, batch=(), change=unchanged):
    drawn = {}
    for path, shape in shapes.items():
        count = int(np.prod([*batch, *shape]))
        parts = ("real", "imag") if path in COMPLEX else ("data",)
        drawn[path] = {"shape": [*batch, *shape]} | {
            part: change(rng.normal(size=count), shape).tolist() for part in parts}
    return drawn


def quirky(rng, step, numbers_, shape):
    """Makes the gradients of some steps huge, of others tiny and of others partly zero."""
    if step % 3 == 1 and shape:
        numbers_ = numbers_ * (rng.random(numbers_.shape) >= 0.4)
    return numbers_ * {3: 1e4, 5: 1e-9}.get(step % 7, 1.0)


def new_case(kind, seed, tree_name=None):
    d, rng = Draw(f"{kind}-{seed}"), np.random.default_rng([seed, *kind.encode()])
    name = f"{kind}-{seed}" + (f"-{tree_name}" if tree_name else "")
    optimizer = KINDS[kind](d)
    shapes = ODD_TREES[tree_name] if tree_name else shapes_of(kind, d)
    batch = [d.randint(1, 9)] if kind in PRIVATE else []
    steps = FEW_STEPS if tree_name == "large" else 8 if kind in PRIVATE else 25
    gradients = []
    for step in range(steps):
        with_quirks = kind in BASE or kind in QUIRKS
        change = functools.partial(quirky, rng, step) if with_quirks else unchanged
        gradients.append(draw(rng, shapes, batch, change))
    return {"name": name, "source": f"optax {optax.__version__}, jax {jax.__version__}",
            "dtype": "float64", "optimizer": optimizer, "params": draw(rng, shapes),
            "gradients": gradients}


def new(out, seed, count, kinds, trees):
    folder = pathlib.Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    for kind in kinds:
        for tree_name in trees:
            for i in range(count):
                case = record(new_case(kind, seed + i, tree_name))
                try:
                    text = json.dumps(case, allow_nan=False)
                except ValueError:
                    print(f"{case['name']} left out: the original is not finite there")
                else:
                    (folder / f"{case['name']}.json").write_text(text + "\n")
    return 0


def listed(choices):
    def read(text):
        names = text.split(",")
        if unknown := [name for name in names if name not in choices]:
            raise argparse.ArgumentTypeError(f"{unknown[0]} is none of {', '.join(choices)}")
        return names
    return read


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    checking = commands.add_parser("check", help="run recorded cases again and compare")
    checking.add_argument("cases", nargs="+", metavar="CASE")
    making = commands.add_parser("new", help="record new cases of the same kinds")
    making.add_argument("--seed", type=int, default=1, help="of the first case of each kind")
    making.add_argument("--count", type=int, default=1, help="cases of each kind")
    making.add_argument("--out", required=True, metavar="DIR")
    making.add_argument("--kinds", type=listed(KINDS), default=list(KINDS), metavar="A,B")
    making.add_argument("--trees", type=listed(ODD_TREES), default=[None], metavar="A,B",
                        help="odd parameter trees in place of the usual one")
    args = parser.parse_args()
    if args.command == "check":
        return check(args.cases)
    return new(args.out, args.seed, args.count, args.kinds, args.trees)


if __name__ == "__main__":
    sys.exit(main())
