#!/usr/bin/env python3
"""Opens a run of dvae in PyTorch: rebuilds encoder and decoder from its weights, encodes and reconstructs images, reads its metrics.

dvae_torch.py RUN IMAGES.npy [FOLDER]: IMAGES.npy is an array [count, height, width] of bytes, or of floats as the run was trained on;
FOLDER is where to write points.npy, log_t.npy and reconstructions.npy.
"""
import csv
import json
import os
import sys

import numpy as np
import torch
from torch import nn


def read_safetensors(path):
    """Tensors and metadata of a file: the length of the header, the header (JSON), the numbers. The package safetensors does the same."""
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        content = bytearray(file.read())
    metadata = header.pop("__metadata__")

    def tensor(entry):
        start, end = entry["data_offsets"]
        return torch.frombuffer(content, dtype=torch.float32, offset=start, count=(end - start) // 4).reshape(entry["shape"])

    return {name: tensor(entry) for name, entry in header.items()}, metadata


class Mlp(nn.ModuleList):
    """Linear layers with ReLU between them."""

    def __init__(self, *widths):
        super().__init__(nn.Linear(*pair) for pair in zip(widths, widths[1:]))

    def forward(self, x):
        *hidden, last = self
        for layer in hidden:
            x = layer(x).relu()
        return last(x)


def unit(x):
    return x / x.norm(dim=-1, keepdim=True)


def nearest_rotation(x):
    u, _, v = torch.linalg.svd(x.unflatten(-1, (3, 3)))
    u = torch.cat([u[..., :2], u[..., 2:] * torch.det(u @ v)[..., None, None]], -1)
    return (u @ v).flatten(-2)


def nearest_on_ring(core, tube):
    def project(x):
        outward = unit(x[..., :2])
        from_core = (x[..., :2] * outward).sum(-1, keepdim=True) - core
        around = unit(torch.cat([from_core, x[..., 2:]], -1))
        return torch.cat([(core + tube * around[..., :1]) * outward, tube * around[..., 1:]], -1)

    return project


def folded_ring(core, tube):
    """From a vector of the plane for the angle about the tube and one for the angle the long way round."""

    def fold(x):
        around, outward = (unit(vector) for vector in x.split(2, -1))
        return torch.cat([(core + tube * around[..., :1]) * outward, tube * around[..., 1:]], -1)

    return fold


def products(p):
    """The entries of p p^T, those beside the diagonal once and times sqrt 2: the same for p and -p."""
    i, j = torch.triu_indices(p.shape[-1], p.shape[-1])
    return p[..., i] * p[..., j] * torch.where(i == j, 1.0, 2.0**0.5)


class Factor:
    """A manifold: n coordinates of a point, the map there from what the encoder puts out, and what the decoder sees of a point."""

    def __init__(self, name, projection):
        kind, _, text = name.partition(":")
        numbers = [float(number) for number in text.split(",") if number]
        d, outputs = int(numbers[0]) if numbers else 0, None
        self.even, self.gaussian = kind == "projective", kind == "euclidean"
        self.times = d if self.gaussian else 1
        self.features = products if self.even else lambda p: p
        if kind in ("sphere", "projective"):
            self.n, self.project = d + 1, unit
        elif kind == "torus":
            self.n, self.project = 2 * d, lambda x: unit(x.unflatten(-1, (d, 2))).flatten(-2)
        elif kind == "embedded-torus":
            self.n, self.project = 3, nearest_on_ring(*numbers)
            if projection != "closest":
                outputs, self.project = 4, folded_ring(*numbers)
        elif kind == "so3":
            self.n, self.project = 9, nearest_rotation
        elif kind == "euclidean":
            self.n, self.project = d, lambda x: x
        else:
            raise ValueError(f"this script does not know the manifold {name}")
        self.outputs = outputs or self.n

    def log_t(self, output, bounds, start):
        """log t; of R^k the log variances."""
        if self.gaussian:
            return output.clamp(-20, 10)
        if bounds is None:
            return (output + start).clamp(-13.8, 6.9)
        lower, upper = bounds["lower"], bounds["upper"]
        return (lower + upper) / 2 + (upper - lower) / 2 * output.tanh()


class Autoencoder(nn.Module):
    """Its state has the names of the file of weights: encoder.0.weight, encoder.0.bias, ..., decoder.0.weight, ..."""

    def __init__(self, manifold, pixels, config):
        super().__init__()
        network, self.latent = config["network"], config["latent"]
        self.factors = [Factor(name, self.latent["projection"]) for name in manifold.split("*")]
        if self.latent["divergence"] is None and not all(factor.gaussian for factor in self.factors):
            raise ValueError("the factors of this product have different bounds of log t, which config.json does not tell apart")
        self.n = [factor.n for factor in self.factors]
        self.outputs = [factor.outputs for factor in self.factors]
        self.times = [factor.times for factor in self.factors]
        self.average = network["averageAntipodes"]
        self.bernoulli = network["decoder"] == "bernoulli"
        features = sum(self.n) if self.average else self.features(torch.zeros(1, sum(self.n))).shape[-1]
        self.encoder = Mlp(pixels, *network["encoderWidths"], sum(self.outputs) + sum(self.times))
        self.decoder = Mlp(features, *network["decoderWidths"], pixels)

    def features(self, points):
        return torch.cat([factor.features(part) for factor, part in zip(self.factors, points.split(self.n, -1))], -1)

    def encode(self, images):
        """[batch, pixels] to the points [batch, n] and log t."""
        x, t = self.encoder(images).split([sum(self.outputs), sum(self.times)], -1)
        points = [factor.project(part) for factor, part in zip(self.factors, x.split(self.outputs, -1))]
        bounds, start = self.latent["bounds"], self.latent["initialLogTime"]
        times = [factor.log_t(part, bounds, start) for factor, part in zip(self.factors, t.split(self.times, -1))]
        return torch.cat(points, -1), torch.cat(times, -1)

    def decode(self, points):
        """[batch, n] to the mean images [batch, pixels]."""
        output = self.averaged(points) if self.average else self.decoder(self.features(points))
        return output.sigmoid() if self.bernoulli else output

    def averaged(self, points):
        """The decoder's mean over all the coordinates that stand for the same point: p and -p of a projective space."""
        choices = [torch.zeros_like(points[..., :0])]
        for factor, part in zip(self.factors, points.split(self.n, -1)):
            signs = (1, -1) if factor.even else (1,)
            choices = [torch.cat([choice, sign * part], -1) for choice in choices for sign in signs]
        return torch.stack([self.decoder(choice) for choice in choices]).mean(0)


def open_run(run):
    """The model of a run."""
    tensors, metadata = read_safetensors(os.path.join(run, "weights.safetensors"))
    pixels = int(metadata["height"]) * int(metadata["width"])
    model = Autoencoder(metadata["manifold"], pixels, json.loads(metadata["config"]))
    model.load_state_dict(tensors)
    return model.eval()


def read_metrics(run):
    """metrics.csv: a dictionary of numbers for each epoch."""
    with open(os.path.join(run, "metrics.csv"), newline="") as file:
        return [{name: float(text) for name, text in row.items()} for row in csv.DictReader(file)]


def main(run, images, folder=None):
    model = open_run(run)
    array = np.load(images)
    pixels = torch.from_numpy(array.astype(np.float32) / (255 if array.dtype == np.uint8 else 1)).flatten(1)
    with torch.no_grad():
        points, log_t = model.encode(pixels)
        reconstructions = model.decode(points)
    if folder is not None:
        os.makedirs(folder, exist_ok=True)
        results = {"points": points, "log_t": log_t, "reconstructions": reconstructions.reshape(array.shape)}
        for name, tensor in results.items():
            np.save(os.path.join(folder, name + ".npy"), tensor.numpy())
    last = read_metrics(run)[-1]
    print(f"epoch {last['epoch']:.0f}: test ELBO {last['test_elbo']:.3f}, KL {last['test_kl']:.3f}")
    print(f"{len(array)} images, mean squared error {(reconstructions - pixels).square().mean():.6f} per pixel")


if __name__ == "__main__":
    main(*sys.argv[1:])
