"""Takes steps of the original, compiled, with donated buffers, and of torch; a line in, a line out."""

import json
import os
import sys
import time

made = {}
count = 0


def original():
    try:
        import jax
        import optax

        return jax, optax
    except ImportError:
        return None


def torch_library():
    try:
        import torch

        return torch
    except ImportError:
        return None


def libraries():
    found = []
    if original() is not None:
        found.append("optax")
    if torch_library() is not None:
        found.append("torch")
    return found


def optimizer(optax, name):
    from optax import contrib

    rate = 1e-3
    if name == "sgd":
        return optax.sgd(rate)
    if name == "adam":
        return optax.adam(rate)
    if name == "adamw":
        return optax.adamw(rate)
    if name == "clip+adamw":
        return optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(rate))
    if name == "lbfgs":
        return optax.lbfgs(rate, linesearch=None)
    if name == "cocob":
        return contrib.cocob()
    if name == "dadapt_adamw":
        return contrib.dadapt_adamw()
    if name == "prodigy":
        return contrib.prodigy()
    if name == "mechanize(adamw)":
        return contrib.mechanize(optax.adamw(1.0))
    if name == "sam(sgd)":
        adversary = optax.chain(contrib.normalize(), optax.sgd(0.05))
        return contrib.sam(optax.sgd(rate), adversary)
    for module in (optax, contrib):
        if hasattr(module, name):
            return getattr(module, name)(rate)
    return None


def make_original(name, shape):
    jax, optax = original()
    import jax.numpy as jnp

    chosen = optimizer(optax, name)
    if chosen is None:
        return None
    keys = jax.random.split(jax.random.PRNGKey(0), 2)
    params = 0.1 * jax.random.uniform(keys[0], shape, minval=-1)
    gradient = 0.1 * jax.random.uniform(keys[1], shape, minval=-1)
    gradients = [gradient, -gradient]
    state = chosen.init(params)
    # A state may hold the parameters themselves, which can't be given away twice.
    state = jax.tree.map(lambda leaf: jnp.array(leaf, copy=True), state)

    def step(gradient, state, params):
        updates, state = chosen.update(gradient, state, params)
        return optax.apply_updates(params, updates), state

    compiled = jax.jit(step, donate_argnums=(1, 2))
    holder = {"params": params, "state": state, "taken": 0}
    if name == "lbfgs":
        return minimizing(jax, compiled, holder, shape)

    def run(steps):
        params, state, taken = holder["params"], holder["state"], holder["taken"]
        for _ in range(steps):
            params, state = compiled(gradients[taken & 1], state, params)
            taken += 1
        jax.block_until_ready((params, state))
        holder.update(params=params, state=state, taken=taken)

    return run


def minimizing(jax, compiled, holder, shape):
    """Steps on the gradients of a quadratic function, as those of Steps, which are not timed."""
    keys = jax.random.split(jax.random.PRNGKey(1), 2)
    curvature = jax.random.uniform(keys[0], shape, minval=0.5, maxval=1.5)
    minimum = 0.1 * jax.random.uniform(keys[1], shape, minval=-1)
    gradient_at = jax.jit(lambda x, sign: curvature * (x - sign * minimum))

    def timed(steps):
        nanos = 0
        for _ in range(steps):
            sign = 1.0 if holder["taken"] // 500 % 2 == 0 else -1.0
            gradient = jax.block_until_ready(gradient_at(holder["params"], sign))
            start = time.perf_counter_ns()
            after = jax.block_until_ready(compiled(gradient, holder["state"], holder["params"]))
            nanos += time.perf_counter_ns() - start
            holder.update(params=after[0], state=after[1], taken=holder["taken"] + 1)
        return nanos

    timed.times_itself = True
    return timed


def make_torch(name, shape, threads):
    torch = torch_library()
    if name != "adamw":
        return None
    torch.set_num_threads(threads)
    generator = torch.Generator().manual_seed(0)
    params = torch.rand(shape, generator=generator) * 0.2 - 0.1
    params.requires_grad_()
    gradient = torch.rand(shape, generator=generator) * 0.2 - 0.1
    gradients = [gradient, -gradient]
    chosen = torch.optim.AdamW([params], lr=1e-3, weight_decay=1e-4, fused=True)
    holder = {"taken": 0}

    def run(steps):
        for _ in range(steps):
            params.grad = gradients[holder["taken"] & 1]
            chosen.step()
            holder["taken"] += 1

    return run


def make_training(question):
    """Epochs of a perceptron with torch's fused AdamW, in another order each."""
    torch = torch_library()
    if torch is None:
        return None
    features, hidden, classes = question["features"], question["hidden"], question["classes"]
    examples, batch = question["examples"], question["batch"]
    torch.manual_seed(0)
    inputs = torch.rand(examples, features) - 0.5
    labels = torch.randint(0, classes, (examples,))
    model = torch.nn.Sequential(
        torch.nn.Linear(features, hidden), torch.nn.ReLU(), torch.nn.Linear(hidden, classes)
    )
    stepper = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=1e-4, fused=True)
    loss = torch.nn.CrossEntropyLoss()

    def run(epochs):
        for _ in range(epochs):
            order = torch.randperm(examples)
            for begin in range(0, examples, batch):
                rows = order[begin : begin + batch]
                stepper.zero_grad()
                loss(model(inputs[rows]), labels[rows]).backward()
                stepper.step()

    return run


def regression(rows, columns):
    """The data of SearchBenchmark, made once."""
    import numpy as np

    if "regression" not in made:
        row, column = np.arange(rows)[:, None], np.arange(columns + 8)[None, :]
        numbers = np.sin(row * 12.9898 + column * 78.233) * 43758.5453
        numbers = 2 * (numbers - np.floor(numbers)) - 1
        features = numbers[:, :columns] + 0.9 * numbers[:, 1 : columns + 1]
        margin = 2 * numbers[:, columns + 7] + features @ (np.cos(np.arange(columns)) / 5)
        made["regression"] = features, np.where(margin > 0, 1.0, -1.0)
    return made["regression"]


def minimize(question):
    try:
        import numpy as np
        from scipy.optimize import minimize as scipy_minimize
        from scipy.special import expit
    except ImportError:
        return {}
    features, labels = regression(question["rows"], question["columns"])
    l2 = question["l2"]

    def loss(x):
        margin = labels * (features @ x)
        value = np.logaddexp(0, -margin).mean() + l2 / 2 * (x @ x)
        return value, features.T @ (-labels * expit(-margin)) / len(labels) + l2 * x

    start = time.perf_counter_ns()
    found = scipy_minimize(
        loss,
        np.zeros(question["columns"]),
        jac=True,
        method="L-BFGS-B",
        options={"maxcor": 10, "gtol": question["bound"], "ftol": 0, "maxiter": 1000},
    )
    nanos = time.perf_counter_ns() - start
    return {"nanos": nanos, "evaluations": int(found.nfev), "loss": float(found.fun)}


def make(question):
    library, name, shape = question["library"], question["optimizer"], tuple(question["shape"])
    if library == "optax":
        return numbered(make_original(name, shape))
    return numbered(make_torch(name, shape, question["threads"]))


def numbered(run):
    global count
    if run is None:
        return {"made": False}
    count += 1
    made[count] = run
    return {"made": True, "id": count}


def run(question):
    steps = made[question["id"]]
    if getattr(steps, "times_itself", False):
        return {"nanos": steps(question["steps"])}
    start = time.perf_counter_ns()
    steps(question["steps"])
    return {"nanos": time.perf_counter_ns() - start}


def answer(question):
    if question["do"] == "list":
        return {"libraries": libraries()}
    if question["do"] == "make":
        return make(question)
    if question["do"] == "train":
        return numbered(make_training(question))
    if question["do"] == "minimize":
        return minimize(question)
    if question["do"] == "run":
        return run(question)
    del made[question["id"]]
    return {}


def main():
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # whatever a library prints goes with the errors
    for line in sys.stdin:
        answers.write(json.dumps(answer(json.loads(line))) + "\n")


main()
