"""Writes models as other people's programs do, and what onnxruntime answers for them.

The files were written by torch 2.13.0, onnx 1.23.2, skl2onnx 1.20.0 and scikit-learn 1.9.1 and
keras 3.15.1. The answers are those of onnxruntime 1.32.0, and of Keras itself:

    pip install torch onnx onnxscript onnxruntime scikit-learn skl2onnx keras numpy
    python tests/models/foreign.py

Weights are random or fitted to random data, all from seed 0. foreign.json holds, for each model,
rows of inputs and one list of answers for each output.
"""

import json
import os
import pathlib

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from sklearn.ensemble import GradientBoostingRegressor, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVR
from skl2onnx import to_onnx
from torch import Tensor, nn

FOLDER = pathlib.Path(__file__).parent
ANSWERS = {}


def rows(n_features, n=10):
    return np.random.default_rng(1).normal(size=(n, n_features)).astype(np.float32)


def remember(name, points, widths=None):
    """The answers of onnxruntime, with the columns of `points` as the model's inputs."""
    session = onnxruntime.InferenceSession(FOLDER / f"{name}.onnx")
    kinds = {"tensor(float)": np.float32, "tensor(float16)": np.float16, "tensor(int64)": np.int64}
    feeds, at = {}, 0
    for given, width in zip(session.get_inputs(), widths or [points.shape[1]], strict=True):
        part = points[:, at:at + abs(width)].astype(kinds[given.type])
        feeds[given.name] = part[:, 0] if width < 0 else part
        at += abs(width)
    if session.get_inputs()[0].shape[0] == 1:
        single = [session.run(None, {k: v[i:i + 1] for k, v in feeds.items()}) for i in range(len(points))]
        returned = [np.concatenate(parts) for parts in zip(*single)]
    else:
        returned = session.run(None, feeds)
    answers = {}
    for output, value in zip(session.get_outputs(), returned):
        if isinstance(value, list):  # of a dictionary for each row
            value = np.array([list(row.values()) for row in value])
        if value.dtype.kind == "f":
            answers[output.name] = value.astype(float).ravel().tolist()
    ANSWERS[name] = {"points": points.astype(float).ravel().tolist(), "answers": answers}


def write(name, network, examples, inputs=("x",), outputs=("y",), is_dynamic=True, dynamo=False):
    named = {key: {0: "n"} for key in (*inputs, *outputs)}
    options = {"dynamic_shapes": tuple({0: torch.export.Dim("n")} for _ in examples)} if dynamo else {
        "dynamic_axes": named if is_dynamic else None}
    torch.onnx.export(network.eval(), examples, FOLDER / f"{name}.onnx", input_names=list(inputs),
                      output_names=list(outputs), dynamo=dynamo, verbose=False,
                      external_data=False, **options)
    if dynamo:
        model = onnx.load(FOLDER / f"{name}.onnx")
        model.ClearField("metadata_props")
        for part in [*model.graph.node, *model.graph.input, *model.graph.output]:
            part.ClearField("metadata_props")
        model.graph.ClearField("value_info")
        onnx.save(model, FOLDER / f"{name}.onnx")


class Pinn(nn.Module):
    """A solution u(t, x) that is 0 at x = 0 and x = 1, whatever the weights are."""

    def __init__(self):
        super().__init__()
        self.core = nn.Sequential(nn.Linear(2, 6), nn.Tanh(), nn.Linear(6, 6), nn.Tanh(), nn.Linear(6, 1))
        self.frequency = nn.Parameter(torch.tensor(1.5))

    def forward(self, tx: Tensor) -> Tensor:
        x = tx[:, 1:2]
        return torch.sin(self.frequency * x) * torch.exp(-tx[:, :1]) + x * (1 - x) * self.core(tx)


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.normal = nn.BatchNorm1d(width)
        self.enter = nn.Linear(width, 2 * width)
        self.leave = nn.Linear(2 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.leave(torch.relu(self.enter(self.normal(x))))


class Embedding(nn.Module):
    """A category and two numbers."""

    def __init__(self):
        super().__init__()
        self.kinds = nn.Embedding(3, 2)
        self.core = nn.Sequential(nn.Linear(4, 6), nn.GELU(), nn.Linear(6, 1))

    def forward(self, kind: Tensor, x: Tensor) -> Tensor:
        return self.core(torch.cat([self.kinds(kind), x], 1))


class TwoInputs(nn.Module):
    def __init__(self):
        super().__init__()
        self.of_place = nn.Linear(2, 5)
        self.of_time = nn.Linear(1, 5)
        self.leave = nn.Linear(5, 1)

    def forward(self, place: Tensor, time: Tensor) -> Tensor:
        return self.leave(torch.tanh(self.of_place(place)) * nn.functional.softplus(self.of_time(time)))


class ThreeOutputs(nn.Module):
    def __init__(self):
        super().__init__()
        self.enter = nn.Linear(2, 6)
        self.energy = nn.Linear(6, 1)
        self.force = nn.Linear(6, 2)
        self.state = nn.Linear(6, 3)

    def forward(self, x: Tensor):
        hidden = nn.functional.silu(self.enter(x))
        return self.energy(hidden), self.force(hidden), torch.softmax(self.state(hidden), 1)


class Window(nn.Module):
    """A convolution over the features, whose shapes are computed from the number of rows."""

    def __init__(self):
        super().__init__()
        self.convolution = nn.Conv1d(1, 3, 3, padding=1)
        self.leave = nn.Linear(6, 1)

    def forward(self, x: Tensor) -> Tensor:
        channels = nn.functional.mish(self.convolution(x.view(x.size(0), 1, x.size(1))))
        return self.leave(nn.functional.avg_pool1d(channels, 2).reshape(x.shape[0], -1))


class Recurrent(nn.Module):
    """The readout of a recurrent layer that has run over the features."""

    def __init__(self, kind):
        super().__init__()
        self.recurrent = kind(1, 4, batch_first=True)
        self.leave = nn.Linear(4, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.leave(self.recurrent(x.unsqueeze(-1))[0][:, -1])


def from_torch():
    x2, x4 = torch.zeros(2, 2), torch.zeros(2, 4)
    write("pinn", Pinn(), (x2,))
    remember("pinn", rows(2))
    residual = nn.Sequential(nn.Linear(3, 6), Block(6), Block(6), nn.ReLU(), nn.Linear(6, 2), nn.Softmax(1))
    for module in residual.modules():
        if isinstance(module, nn.BatchNorm1d):
            module.running_mean.uniform_(-0.5, 0.5)
            module.running_var.uniform_(0.5, 2.0)
    write("resnet", residual, (torch.zeros(2, 3),), dynamo=True)
    remember("resnet", rows(3))
    write("embedding", Embedding(), (torch.zeros(2, dtype=torch.int64), x2), ("kind", "x"))
    kinds = np.arange(10)[:, None] % 3
    remember("embedding", np.concatenate([kinds, rows(2)], 1), [-1, 2])
    normal = nn.Sequential(nn.Linear(3, 8), nn.LayerNorm(8), nn.SELU(), nn.Unflatten(1, (2, 4)),
                           nn.InstanceNorm1d(2), nn.Flatten(), nn.Linear(8, 1))
    write("normalized", normal, (torch.zeros(2, 3),))
    remember("normalized", rows(3))
    write("two_inputs", TwoInputs(), (x2, torch.zeros(2, 1)), ("place", "time"))
    remember("two_inputs", rows(3), [2, 1])
    write("three_outputs", ThreeOutputs(), (x2,), outputs=("energy", "force", "state"))
    remember("three_outputs", rows(2))
    write("window", Window(), (x4,))
    remember("window", rows(4))
    write("fixed", Window(), (torch.zeros(1, 4),), is_dynamic=False)
    remember("fixed", rows(4))
    for kind in [nn.LSTM, nn.GRU]:
        name = f"{kind.__name__.lower()}_readout"
        write(name, Recurrent(kind), (x4,))
        remember(name, rows(4))


def half():
    """Weights, inputs and outputs in half precision."""
    draw = np.random.default_rng(0).normal
    numbers = {"w1": draw(size=(2, 5)), "b1": draw(size=5), "w2": draw(size=(5, 1)), "b2": draw(size=1)}
    nodes = [
        helper.make_node("MatMul", ["x", "w1"], ["h"]), helper.make_node("Add", ["h", "b1"], ["u"]),
        helper.make_node("LeakyRelu", ["u"], ["a"], alpha=0.125),
        helper.make_node("MatMul", ["a", "w2"], ["v"]), helper.make_node("Add", ["v", "b2"], ["y"]),
    ]
    kind = TensorProto.FLOAT16
    graph = helper.make_graph(
        nodes, "half", [helper.make_tensor_value_info("x", kind, ["n", 2])],
        [helper.make_tensor_value_info("y", kind, ["n", 1])],
        [numpy_helper.from_array(array.astype(np.float16), name) for name, array in numbers.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 9)], ir_version=4)
    onnx.checker.check_model(model)
    onnx.save(model, FOLDER / "half.onnx")
    remember("half", rows(2).astype(np.float16))


def from_scikit_learn():
    draw = np.random.default_rng(0)
    x = draw.normal(size=(200, 2)).astype(np.float32)
    y = x[:, 0] * x[:, 1]
    classes = np.array(["low", "middle", "high"])[(y > -0.3).astype(int) + (y > 0.3)]
    boosted = GradientBoostingRegressor(n_estimators=20, max_depth=2, random_state=0).fit(x, y)
    small = dict(activation="tanh", solver="lbfgs", max_iter=50, random_state=0)
    models = {
        "boosted": boosted,
        "distilled": make_pipeline(StandardScaler(), MLPRegressor(hidden_layer_sizes=6, **small)).fit(x, boosted.predict(x)),
        "sides": make_pipeline(StandardScaler(), MLPClassifier(5, **small)).fit(x, np.where(y > 0, "over", "under")),
        "levels": MLPClassifier(5, **small).fit(x, classes),
        "logistic": LogisticRegression().fit(x, classes),
        "support": SVR(C=1.0).fit(x[:30], y[:30]),
        "forest": RandomForestClassifier(3, max_depth=3, random_state=0).fit(x, y > 0),
    }
    for name, model in models.items():
        (FOLDER / f"{name}.onnx").write_bytes(to_onnx(model, x[:1]).SerializeToString())
        remember(name, rows(2))


def from_keras():
    keras.utils.set_random_seed(0)
    layers = keras.layers
    model = keras.Sequential([
        keras.Input((2,)), layers.Normalization(mean=[1.0, -2.0], variance=[4.0, 0.25]),
        layers.Dense(5, "tanh"), layers.BatchNormalization(), layers.Dropout(0.1),
        layers.Dense(4), layers.Activation("silu"), layers.Dense(3, "softmax")])
    for weights in model.weights:
        if "moving" in weights.name or weights.name in ("gamma", "beta"):
            weights.assign(np.random.default_rng(2).uniform(0.5, 1.5, weights.shape))
    for ending in ["keras", "h5"]:
        model.save(FOLDER / f"levels.{ending}")
    points = rows(2)
    answers = {"y": model.predict(points, verbose=0).astype(float).ravel().tolist()}
    ANSWERS["keras"] = {"points": points.astype(float).ravel().tolist(), "answers": answers}


if __name__ == "__main__":
    torch.manual_seed(0)
    # Files that write.py wrote.
    for name, n_features in [("convolution", 3), ("gelu", 2), ("residual", 2)]:
        remember(name, rows(n_features))
    from_torch()
    half()
    from_scikit_learn()
    from_keras()
    (FOLDER / "foreign.json").write_text(json.dumps(ANSWERS) + "\n")
