"""SymbolicClassifier tells classes apart."""

import numpy as np
import pytest
from sklearn.datasets import load_iris
from sklearn.multiclass import OneVsRestClassifier

import closedform as cf


@pytest.fixture(scope="module")
def rows():
    return np.random.default_rng(0).uniform(-1, 1, (400, 2))


@pytest.fixture(scope="module")
def fitted(rows):
    classes = np.where(rows[:, 0] > rows[:, 1] ** 2, "inside", "away")
    return cf.SymbolicClassifier(n_generations=2).fit(rows, classes), classes


def test_the_sign_of_the_formula_decides(fitted, rows):
    classifier, classes = fitted
    assert classifier.score(rows, classes) > 0.97
    is_second = classifier.decision_function(rows) > 0
    np.testing.assert_array_equal(classifier.predict(rows), classifier.classes_[is_second * 1])
    assert classifier.formula_.threshold == 0.0


def test_probabilities_agree_with_the_classes(fitted, rows):
    classifier, _ = fitted
    probabilities = classifier.predict_proba(rows)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1.0)
    np.testing.assert_array_equal(
        classifier.classes_[probabilities.argmax(axis=1)], classifier.predict(rows)
    )


def test_probabilities_of_noisy_labels_are_calibrated(rows):
    random = np.random.default_rng(1)
    truth = 1 / (1 + np.exp(-3 * (rows[:, 0] + rows[:, 1])))
    labels = random.uniform(size=len(rows)) < truth
    classifier = cf.SymbolicClassifier(max_complexity=5, n_generations=1).fit(rows, labels)
    assert np.abs(classifier.predict_proba(rows)[:, 1] - truth).mean() < 0.1


def test_more_classes_take_one_formula_each():
    X, y = load_iris(return_X_y=True)
    with pytest.raises(cf.Error, match="OneVsRestClassifier"):
        cf.SymbolicClassifier().fit(X, y)
    one = cf.SymbolicClassifier(n_generations=1, max_complexity=8)
    assert OneVsRestClassifier(one).fit(X, y).score(X, y) > 0.9
