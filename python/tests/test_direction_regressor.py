"""DirectionRegressor sees only the directions of gradients, and fits the rest."""

import pickle

import numpy as np
import pytest

import closedform as cf


@pytest.fixture(scope="module")
def rows():
    return np.random.default_rng(0).uniform(0.5, 2, (300, 2))


def test_given_gradients_give_the_formula_and_phi(rows):
    concept = rows[:, 0] * rows[:, 1]
    gradients = np.exp(-concept)[:, None] * rows[:, ::-1]
    y = 1 - np.exp(-concept)
    fitted = cf.DirectionRegressor().fit(rows, y, gradients=gradients)
    assert str(fitted.formula_) == "x1*x2"
    np.testing.assert_allclose(fitted.predict(rows), y, atol=1e-2)
    assert fitted.estimator_ is None
    again = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(again.predict(rows), fitted.predict(rows))


def test_without_a_short_formula_phi_is_a_curve(rows):
    concept = rows[:, 0] * rows[:, 1]
    y = np.floor(3 * concept)
    fitted = cf.DirectionRegressor().fit(rows, y, gradients=rows[:, ::-1])
    assert str(fitted.formula_) == "x1*x2"
    assert fitted.phi_ is None
    assert fitted.score(rows, y) > 0.99
    # Beyond the rows it is constant.
    np.testing.assert_allclose(fitted.predict([[0.1, 0.1], [9, 9]]), [y.min(), y.max()], atol=0.5)
    again = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(again.predict(rows), fitted.predict(rows))


def test_without_gradients_a_network_is_trained(rows):
    y = (rows[:, 0] + rows[:, 1] ** 2) ** 3
    fitted = cf.DirectionRegressor(max_complexity=12).fit(rows, y)
    assert fitted.estimator_ is not None
    assert fitted.score(rows, y) > 0.95


def test_one_feature_has_no_directions():
    with pytest.raises(cf.Error, match="n_features = 1"):
        cf.DirectionRegressor().fit([[1.0], [2.0], [3.0]], [1.0, 2.0, 3.0])
