"""Checks files that Java wrote: the Python package must read the values recorded beside each.

    python3 conformance/check_safetensors.py checkpoint/target/conformance/*.safetensors

FILE.tsv beside FILE.safetensors has the name (as JSON), type, shape and bytes (in hexadecimal) of each
tensor. complex128 is float64 with a last axis of 2, named in the metadata.
"""

import hashlib
import json
import re
import sys

import safetensors
import safetensors.numpy
import safetensors.torch
import torch


def bits(tensor):
    if isinstance(tensor, torch.Tensor):
        flat = tensor.contiguous().reshape(-1)
        flat = torch.view_as_real(flat) if flat.is_complex() else flat
        return flat.reshape(-1).view(torch.uint8).numpy().tobytes().hex()
    return tensor.tobytes().hex()


def expected(path):
    for line in open(path, encoding="utf-8"):
        name, dtype, shape, data = line.rstrip("\n").split("\t")
        yield json.loads(name), dtype, tuple(map(int, shape.split())), data


def check_checksum(path, metadata):
    raw = open(path, "rb").read()
    digits = re.search(rb'"glissade\.sha256":"([0-9a-f]{64})"', raw)
    zeros = raw[: digits.start(1)] + b"0" * 64 + raw[digits.end(1) :]
    assert hashlib.sha256(zeros).hexdigest() == metadata["glissade.sha256"], path


def check(path):
    with safetensors.safe_open(path, "np") as file:
        metadata = file.metadata()
    check_checksum(path, metadata)
    in_torch = safetensors.torch.load_file(path)
    has_bfloat16 = any(t.dtype == torch.bfloat16 for t in in_torch.values())
    in_numpy = {} if has_bfloat16 else safetensors.numpy.load_file(path)
    wide = json.loads(metadata.get("glissade.complex128", "[]"))
    names = set()
    for name, dtype, shape, data in expected(path.removesuffix(".safetensors") + ".tsv"):
        names.add(name)
        for loaded in filter(None, (in_torch, in_numpy)):
            tensor = loaded[name]
            if name in wide:
                torch_side = isinstance(tensor, torch.Tensor)
                tensor = torch.view_as_complex(tensor) if torch_side else tensor.view("complex128")[..., 0]
            assert str(tensor.dtype).removeprefix("torch.") == dtype, (path, name, tensor.dtype)
            assert tuple(tensor.shape) == shape, (path, name, tensor.shape)
            assert bits(tensor) == data, (path, name)
    assert names == set(in_torch), (path, names ^ set(in_torch))
    print(f"{path}: {len(names)} tensors are equal")


for argument in sys.argv[1:]:
    check(argument)
