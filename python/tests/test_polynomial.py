"""Networks as polynomials."""

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import closedform as cf


@pytest.fixture
def rows():
    return np.random.default_rng(0).uniform(-0.5, 0.5, (300, 2))


@pytest.mark.filterwarnings("ignore")
def test_the_polynomial_of_a_small_network_is_the_network(rows):
    network = MLPRegressor(
        hidden_layer_sizes=(4,), activation="tanh", alpha=1.0, solver="lbfgs", random_state=0
    )
    network.fit(rows, rows[:, 0] + rows[:, 1] ** 2)
    found = cf.polynomial(network, rows, max_order=7)
    np.testing.assert_allclose(found.predict(rows)[:, 0], network.predict(rows), atol=1e-3)
    assert found.activation == "linear"
    assert found.coefficients.loc["1", 0] == pytest.approx(
        found.formulas[0].gradients([[0.0, 0.0]])[0, 0]
    )


@pytest.mark.filterwarnings("ignore")
def test_scalers_of_a_pipeline_are_taken_into_the_network(rows):
    model = make_pipeline(
        StandardScaler(),
        MLPClassifier(
            hidden_layer_sizes=(3,), activation="logistic", solver="lbfgs", alpha=30.0,
            random_state=0,
        ),
    )  # fmt: skip
    model.fit(rows, rows[:, 0] > 0)
    found = cf.polynomial(model, rows, max_order=8)
    assert found.activation == "sigmoid"
    np.testing.assert_allclose(found.predict(rows)[:, 0], model.predict_proba(rows)[:, 1], atol=1e-2)


def test_a_sequential_of_torch_is_read(rows):
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Tanh(), torch.nn.Linear(3, 2))
    rows = rows / 4
    found = cf.polynomial(model, rows, max_order=7)
    with torch.no_grad():
        expected = model(torch.tensor(rows, dtype=torch.float32))
    np.testing.assert_allclose(found.predict(rows), expected, atol=1e-3)


def test_other_models_are_refused():
    with pytest.raises(cf.Error, match="model is a int, but must be a dense network"):
        cf.polynomial(3)
