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


def nearest_on_ellipsoid(*axes):
    """y = a^2 x / (t + a^2) with the greatest t for which |y / a| = 1: the root s of sum (a |x| / (s + gap))^2 = 1, t = s - min a^2."""

    def project(x):
        a = torch.tensor(axes, dtype=torch.float64)
        gaps = a.square() - a.min().square()
        b = x.double().abs().clamp_min(1e-100) * a
        low, high = torch.where(gaps == 0, b, 0.0).amax(-1, keepdim=True), b.norm(dim=-1, keepdim=True)
        s = low
        for _ in range(60):
            squares = (b / (s + gaps)).square()
            total, slope = squares.sum(-1, keepdim=True), (squares / (s + gaps)).sum(-1, keepdim=True)
            low, high = torch.where(total >= 1, s, low), torch.where(total >= 1, high, s)
            newton = s + total * (total.sqrt() - 1) / slope
            s = torch.where((newton >= low) & (newton <= high), newton, (low * high).sqrt())
        return (torch.where(x < 0, -a, a) * b / (s + gaps)).to(x.dtype)

    return project


def nearest_on_klein_bottle(core, tube):
    """((R + r cos v) cos u, (R + r cos v) sin u, r sin v cos u/2, r sin v sin u/2) with the greatest R A + r |(A, B)| over u."""

    def project(x):
        p = x.double()[..., None, :]

        def along(u):
            first = p[..., 0] * u.cos() + p[..., 1] * u.sin() - core
            return first, p[..., 2] * (u / 2).cos() + p[..., 3] * (u / 2).sin()

        def value(u):
            first, second = along(u)
            return core * first + tube * torch.hypot(first, second)

        u, width = torch.zeros_like(p[..., 0]), torch.pi
        for _ in range(12):  # grids of 64 cells, each a tenth as wide as the one before
            grid = u + width * torch.linspace(-1, 1, 65, dtype=torch.float64)
            u = grid.gather(-1, value(grid).argmax(-1, keepdim=True))
            width /= 10
        around = unit(torch.stack([part[..., 0] for part in along(u)], -1))
        from_axis, across, u = core + tube * around[..., 0], tube * around[..., 1], u[..., 0]
        return torch.stack([from_axis * u.cos(), from_axis * u.sin(), across * (u / 2).cos(), across * (u / 2).sin()], -1).to(x.dtype)

    return project


# For each family the coordinates n of a point, and the projection, from the numbers of an id.
PROJECTIONS = {
    "sphere": lambda d: (int(d) + 1, unit),
    "torus": lambda k: (2 * int(k), lambda x: unit(x.unflatten(-1, (-1, 2))).flatten(-2)),
    "embedded-torus": lambda core, tube: (3, nearest_on_ring(core, tube)),
    "ellipsoid": lambda *axes: (len(axes), nearest_on_ellipsoid(*axes)),
    "klein-bottle": lambda core, tube: (4, nearest_on_klein_bottle(core, tube)),
    "so3": lambda: (9, nearest_rotation),
    "projective": lambda d: (int(d) + 1, unit),
    "euclidean": lambda k: (int(k), lambda x: x),
}

# Where an encoder puts out other coordinates than those of points: how many, and the map to points.
UNFOLDED = {"embedded-torus": lambda core, tube: (4, folded_ring(core, tube))}


class Component:
    """A manifold: n coordinates of a point, the map there from what the encoder puts out, and what the decoder sees of a point."""

    def __init__(self, name, projection):
        family, _, text = name.partition(":")
        numbers = [float(number) for number in text.split(",") if number]
        if family not in PROJECTIONS:
            raise ValueError(f"this script lacks the projection onto the manifold {name}: add it to PROJECTIONS")
        self.n, self.project = PROJECTIONS[family](*numbers)
        self.outputs = self.n
        if family in UNFOLDED and projection != "closest":
            self.outputs, self.project = UNFOLDED[family](*numbers)
        self.even, self.gaussian = family == "projective", family == "euclidean"
        self.times = self.n if self.gaussian else 1
        self.features = products if self.even else lambda p: p

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
        self.components = [Component(name, self.latent["projection"]) for name in manifold.split("*")]
        if self.latent["divergence"] is None and not all(component.gaussian for component in self.components):
            raise ValueError("the components of this product have different bounds of log t, which config.json does not tell apart")
        self.n = [component.n for component in self.components]
        self.outputs = [component.outputs for component in self.components]
        self.times = [component.times for component in self.components]
        self.average = network["averageAntipodes"]
        self.decoder_id = network["decoder"]
        self.standardisation = {}
        features = sum(self.n) if self.average else self.features(torch.zeros(1, sum(self.n))).shape[-1]
        self.encoder = Mlp(pixels, *network["encoderWidths"], sum(self.outputs) + sum(self.times))
        self.decoder = Mlp(features, *network["decoderWidths"], pixels)

    def features(self, points):
        return torch.cat([component.features(part) for component, part in zip(self.components, points.split(self.n, -1))], -1)

    def encode(self, images):
        """[batch, pixels] to the points [batch, n] and log t."""
        images = self.standardised(images)
        x, t = self.encoder(images).split([sum(self.outputs), sum(self.times)], -1)
        points = [component.project(part) for component, part in zip(self.components, x.split(self.outputs, -1))]
        bounds, start = self.latent["bounds"], self.latent["initialLogTime"]
        times = [component.log_t(part, bounds, start) for component, part in zip(self.components, t.split(self.times, -1))]
        return torch.cat(points, -1), torch.cat(times, -1)

    def decode(self, points):
        """[batch, n] to the mean images [batch, pixels]."""
        output = self.averaged(points) if self.average else self.decoder(self.features(points))
        output = self.unstandardised(output)
        if self.decoder_id in ("poisson", "negative-binomial"):
            return output.exp()
        return output.sigmoid() if self.decoder_id == "bernoulli" else output

    def standardised(self, x):
        """What the encoder sees: values of mean 0 and variance 1, of counts those of log(1 + x), in a basis if there is one."""
        if not self.standardisation:
            return x
        x = x.log1p() if self.decoder_id in ("poisson", "negative-binomial") else x
        x = x - self.standardisation["input_centre"]
        x = x @ self.standardisation["basis"].T if "basis" in self.standardisation else x
        return x / self.standardisation["input_scale"]

    def unstandardised(self, y):
        """The parameters of the likelihood from what the decoder puts out."""
        if not self.standardisation:
            return y
        y = y * self.standardisation["output_scale"]
        return self.standardisation["output_centre"] + (y @ self.standardisation["basis"] if "basis" in self.standardisation else y)

    def averaged(self, points):
        """The decoder's mean over all the representatives of the same point: p and -p of a projective space."""
        choices = [torch.zeros_like(points[..., :0])]
        for component, part in zip(self.components, points.split(self.n, -1)):
            signs = (1, -1) if component.even else (1,)
            choices = [torch.cat([choice, sign * part], -1) for choice in choices for sign in signs]
        return torch.stack([self.decoder(choice) for choice in choices]).mean(0)


def open_run(run):
    """The model of a run."""
    tensors, metadata = read_safetensors(os.path.join(run, "weights.safetensors"))
    values = metadata.get("features") or int(metadata["height"]) * int(metadata["width"]) * int(metadata.get("channels", 1))
    model = Autoencoder(metadata["manifold"], int(metadata.get("components", values)), json.loads(metadata["config"]))
    prefix = "standardisation."
    model.standardisation = {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}
    # What the likelihood learnt, such as a variance, is not needed to encode and decode.
    model.load_state_dict({name: tensor for name, tensor in tensors.items() if name.startswith(("encoder.", "decoder."))})
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
