"""Who takes part. Each takes training rows, inputs to predict and a time limit in seconds, and
returns predictions and a formula, its number of nodes, or None if it has no formula. Those with a
front return it as well, as predictions and formulas."""

import json
import os
import subprocess
import tempfile
import time

import numpy as np
import sympy
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import LassoCV, LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

PEERS = os.environ.get("PEERS", "benches/peers/target/release/peers")
PROGRAM = os.environ.get("CLOSEDFORM", "target/release/closedform")


def closedform(training, inputs, seconds):
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
        training.to_csv(file.name, index=False)
        command = [PROGRAM, "search", "--data", file.name, "--target", "y"]
        command += ["--time-limit", str(seconds), "--json"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    front = [sympy.sympify(candidate["formula"]) for candidate in found["pareto_front"]]
    formula = sympy.sympify(found["formula"])
    return evaluated(formula, inputs), formula, [(evaluated(f, inputs), f) for f in front]


def operon(training, inputs, seconds):
    from pyoperon.sklearn import SymbolicRegressor

    model = SymbolicRegressor(
        objectives=["r2", "length"],
        model_selection_criterion="bayesian_information_criterion",
        allowed_symbols="add,sub,mul,div,constant,variable,exp,log,sin,sqrt",
        max_length=50,
        optimizer_iterations=5,
        max_time=seconds,
        max_evaluations=10**9,
        generations=10**6,
        n_threads=2,
        random_state=0,
    )
    columns = [c for c in training if c != "y"]
    # Operon takes only arrays that it may write to.
    given = np.array(training[columns].to_numpy())
    model.fit(given, np.array(training["y"].to_numpy()))
    names = {f"X{i + 1}": sympy.Symbol(c) for i, c in enumerate(columns)}

    def read(tree):
        text = model.get_model_string(tree, precision=6).replace("^", "**")
        return sympy.sympify(text, locals=names)

    asked = np.array(inputs[columns].to_numpy())
    front = [candidate["tree"] for candidate in model.pareto_front_]
    front = [(model.evaluate_model(tree, asked), read(tree)) for tree in front]
    return model.predict(asked), read(model.model_), front


def symbolic_regression(training, inputs, seconds):
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
        training.to_csv(file.name, index=False)
        command = [PEERS, "csv", "--data", file.name, "--time-limit", str(seconds)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    # It counts variables from 0.
    columns = [c for c in training if c != "y"]
    names = {f"x{index}": sympy.Symbol(column) for index, column in enumerate(columns)}
    formula = sympy.sympify(done.stdout.strip(), locals=names)
    return evaluated(formula, inputs), formula


def gplearn(training, inputs, seconds):
    from gplearn.genetic import SymbolicRegressor

    columns = [c for c in training if c != "y"]
    # It has no time limit: generations are added while there is time.
    model = SymbolicRegressor(
        population_size=1000,
        generations=1,
        function_set=("add", "sub", "mul", "div", "sqrt", "log", "sin"),
        parsimony_coefficient="auto",
        warm_start=True,
        n_jobs=2,
        random_state=0,
    )
    start = time.time()
    while time.time() - start < seconds:
        model.fit(training[columns].to_numpy(), training["y"].to_numpy())
        model.set_params(generations=model.generations + 1)
    # Its operators are protected against poles, and so no formula of sympy has its values.
    program = model._program
    return model.predict(inputs[columns].to_numpy()), program.length_


def linear(training, inputs, seconds):
    columns = [c for c in training if c != "y"]
    model = LinearRegression().fit(training[columns], training["y"])
    return model.predict(inputs[columns]), None


def lasso(training, inputs, seconds):
    columns = [c for c in training if c != "y"]
    model = make_pipeline(StandardScaler(), LassoCV(cv=5)).fit(training[columns], training["y"])
    return model.predict(inputs[columns]), None


def boosted_trees(training, inputs, seconds):
    columns = [c for c in training if c != "y"]
    model = HistGradientBoostingRegressor(learning_rate=0.05, early_stopping=True, random_state=0)
    model.fit(training[columns], training["y"])
    return model.predict(inputs[columns]), None


def mean(training, inputs, seconds):
    return np.full(len(inputs), training["y"].mean()), None


def evaluated(formula, inputs):
    symbols = sorted(formula.free_symbols, key=str)
    function = sympy.lambdify(symbols, formula, "numpy")
    with np.errstate(all="ignore"):
        values = function(*[inputs[str(symbol)].to_numpy() for symbol in symbols])
    return np.broadcast_to(np.asarray(values, dtype=float), (len(inputs),))


ALL = {f.__name__: f for f in (closedform, operon, symbolic_regression, gplearn, linear, lasso, boosted_trees, mean)}
SYMBOLIC = ["closedform", "operon", "symbolic_regression", "gplearn"]
