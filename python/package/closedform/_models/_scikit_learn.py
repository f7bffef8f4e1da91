"""Models of scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import is_classifier

from ._adapter import Adapter, Output, chosen_output, to_array
from ._dense import Dense, dense_layers, is_network_of_scikit_learn


def adapt(model: Any, *, output: Output, task: str | None) -> Adapter:
    """A fitted regressor or classifier, by its probabilities if it has some.

    Networks of scikit-learn are read, so their gradients are exact.
    """
    has_classes = is_classifier(model)
    layers = dense_layers(model) if is_network_of_scikit_learn(model) else []
    # Two classes share one output of the network, and several share a softmax.
    has_one_number = layers and layers[-1].activation != "softmax"
    if has_one_number and not (has_classes and output is not None):
        network = Dense(layers)
        return Adapter(
            lambda rows: to_array(chosen_output(network.potentials(rows)[-1], output)),
            lambda rows: to_array(network.gradients(rows, output or 0)),
            "classification" if has_classes else "regression",
            "latent",
            model.classes_[1] if has_classes else None,
        )

    def asked(rows: np.ndarray) -> Any:
        # A model that was fitted to named columns wants names again.
        names = getattr(model, "feature_names_in_", None)
        return rows if names is None else pd.DataFrame(rows, columns=names)

    def probability(rows: np.ndarray) -> np.ndarray:
        return to_array(chosen_output(model.predict_proba(asked(rows)), index))

    def logit_of_pair(rows: np.ndarray) -> np.ndarray:
        return to_array(chosen_output(np.log(model.predict_proba(asked(rows))), index))

    def score(rows: np.ndarray) -> np.ndarray:
        return to_array(chosen_output(model.decision_function(asked(rows)), output))

    def prediction(rows: np.ndarray) -> np.ndarray:
        return to_array(chosen_output(np.asarray(model.predict(asked(rows))), output))

    if not has_classes:
        return Adapter(prediction, None, task or "regression", "latent")
    index = 1 if output is None and len(model.classes_) == 2 else output
    class_1 = model.classes_[index] if index in range(len(model.classes_)) else None
    if hasattr(model, "predict_proba") and isinstance(index, tuple):
        return Adapter(logit_of_pair, None, "classification", "latent")
    if hasattr(model, "predict_proba"):
        return Adapter(probability, None, "classification", "probability", class_1)
    return Adapter(score, None, "classification", "latent", class_1)
