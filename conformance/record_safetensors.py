"""Writes the small files of safetensors/ with numpy and torch, in every type that both sides support.

    python3 conformance/record_safetensors.py conformance/safetensors

Writes NAME.tsv beside each file: for each tensor its name as JSON, type, shape and bytes in
hexadecimal.
"""

import json
import pathlib
import sys

import numpy as np
import safetensors.numpy
import safetensors.torch
import torch


def values(n, rng):
    odd = [0.0, -0.0, np.inf, -np.inf, np.nan, 1.0, -1.0, 1e-42, 65504.0]
    return np.concatenate([odd, rng.normal(size=n)])[:n] if n < 9 else np.concatenate([odd, rng.normal(size=n - 9)])


SHAPES = {"scalar": (), "empty": (0, 4), "vector": (13,), "dense/kernel": (3, 5), "a \"b\"\n/\u00e4\U0001f600": (1, 2, 2)}


def numpy_file(rng):
    tensors = {}
    for name, shape in SHAPES.items():
        n = int(np.prod(shape))
        for dtype in (np.float32, np.float64, np.float16):
            with np.errstate(over="ignore"):
                tensors[f"{name}/{np.dtype(dtype).name}"] = values(n, rng).astype(dtype).reshape(shape)
        parts = np.stack([values(n, rng), values(n, rng)[::-1]], axis=-1).astype(np.float32)
        tensors[f"{name}/complex64"] = parts.view(np.complex64).reshape(shape)
    return tensors


def torch_file(rng):
    tensors = {}
    for name, shape in SHAPES.items():
        n = int(np.prod(shape))
        for dtype in (torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.complex64):
            label = str(dtype).removeprefix("torch.")
            tensors[f"{name}/{label}"] = torch.from_numpy(values(n, rng)).to(dtype).reshape(shape)
    return tensors


def hexadecimal(tensor):
    if isinstance(tensor, torch.Tensor):
        flat = tensor.contiguous().reshape(-1)
        flat = torch.view_as_real(flat) if flat.is_complex() else flat
        return flat.reshape(-1).view(torch.uint8).numpy().tobytes().hex()
    return tensor.tobytes().hex()


def dump(path, tensors):
    with open(path, "w", encoding="ascii") as out:
        for name, tensor in sorted(tensors.items()):
            dtype = str(tensor.dtype).removeprefix("torch.")
            shape = " ".join(map(str, tensor.shape))
            print(json.dumps(name), dtype, shape, hexadecimal(tensor), sep="\t", file=out)


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(20261123)
    arrays, tensors = numpy_file(rng), torch_file(rng)
    metadata = {"format": "np", "note": "from Python \u00e4"}
    safetensors.numpy.save_file(arrays, folder / "numpy.safetensors", metadata)
    safetensors.torch.save_file(tensors, folder / "torch.safetensors", {"format": "pt"})
    dump(folder / "numpy.tsv", arrays)
    dump(folder / "torch.tsv", tensors)


main()
