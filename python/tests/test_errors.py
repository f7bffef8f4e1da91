"""Errors name the argument, its value and what is allowed."""

import numpy as np
import pytest

import closedform as cf

ROWS = np.random.default_rng(0).uniform(1, 2, (50, 2))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"operators": "+,*,blah"}, "blah"),
        ({"max_complexity": 500}, "max_complexity is 500, but must be between 1 and 200"),
        ({"max_complexity": "many"}, "max_complexity is 'many', but must be"),
        ({"time_limit": -1.0}, "time_limit is -1, but must be a positive number of seconds"),
        ({"choose": "best"}, "choose is best, but must be accuracy, balanced or simple"),
        ({"units": ["m"]}, "units"),
        ({"loss": "cubic"}, "loss is cubic, but must be squared, absolute or poisson"),
        ({"options": {"depth": 3}}, "an option is depth, but must be one of checkpoint, choose"),
        ({"guesses": "x1 + x9"}, "x9"),
    ],
)
def test_a_wrong_parameter_is_named(arguments, sentence):
    with pytest.raises(cf.Error, match=sentence):
        cf.SymbolicRegressor(**arguments).fit(ROWS, ROWS[:, 0])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"by": "luck"}, "by is luck, but must be auto, directions or values"),
        ({"held_out": 1.5}, "held_out is 1.5, but must be between 0 and 1"),
        ({"task": "sorting"}, "task is sorting, but must be classification or regression"),
        ({"layer": "0"}, "only torch modules have layers"),
        ({"feature_names": ["a"]}, "feature_names has 1 names, but X has 2 columns"),
        ({"feature_names": ["a b", "a_b"]}, "would both be called a_b"),
        ({"smooth": 2.0}, "spread is 2"),
        ({"nonsense": 1}, "an option is nonsense"),
    ],
)
def test_a_wrong_argument_of_interpret_is_named(arguments, sentence):
    with pytest.raises(cf.Error, match=sentence):
        cf.interpret(lambda x: x[:, 0] * x[:, 1], ROWS, progress=False, **arguments)


def test_what_is_no_model_is_refused():
    with pytest.raises(cf.Error, match="model is a int, but must be a torch module"):
        cf.interpret(3, ROWS)


@pytest.mark.parametrize("X", [[["a", "b"]], [1.0, 2.0]])
def test_what_is_no_table_is_refused(X):
    with pytest.raises(cf.Error, match="^X "):
        cf.interpret(lambda x: x[:, 0], X)


def test_an_error_is_a_value_error():
    assert issubclass(cf.Error, ValueError)
