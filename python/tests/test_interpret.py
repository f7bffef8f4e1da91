"""Models of any framework are read out."""

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_diabetes
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeRegressor

import closedform as cf
from closedform._models import adapt
from closedform._models._dense import is_network_of_scikit_learn


@pytest.fixture(scope="module")
def rows():
    return np.random.default_rng(0).uniform(0.5, 2.0, (500, 2))


def asked(model, X, **arguments):
    defaults = {"layer": None, "output": None, "task": None, "answers": None, "batch_size": 100}
    return adapt(model, X, np.asarray(X), **{**defaults, **arguments})


def differences(values, rows, step=1e-5):
    slopes = []
    for feature in range(rows.shape[1]):
        moved = np.zeros(rows.shape[1])
        moved[feature] = step
        slopes.append((values(rows + moved) - values(rows - moved)) / (2 * step))
    return np.stack(slopes, axis=1)


def test_any_function_is_read_out(rows):
    run = cf.interpret(lambda x: np.log(x[:, 0] * x[:, 1] ** 2), rows, progress=False)
    assert run.verdict == "same_concept"
    assert str(run.formula) == "x1*x2**2"
    phi = cf.Formula.parse(run.phi, ["T"])
    np.testing.assert_allclose(phi([[0.5], [2.0]]), np.log([0.5, 2.0]), atol=1e-3)
    assert "the same concept as the network" in str(run)
    assert "by differences of values" in str(run)
    np.testing.assert_allclose(run.predict(rows), np.log(rows[:, 0] * rows[:, 1] ** 2), atol=1e-6)


def test_a_classifier_of_scikit_learn_is_asked_for_probabilities():
    X = pd.DataFrame(
        np.random.default_rng(0).uniform(-1, 1, (600, 2)), columns=["left side", "right"]
    )
    y = np.where(X["left side"] > X["right"] ** 2, "yes", "no")
    model = make_pipeline(
        StandardScaler(),
        MLPClassifier(
            hidden_layer_sizes=(16, 16), activation="tanh", solver="lbfgs", alpha=0.1,
            max_iter=500, random_state=0,
        ),
    )  # fmt: skip
    run = cf.interpret(model.fit(X, y), X, progress=False)
    assert run.gradients == "exact"
    assert run.formula.feature_names == ["left_side", "right"]
    assert run.certificate["agreement"] > 0.95
    assert np.mean((run.predict(X) > 0.5) == (model.predict(X) == "yes")) > 0.95


@pytest.mark.parametrize("activation", ["tanh", "logistic", "relu", "identity"])
def test_networks_of_scikit_learn_have_exact_gradients(activation, rows):
    target = rows[:, 0] * rows[:, 1]
    network = MLPRegressor(
        hidden_layer_sizes=(8, 8), activation=activation, random_state=0, max_iter=50
    )
    model = make_pipeline(StandardScaler(), network)
    with pytest.warns(UserWarning):
        model.fit(rows, target)
    assert is_network_of_scikit_learn(model)
    adapter = asked(model, rows)
    np.testing.assert_allclose(adapter.values(rows), model.predict(rows), rtol=1e-9)
    near = np.abs(adapter.gradients(rows) - differences(model.predict, rows))
    # A difference across a kink of relu is neither of the two slopes.
    assert np.median(near) < 1e-7


def test_trees_are_read_by_local_fits():
    X = np.random.default_rng(0).uniform(1, 3, (800, 2))
    model = DecisionTreeRegressor(random_state=0).fit(X, X[:, 0] / X[:, 1])
    with pytest.raises(cf.Error, match="steps as trees are"):
        cf.interpret(model, X, progress=False)
    run = cf.interpret(model, X, smooth=0.1, progress=False)
    assert run.certificate["scores"]["formula"]["value"] > 0.9


def test_a_model_of_linear_scores_needs_no_probabilities(rows):
    model = LogisticRegression().fit(rows, rows[:, 0] > rows[:, 1])
    run = cf.interpret(model, rows, progress=False)
    assert run.formula.threshold is not None
    assert run.certificate["agreement"] > 0.98


def test_targets_are_compared_with_the_formula():
    X, y = load_diabetes(return_X_y=True, as_frame=True)
    network = MLPRegressor(
        hidden_layer_sizes=(16,), activation="tanh", solver="lbfgs", alpha=1.0, random_state=0
    )
    model = make_pipeline(StandardScaler(), network)
    scaled = (y - y.mean()) / y.std()
    run = cf.interpret(model.fit(X, scaled), X, scaled, progress=False, time_limit=5)
    scores = run.certificate["scores"]
    assert scores["model"]["value"] != 1.0
    assert set(run.formula.feature_names) == set(X.columns)


def test_a_page_is_written(rows, tmp_path):
    run = cf.interpret(lambda x: x[:, 0] + x[:, 1] ** 2, rows, progress=False)
    run.save_page(tmp_path / "run.html")
    page = (tmp_path / "run.html").read_text()
    assert "by differences of values" in page and "</html>" in page
    assert run._repr_html_().startswith("$$")


def test_jax_functions_are_differentiated_by_jax(rows):
    jax = pytest.importorskip("jax")

    def function(x):
        return jax.numpy.tanh(x[:, 0] * x[:, 1])

    adapter = asked(function, rows)
    slope = 1 - np.tanh(rows[:, 0] * rows[:, 1]) ** 2
    expected = slope[:, None] * rows[:, ::-1]
    np.testing.assert_allclose(adapter.gradients(rows), expected, atol=1e-5)
    run = cf.interpret(function, rows, progress=False)
    assert str(run.formula) == "x1*x2"
    assert run.gradients == "exact"


def test_exceptions_of_the_model_come_back_as_they_are(rows):
    def broken(x):
        raise RuntimeError("out of memory on the device")

    with pytest.raises(RuntimeError, match="out of memory on the device"):
        cf.interpret(broken, rows, progress=False)
