"""Dense networks of other packages, as layers of numbers."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import expit
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from .._core import Error


@dataclass(frozen=True)
class Layer:
    """`activation(biases + x weights)`, with weights `(n_inputs, n_outputs)`."""

    activation: str
    weights: np.ndarray
    biases: np.ndarray


def dense_layers(model: Any) -> list[Layer]:
    """The layers of a network of scikit-learn, keras or torch, inputs scaled by the first."""
    if is_network_of_scikit_learn(model):
        return of_scikit_learn(model)
    torch = sys.modules.get("torch")
    if torch and isinstance(model, torch.nn.Sequential):
        return of_torch(model)
    keras = sys.modules.get("keras")
    if keras and isinstance(model, keras.Sequential):
        return of_keras(model)
    raise Error(
        f"model is a {type(model).__name__}, but must be a dense network: MLPRegressor or "
        "MLPClassifier of scikit-learn, alone or after scalers in a pipeline, or Sequential of torch "
        "or keras"
    )


def is_network_of_scikit_learn(model: Any) -> bool:
    """Whether it is a network of scikit-learn, alone or after scalers in a pipeline."""
    *before, last = steps(model)
    return isinstance(last, (MLPClassifier, MLPRegressor)) and all(
        isinstance(step, (StandardScaler, MinMaxScaler)) for step in before
    )


def steps(model: Any) -> list[Any]:
    return [step for _, step in model.steps] if isinstance(model, Pipeline) else [model]


def of_scikit_learn(model: Any) -> list[Layer]:
    *scalers, network = steps(model)
    first, *others = of_network(network)
    for scaler in reversed(scalers):
        factors, offsets = affine(scaler)
        biases = first.biases + offsets @ first.weights
        first = Layer(first.activation, factors[:, np.newaxis] * first.weights, biases)
    return [first, *others]


def affine(scaler: StandardScaler | MinMaxScaler) -> tuple[np.ndarray, np.ndarray]:
    """The scaler as `factors x + offsets`, both `(n_features,)`."""
    n_features = scaler.n_features_in_
    if isinstance(scaler, MinMaxScaler):
        return scaler.scale_, scaler.min_
    factors = np.ones(n_features) if scaler.scale_ is None else 1 / scaler.scale_
    means = np.zeros(n_features) if scaler.mean_ is None else scaler.mean_
    return factors, -means * factors


def of_network(model: MLPClassifier | MLPRegressor) -> list[Layer]:
    names = {"identity": "linear", "logistic": "sigmoid"}
    activations = [model.activation] * (len(model.coefs_) - 1) + [model.out_activation_]
    return [
        Layer(names.get(activation, activation), weights, biases)
        for activation, weights, biases in zip(activations, model.coefs_, model.intercepts_)
    ]


def of_torch(model: Any) -> list[Layer]:
    from torch import nn

    known = {
        nn.ELU: "elu", nn.ReLU: "relu", nn.Sigmoid: "sigmoid", nn.SiLU: "silu",
        nn.Softmax: "softmax", nn.Softplus: "softplus", nn.Tanh: "tanh",
    }  # fmt: skip
    layers: list[Layer] = []
    is_open = False
    for name, module in model.named_children():
        if isinstance(module, nn.Linear):
            weights = module.weight.detach().double().cpu().numpy().T
            n_outputs = weights.shape[1]
            biases = np.zeros(n_outputs)
            if module.bias is not None:
                biases = module.bias.detach().double().cpu().numpy()
            layers.append(Layer("linear", weights, biases))
            is_open = True
        elif type(module) in known and is_open:
            last = layers.pop()
            layers.append(Layer(known[type(module)], last.weights, last.biases))
            is_open = False
        elif not isinstance(module, (nn.Dropout, nn.Identity)):
            raise Error(
                f'layer "{name}" of model is {module}, but only Linear layers are allowed, each '
                "with at most one activation after it"
            )
    return layers


def of_keras(model: Any) -> list[Layer]:
    layers = []
    for layer in model.layers:
        if type(layer).__name__ in ("Dropout", "InputLayer"):
            continue
        if type(layer).__name__ != "Dense":
            raise Error(f'layer "{layer.name}" of model is no Dense layer')
        weights, *biases = layer.get_weights()
        bias = biases[0] if biases else np.zeros(weights.shape[1])
        activation = getattr(layer.activation, "__name__", str(layer.activation))
        layers.append(Layer(activation, weights.astype(float), bias.astype(float)))
    return layers


def to_json(layers: list[Layer]) -> str:
    """The network in the format of the command line's `polynomial --weights`."""
    written = [
        {
            "activation": layer.activation,
            "weights": np.vstack([layer.biases, layer.weights]).tolist(),
        }
        for layer in layers
    ]
    return json.dumps({"layers": written})


class Dense:
    """A network of scikit-learn with exact gradients."""

    # Each activation, and its slope where its value is a.
    ACTIVATIONS = {
        "linear": (lambda u: u, lambda a: np.ones_like(a)),
        "sigmoid": (expit, lambda a: a * (1 - a)),
        "tanh": (np.tanh, lambda a: 1 - a * a),
        "relu": (lambda u: np.maximum(u, 0), lambda a: (a > 0).astype(float)),
    }

    def __init__(self, layers: list[Layer]) -> None:
        self.layers = layers

    def potentials(self, rows: np.ndarray) -> list[np.ndarray]:
        """What each layer's activation receives, `(n_samples, n_neurons)`."""
        *hidden, last = self.layers
        found = []
        for layer in hidden:
            found.append(rows @ layer.weights + layer.biases)
            activate, _ = self.ACTIVATIONS[layer.activation]
            rows = activate(found[-1])
        return [*found, rows @ last.weights + last.biases]

    def gradients(self, rows: np.ndarray, output: int) -> np.ndarray:
        """Gradients of an output's potential, `(n_samples, n_features)`."""
        *hidden, _ = self.potentials(rows)
        back = np.tile(self.layers[-1].weights[:, output], (len(rows), 1))
        for layer, potentials in zip(reversed(self.layers[:-1]), reversed(hidden)):
            activate, slope = self.ACTIVATIONS[layer.activation]
            back = (back * slope(activate(potentials))) @ layer.weights.T
        return back
