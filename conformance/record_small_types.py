"""Writes the value of each byte in the types of at most 8 bits, according to ml_dtypes.

    python3 conformance/record_small_types.py conformance/safetensors

A line of small.tsv has the type's name in a safetensors file and the values of its codes from 0 on.
"""

import pathlib
import sys

import ml_dtypes
import numpy as np

TYPES = {
    "F4": (ml_dtypes.float4_e2m1fn, 16),
    "F8_E4M3": (ml_dtypes.float8_e4m3fn, 256),
    "F8_E4M3FNUZ": (ml_dtypes.float8_e4m3fnuz, 256),
    "F8_E5M2": (ml_dtypes.float8_e5m2, 256),
    "F8_E5M2FNUZ": (ml_dtypes.float8_e5m2fnuz, 256),
    "F8_E8M0": (ml_dtypes.float8_e8m0fnu, 256),
}
NAMES = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}


def text(x):
    return NAMES.get(repr(x), repr(x))


def main(folder):
    with open(pathlib.Path(folder) / "small.tsv", "w", encoding="utf-8") as out:
        for name, (dtype, codes) in TYPES.items():
            numbers = np.arange(codes, dtype=np.uint8).view(dtype).astype(np.float64)
            print(name, *map(text, numbers.tolist()), sep="\t", file=out)


main(sys.argv[1])
