"""The estimators pass scikit-learn's own checks."""

import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

import closedform as cf

# Short searches: the checks fit each estimator about fifty times.
SHORT = {"n_generations": 1, "max_complexity": 8, "operators": "+,-,*"}

ESTIMATORS = [
    cf.SymbolicRegressor(**SHORT),
    cf.SymbolicClassifier(**SHORT),
    cf.DirectionRegressor(**SHORT),
]


@parametrize_with_checks(ESTIMATORS)
@pytest.mark.filterwarnings("ignore")
def test_scikit_learn_accepts(estimator, check):
    check(estimator)
