"""Compares what is read out of small networks that were trained on laws of physics, the kind of task
on which symbolic distillation is shown (Tan, Soubki and Cranmer 2026): forces between particles, the
solution of an equation of heat, a component of Lorenz's system.

  python benches/tables/distillation.py --seconds 20

`pinn` is their task: a network that is trained on ten points of a solution and on the equation of heat
itself. Their article says that its formula was found with numbers right to two decimals, and that it
wasn't found from a network that was trained on the ten points alone.

Each contestant is given the same rows with the network's outputs, the same cores and time; `interpret`
is closedform with the network itself, whose gradients it takes. Formulas are judged against the law on
fresh rows. It needs the Python package (make wheel), torch and pykan beside requirements.txt.
"""

import argparse
import tempfile
import time
import warnings

import numpy as np
import pandas as pd
import sympy
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import contestants
import pinn

warnings.filterwarnings("ignore")
N_ROWS = 2000
# Of the law's standard deviation.
NOISE = 0.01

LAWS = {
    # name: inputs with their ranges, the law
    "spring": ({"dx": (-2, 2), "dy": (-2, 2)}, "dx*(1 - 1/sqrt(dx**2 + dy**2 + 0.01))"),
    "gravity": ({"m": (0.5, 2), "r": (0.5, 3)}, "m/r**2"),
    "charges": ({"p": (-1, 1), "q": (-1, 1), "r": (0.5, 3)}, "p*q/r"),
    "heat": ({"x": (0, 2), "t": (0, 1)}, "exp(-t)*sin(pi*x)"),
    "pinn": ({"x": (0, 1), "t": (0, 1)}, f"exp(-{pinn.DIFFUSIVITY}*pi**2*t)*sin(pi*x)"),
    "lorenz": ({"x": (-15, 15), "y": (-20, 20), "z": (5, 40)}, "x*(28 - z) - y"),
}


def drawn(name, seed):
    """Rows with the values of a law."""
    ranges, law = LAWS[name]
    random = np.random.default_rng(seed)
    rows = pd.DataFrame({c: random.uniform(*ends, N_ROWS) for c, ends in ranges.items()})
    return rows.assign(y=contestants.evaluated(sympy.sympify(law), rows))


def network(name, rows):
    """A network of two layers, trained on rows with noise; for the law `pinn`, on ten of them."""
    if name == "pinn":
        return pinn.Trained(rows)
    noise = np.random.default_rng(2).normal(0, NOISE * rows.y.std(), len(rows))
    model = make_pipeline(
        StandardScaler(),
        MLPRegressor(
            hidden_layer_sizes=(64, 64), activation="tanh", solver="lbfgs", alpha=1e-4,
            max_iter=2000, random_state=0,
        ),
    )
    # A network learns targets of unit spread best.
    return model.fit(rows.drop(columns="y"), (rows.y + noise) / rows.y.std())


def interpret(model, rows, fresh, seconds):
    import closedform as cf

    inputs = rows.drop(columns="y")
    run = cf.interpret(
        getattr(model, "module", model), inputs, time_limit=seconds, operators="+,-,*,/,sin,exp,sqrt", progress=False
    )
    return run.predict(fresh[inputs.columns]), run.whole and run.whole.sympy()


def package(model, rows, fresh, seconds):
    import closedform as cf

    inputs = rows.drop(columns="y")
    regressor = cf.SymbolicRegressor(operators="+,-,*,/,sin,exp,sqrt", time_limit=seconds)
    regressor.fit(inputs, rows.y)
    return regressor.predict(fresh[inputs.columns]), regressor.sympy()


def kan(model, rows, fresh, seconds):
    """pykan by its own steps: train, prune, take formulas for the splines. It has no time limit."""
    import torch
    from kan import KAN

    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    columns = [c for c in rows if c != "y"]
    tensor = lambda table: torch.tensor(np.array(table))
    half = len(rows) // 2
    data = {
        "train_input": tensor(rows[columns][:half]), "train_label": tensor(rows[["y"]][:half]),
        "test_input": tensor(rows[columns][half:]), "test_label": tensor(rows[["y"]][half:]),
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        own = KAN(width=[len(columns), 5, 1], grid=3, k=3, seed=0, auto_save=False, ckpt_path=folder)
        own.fit(data, opt="LBFGS", steps=25, lamb=0.001)
        own = own.prune()
        own.fit(data, opt="LBFGS", steps=25)
        own.auto_symbolic(verbose=0)
        own.fit(data, opt="LBFGS", steps=25)
    values = own(tensor(fresh[columns])).detach().numpy()[:, 0]
    formula = own.symbolic_formula(var=columns)[0][0]
    return values, formula.evalf(4)


def peer(contestant):
    def asked(model, rows, fresh, seconds):
        return contestant(rows, fresh.drop(columns="y"), seconds)[:2]

    return asked


CONTESTANTS = {
    "interpret": interpret,
    "closedform": package,
    **{name: peer(contestants.ALL[name]) for name in ("operon", "symbolic_regression", "gplearn")},
    "kan": kan,
}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=int, default=20, help="the time limit of a search")
    parser.add_argument("--who", default=",".join(CONTESTANTS), help="only these contestants")
    parser.add_argument("--laws", default=",".join(LAWS), help="only these laws")
    arguments = parser.parse_args()
    print("| law | contestant | left of the law's variance | left by the network | seconds | formula |")
    print("|---|---|---:|---:|---:|---|")
    for name in arguments.laws.split(","):
        rows, fresh = drawn(name, 0), drawn(name, 1)
        model, scale = network(name, rows), rows.y.std()
        # Searches see what the network says, the judge knows the law.
        rows["y"] = scale * model.predict(rows.drop(columns="y"))
        said = scale * model.predict(fresh.drop(columns="y"))
        left = lambda values: ((values - fresh.y) ** 2).mean() / fresh.y.var()
        for who in arguments.who.split(","):
            start = time.time()
            values, formula = CONTESTANTS[who](model, rows, fresh, arguments.seconds)
            values = np.asarray(values) * (scale if who == "interpret" else 1)
            took = time.time() - start
            print(
                f"| {name} | {who} | {left(values):.1e} | {left(said):.1e} | {took:.0f} | `{formula}` |",
                flush=True,
            )


if __name__ == "__main__":
    main()
