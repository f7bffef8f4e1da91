"""Writes the networks of this folder with PyTorch, and what PyTorch makes of them.

The files were written by torch 2.13.0, safetensors 0.8.0, onnx 1.23.2 and onnxscript 0.7.2:

    pip install torch safetensors onnx onnxscript numpy
    python tests/models/write.py

The weights are random, drawn from seed 0 and stored in single precision. reference.json holds, for
each network, points, outputs and the outputs' input gradients by torch's own autograd, in double
precision from the stored weights.
"""

import copy
import json
import pathlib
from typing import Dict, Tuple

import torch
from onnx import load, save
from safetensors.torch import save_file
from torch import Tensor, nn

FOLDER = pathlib.Path(__file__).parent
REFERENCE = {}


def points(n_features, n=12):
    return torch.randn(n, n_features, generator=torch.Generator().manual_seed(1)) * 1.5 + 0.3


def remember(name, network, inputs):
    """Outputs (n, k) and gradients (n, k, n_features) in double precision."""
    network = copy.deepcopy(network).eval().double()
    inputs = inputs.double().requires_grad_()
    outputs = network(inputs)
    columns = [torch.autograd.grad(outputs[:, k].sum(), inputs, retain_graph=True)[0]
               for k in range(outputs.shape[1])]
    REFERENCE[name] = {
        "points": inputs.detach().flatten().tolist(),
        "outputs": outputs.detach().flatten().tolist(),
        "gradients": torch.stack(columns, 1).flatten().tolist(),
    }


def settle(network):
    """Gives batch norms statistics that differ from 0 and 1."""
    for module in network.modules():
        if isinstance(module, nn.BatchNorm1d):
            module.running_mean.uniform_(-0.5, 0.5)
            module.running_var.uniform_(0.5, 2.0)
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.uniform_(module.bias, -0.5, 0.5)
    return network.eval()


class Scaled(nn.Module):
    """A network whose inputs, and outputs, are standardized."""

    def __init__(self, network, mean, scale, out_mean=0.0, out_scale=1.0):
        super().__init__()
        self.network = network
        self.register_buffer("mean", torch.tensor(mean))
        self.register_buffer("scale", torch.tensor(scale))
        self.register_buffer("out_mean", torch.tensor(out_mean))
        self.register_buffer("out_scale", torch.tensor(out_scale))

    def forward(self, x: Tensor) -> Tensor:
        return self.network((x - self.mean) / self.scale) * self.out_scale + self.out_mean


MEAN, SCALE = [1.0, -2.0, 0.5], [2.0, 0.5, 4.0]


class Regressor(nn.Module):
    def __init__(self):
        super().__init__()
        self.enter = nn.Linear(3, 8)
        self.normal = nn.BatchNorm1d(8, eps=1e-3)
        self.middle = nn.Linear(8, 6, bias=False)
        self.before = nn.BatchNorm1d(6)
        self.leave = nn.Linear(6, 1)

    def forward(self, x: Tensor) -> Tensor:
        hidden = nn.functional.dropout(self.normal(torch.tanh(self.enter(x))), 0.5, self.training)
        return self.leave(nn.functional.silu(self.before(self.middle(hidden))))


def state_dicts():
    regressor = settle(Regressor())
    save_file(regressor.state_dict(), FOLDER / "regressor.safetensors")
    remember("regressor", regressor, points(3))
    remember("scaled regressor", Scaled(regressor, MEAN, SCALE, 10.0, 5.0), points(3))
    described = {
        "inputs": ["mass", "speed", "height"],
        "task": "regression",
        "layers": [
            {"linear": "enter"}, {"activation": "tanh"}, {"batch_norm": {"name": "normal", "eps": 1e-3}},
            {"dropout": 0.5},
            {"linear": "middle"}, {"batch_norm": {"name": "before"}}, {"activation": "silu"},
            {"linear": "leave"},
        ],
        "outputs": ["energy"],
    }
    (FOLDER / "regressor.json").write_text(json.dumps(described, indent=2) + "\n")
    described["input_scaling"] = {"mean": MEAN, "scale": SCALE}
    described["output_scaling"] = {"mean": [10.0], "scale": [5.0]}
    (FOLDER / "scaled.json").write_text(json.dumps(described, indent=2) + "\n")

    # Twelve entries, so that a sort by letters would put 10 before 2.
    layers = [nn.Linear(2, 5)]
    for _ in range(5):
        layers += [nn.ReLU(), nn.Linear(5, 5)]
    classes = nn.Sequential(*layers[:-1], nn.Linear(5, 3))
    save_file(classes.state_dict(), FOLDER / "classes.safetensors")
    remember("classes", classes, points(2))
    for name, kind in [("half", torch.float16), ("brain", torch.bfloat16), ("double", torch.float64)]:
        rounded = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1)).to(kind)
        save_file(rounded.state_dict(), FOLDER / f"{name}.safetensors")
        remember(name, rounded, points(2))
    torch.save(classes.state_dict(), FOLDER / "pickled.pt")
    torch.save({"epoch": 3, "model_state_dict": classes.state_dict(), "rate": 0.1}, FOLDER / "checkpoint.pt")
    torch.save(classes, FOLDER / "whole.pt")


class Recurrent(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.recurrent = kind(2, 3)
        self.leave = nn.Linear(3, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.leave(self.recurrent(x)[0])


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.enter = nn.Linear(2, 4)
        self.within = nn.Linear(4, 4)
        self.leave = nn.Linear(4, 1)

    def forward(self, x: Tensor) -> Tensor:
        hidden = torch.tanh(self.enter(x))
        return self.leave(hidden + torch.tanh(self.within(hidden)))


class Convolution(nn.Module):
    def __init__(self):
        super().__init__()
        self.convolution = nn.Conv1d(1, 2, 2)
        self.leave = nn.Linear(4, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.leave(self.convolution(x.unsqueeze(1)).flatten(1))


class Plain(nn.Module):
    """Linear layers without biases, and rows that give a number each."""

    def __init__(self):
        super().__init__()
        self.enter = nn.Linear(2, 4, bias=False)
        self.leave = nn.Linear(4, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return 1.0 - 2.0 * self.leave(torch.sin(self.enter(x))).squeeze(-1)


def export(name, network, n_features, dynamo=False, **options):
    inputs = torch.zeros(2, n_features)
    options |= {"dynamic_shapes": ({0: torch.export.Dim("n")},)} if dynamo else {
        "dynamic_axes": {"x": {0: "n"}}}
    torch.onnx.export(network.eval(), (inputs,), FOLDER / f"{name}.onnx", dynamo=dynamo,
                      input_names=["x"], output_names=["y"], verbose=False, **options)


def onnx():
    core = settle(nn.Sequential(
        nn.Linear(3, 8), nn.ELU(), nn.BatchNorm1d(8), nn.Dropout(0.3), nn.Linear(8, 6), nn.SiLU(),
        nn.Linear(6, 6), nn.Softplus(), nn.Linear(6, 1)))
    scaled = Scaled(core, MEAN, SCALE)
    remember("binary", scaled, points(3))
    export("binary", nn.Sequential(scaled, nn.Sigmoid()), 3)
    classes = nn.Sequential(nn.Linear(2, 6), nn.Tanh(), nn.Linear(6, 3))
    remember("three", classes, points(2))
    export("three", nn.Sequential(classes, nn.Softmax(-1)), 2, dynamo=True, external_data=False)
    export("logarithm", nn.Sequential(classes, nn.LogSoftmax(-1)), 2)
    # PyTorch keeps small weights in the file itself, large ones beside it.
    model = load(FOLDER / "logarithm.onnx")
    (FOLDER / "external.onnx.data").unlink(missing_ok=True)
    save(model, FOLDER / "external.onnx", save_as_external_data=True, size_threshold=0,
         location="external.onnx.data")
    export("lstm", Recurrent(nn.LSTM), 2)
    export("residual", Residual(), 2)
    export("convolution", Convolution(), 3)
    export("gelu", nn.Sequential(nn.Linear(2, 3), nn.GELU(), nn.Linear(3, 1)), 2)


class Outputs(nn.Module):
    """A dictionary of outputs, one of them of no use."""

    def __init__(self):
        super().__init__()
        self.enter = nn.Linear(2, 6)
        self.classes = nn.Linear(6, 3)
        self.height = nn.Linear(6, 1)

    def forward(self, x: Tensor) -> Dict[str, Tensor]:
        hidden = torch.tanh(self.enter(x))
        return {"classes": self.classes(hidden), "height": self.height(hidden)[:, 0],
                "square": hidden.unsqueeze(1) * hidden.unsqueeze(2)}


class Column(nn.Module):
    """One entry of Outputs, as (n, k)."""

    def __init__(self, network, name: str):
        super().__init__()
        self.network = network
        self.name = name

    def forward(self, x):
        column = self.network(x)[self.name]
        return column if column.dim() == 2 else column[:, None]


class Applied(nn.Module):
    """A linear layer and what is done with it."""

    def __init__(self, n_outputs=1):
        super().__init__()
        self.linear = nn.Linear(2, n_outputs)


class Rounded(Applied):
    def forward(self, x: Tensor) -> Tensor:
        return torch.round(self.linear(x) * 4.0)


class HalfRounded(Applied):
    def forward(self, x: Tensor) -> Tensor:
        return self.linear(torch.stack([x[:, 0], torch.floor(x[:, 1])], 1))


class Chosen(Applied):
    def forward(self, x: Tensor) -> Tensor:
        return torch.argmax(self.linear(x), 1)


class Mixed(Applied):
    def forward(self, x: Tensor) -> Tensor:
        return torch.softmax(self.linear(x), 0)


class Logarithm(Applied):
    def forward(self, x: Tensor) -> Tensor:
        return torch.log(self.linear(x))


class Constant(Applied):
    def forward(self, x: Tensor) -> Tensor:
        return torch.zeros_like(x)[:, :1] + self.linear.bias


class Square(Applied):
    def forward(self, x: Tensor) -> Tensor:
        return x.unsqueeze(1) * x.unsqueeze(2)


class Pair(Applied):
    def forward(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        return torch.sin(self.linear(x)), torch.cos(self.linear(x))


class Single(Applied):
    """A constant in single precision, which a module in double precision can't multiply with."""

    def forward(self, x: Tensor) -> Tensor:
        return torch.tanh(self.linear(x)) @ torch.ones(1, 1, dtype=torch.float32)


def scripted():
    def write(name, network):
        torch.jit.script(network.eval()).save(FOLDER / f"{name}.pt")

    general = nn.Sequential(
        nn.Linear(3, 8), nn.LayerNorm(8), nn.GELU(), nn.Dropout(0.5), nn.Linear(8, 6), nn.Mish(),
        nn.Linear(6, 1))
    remember("general", general, points(3))
    write("general", general.train())
    remember("scaled general", Scaled(general, MEAN, SCALE, 10.0, 5.0), points(3))
    traced = torch.jit.trace(Residual().eval(), torch.zeros(2, 2))
    traced.save(FOLDER / "traced.pt")
    remember("traced", traced, points(2))
    logit = nn.Sequential(nn.Linear(2, 6), nn.SELU(), nn.Linear(6, 1))
    remember("logit", logit, points(2))
    write("logit", logit)
    write("probability", nn.Sequential(logit, nn.Sigmoid()))
    logits = nn.Sequential(nn.Linear(2, 6), nn.Tanh(), nn.Linear(6, 3))
    remember("logits", logits, points(2))
    write("probabilities", nn.Sequential(logits, nn.Softmax(-1)))
    outputs = Outputs()
    write("outputs", outputs)
    for name in ["classes", "height"]:
        remember(name + " of outputs", Column(outputs, name), points(2))
    for name, network in [
        ("rounded", Rounded()), ("half_rounded", HalfRounded()), ("chosen", Chosen(3)),
        ("mixed", Mixed()), ("logarithm", Logarithm()), ("constant", Constant()),
        ("square", Square()), ("pair", Pair()), ("single", Single()),
    ]:
        write(name, network)
    for kind in [nn.LSTM, nn.GRU, nn.RNN]:
        write(kind.__name__.lower(), Recurrent(kind))


if __name__ == "__main__":
    torch.manual_seed(0)
    state_dicts()
    onnx()
    scripted()
    plain = Plain()
    export("plain", plain, 2)
    export("plain_dynamo", plain, 2, dynamo=True, external_data=False)
    remember("plain", nn.Sequential(plain, nn.Unflatten(0, (-1, 1))), points(2))
    (FOLDER / "reference.json").write_text(json.dumps(REFERENCE) + "\n")
