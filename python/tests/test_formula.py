"""Formulas mean the same in every package."""

import pickle
import subprocess
import sys

import numpy as np
import pytest

import closedform as cf
from closedform._backends import OPERATORS

# Each operator, at arguments where it is defined and smooth.
FORMULAS = [
    "a + b", "a - b", "a*b", "a/b", "-a", "a**2", "a**3", "a**1.5", "sqrt(a)", "sin(a)", "cos(a)",
    "tan(a)", "tanh(a)", "exp(a)", "log(a)", "abs(a - b)", "sigmoid(a)", "atan(a)", "asin(a/9)",
    "acos(a/9)", "sinh(a)", "cosh(a)", "max(a, b)", "min(a, b)", "1/a", "2*a + 0.5*exp(-b)/3",
]  # fmt: skip


@pytest.fixture
def rows():
    return np.random.default_rng(0).uniform(0.5, 2.0, (50, 2))


@pytest.mark.parametrize("text", FORMULAS)
def test_numpy_and_sympy_give_the_same_values(text, rows):
    sympy = pytest.importorskip("sympy")
    formula = cf.Formula.parse(text, ["a", "b"])
    values = formula(rows)
    np.testing.assert_allclose(formula.numpy()(rows), values, rtol=1e-12)
    a, b = sympy.symbols("a b", real=True)
    by_sympy = [float(formula.sympy().subs({a: row[0], b: row[1]})) for row in rows[:5]]
    np.testing.assert_allclose(by_sympy, values[:5], rtol=1e-9)


@pytest.mark.parametrize("text", FORMULAS)
def test_torch_gives_the_same_values_and_gradients(text, rows):
    torch = pytest.importorskip("torch")
    formula = cf.Formula.parse(text, ["a", "b"])
    module = formula.torch().double()
    x = torch.tensor(rows, requires_grad=True)
    values = module(x)
    np.testing.assert_allclose(values.detach(), formula(rows), rtol=1e-6)
    (gradients,) = torch.autograd.grad(values.sum(), x)
    np.testing.assert_allclose(gradients, formula.gradients(rows), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("text", FORMULAS)
def test_jax_gives_the_same_values(text, rows):
    jax = pytest.importorskip("jax")
    formula = cf.Formula.parse(text, ["a", "b"])
    values = jax.jit(formula.jax())(rows)
    np.testing.assert_allclose(values, formula(rows), rtol=1e-4, atol=1e-5)


def test_every_operator_of_the_search_is_known():
    formula = "+ - * / neg square cube powi pow sqrt inv sin cos tan tanh exp log abs sigmoid atan asin acos sinh cosh max min"
    assert set(formula.split()) == set(OPERATORS)


def test_gradients_are_those_of_differences(rows):
    formula = cf.Formula.parse("a**2*sin(b)", ["a", "b"])
    step = 1e-6
    for feature in range(2):
        moved = np.zeros(2)
        moved[feature] = step
        slope = (formula(rows + moved) - formula(rows - moved)) / (2 * step)
        np.testing.assert_allclose(formula.gradients(rows)[:, feature], slope, rtol=1e-6)


def test_a_pickled_formula_is_the_same_to_the_last_digit(rows):
    formula = cf.Formula.parse("0.1234567890123456*a + exp(b)", ["a", "b"])
    again = pickle.loads(pickle.dumps(formula))
    assert again == formula
    assert type(again) is cf.Formula
    np.testing.assert_array_equal(again(rows), formula(rows))


def test_exported_code_runs_without_the_package(rows):
    code = cf.Formula.parse("a/b + 1", ["a", "b"]).source("numpy")
    code += "\nprint(g(4.0, 2.0))\n"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert float(ran.stdout) == 3.0, ran.stderr


def test_a_notebook_shows_latex():
    assert cf.Formula.parse("a**2/b", ["a", "b"])._repr_latex_() == r"$\displaystyle \frac{a^{2}}{b}$"


# A case of each operator, and one whose feature is called like a function.
@pytest.mark.parametrize("text", FORMULAS)
def test_an_onnx_model_gives_the_same_values_on_a_thousand_rows(text):
    onnxruntime = pytest.importorskip("onnxruntime")
    rows = np.random.default_rng(1).uniform(0.5, 1.4, (1000, 2))
    formula = cf.Formula.parse(text, ["a", "b"])
    session = onnxruntime.InferenceSession(formula.onnx(), providers=["CPUExecutionProvider"])
    (values,) = session.run(None, {"features": rows})
    # Six operators are computed in single precision there.
    single = any(name in text for name in ("tan(", "asin", "acos", "sinh", "cosh"))
    tolerance = 2e-6 if single else 1e-13
    np.testing.assert_allclose(values, formula(rows), rtol=tolerance, atol=tolerance)


def test_an_onnx_model_of_a_number_gives_it_for_each_row():
    onnxruntime = pytest.importorskip("onnxruntime")
    model = cf.Formula.parse("2.5", ["exp", "b"]).onnx()
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    (values,) = session.run(None, {"features": np.ones((3, 2))})
    assert values.tolist() == [2.5, 2.5, 2.5]


@pytest.mark.parametrize("text", FORMULAS)
def test_the_code_of_a_torch_module_gives_the_same_values(text, rows):
    torch = pytest.importorskip("torch")
    formula = cf.Formula.parse(text, ["a", "b"])
    world = {}
    exec(formula.source("torch"), world)
    values = world["G"]()(torch.tensor(rows))
    np.testing.assert_allclose(values, formula(rows), rtol=1e-12)


@pytest.mark.parametrize("text", FORMULAS)
def test_the_code_of_a_jax_function_gives_the_same_values(text, rows):
    pytest.importorskip("jax")
    formula = cf.Formula.parse(text, ["a", "b"])
    world = {}
    exec(formula.source("jax"), world)
    np.testing.assert_allclose(world["g"](*rows.T), formula(rows), rtol=2e-5, atol=2e-6)
