"""SymbolicRegressor is an estimator of scikit-learn."""

import pickle
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

import closedform as cf


@pytest.fixture(scope="module")
def table():
    random = np.random.default_rng(0)
    return pd.DataFrame(random.uniform(1, 3, (200, 2)), columns=["mass (kg)", "speed"])


def kinetic(table):
    return 0.5 * table["mass (kg)"] * table["speed"] ** 2


@pytest.fixture(scope="module")
def fitted(table):
    return cf.SymbolicRegressor().fit(table, kinetic(table))


def test_the_formula_has_the_names_of_the_columns(fitted, table):
    assert str(fitted.formula_) == "mass_kg*speed**2/2"
    assert list(fitted.feature_names_in_) == list(table.columns)


def test_a_table_of_polars_gives_the_same_formula(fitted, table):
    polars = pytest.importorskip("polars")
    given = polars.DataFrame({name: table[name].to_numpy() for name in table})
    again = cf.SymbolicRegressor().fit(given, kinetic(table).to_numpy())
    assert again.formula_ == fitted.formula_


def test_predictions_are_values_of_the_formula(fitted, table):
    np.testing.assert_allclose(fitted.predict(table), kinetic(table), rtol=1e-9)
    assert fitted.score(table, kinetic(table)) == pytest.approx(1.0)


def test_the_front_is_a_table_with_one_chosen_formula(fitted):
    front = fitted.front_
    assert front.is_chosen.sum() == 1
    assert front.formula[front.is_chosen].item() == fitted.formula_
    assert front.complexity.is_monotonic_increasing


def test_it_is_pickled_whole(fitted, table):
    again = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(again.predict(table), fitted.predict(table))
    assert again.front_.equals(fitted.front_)


def test_it_works_in_pipelines_grids_and_cross_validations(table):
    regressor = cf.SymbolicRegressor(n_generations=2, max_complexity=12)
    pipeline = make_pipeline(FunctionTransformer(np.log), regressor)
    target = np.log(kinetic(table))
    assert cross_val_score(pipeline, table, target, cv=3).min() > 0.999
    grid = GridSearchCV(regressor, {"operators": ["+,*", "+,*,sin"]}, cv=2).fit(table, target)
    assert grid.best_score_ > 0.9


def test_units_exclude_formulas_that_mix_them(table):
    regressor = cf.SymbolicRegressor(
        units={"mass (kg)": "kg", "speed": "m/s"}, target_unit="J", max_complexity=12
    )
    fitted = regressor.fit(table, kinetic(table))
    assert str(fitted.formula_) == "mass_kg*speed**2/2"
    assert set(fitted.front_.unit) <= {"kg*m^2/s^2", "any"}


def test_rows_with_weight_0_do_not_count(table):
    target = kinetic(table)
    spoilt = target.where(np.arange(len(target)) % 10 != 0, 0.0)
    weights = (spoilt == target).astype(float)
    fitted = cf.SymbolicRegressor().fit(table, spoilt, sample_weight=weights)
    assert str(fitted.formula_) == "mass_kg*speed**2/2"


def test_the_seed_fixes_the_search(table):
    noisy = kinetic(table) + np.random.default_rng(1).normal(0, 1, len(table))
    fits = [cf.SymbolicRegressor(random_state=3).fit(table, noisy) for _ in range(2)]
    assert fits[0].formula_ == fits[1].formula_


def test_the_command_line_finds_the_same_formula(table, tmp_path):
    program = shutil.which("closedform", path=Path(__file__).parents[2] / "target" / "debug")
    if program is None:
        pytest.skip("NOT COMPARED with the command line: target/debug/closedform isn't built")
    noisy = kinetic(table) + np.random.default_rng(1).normal(0, 1, len(table))
    path = tmp_path / "table.csv"
    table.assign(y=noisy).to_csv(path, index=False)
    command = [program, "search", "--data", path, "--target", "y", "--seed", "3", "--json"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    fitted = cf.SymbolicRegressor(random_state=3).fit(table, noisy)
    assert f'"formula": "{fitted.formula_}"' in ran.stdout


def test_a_checkpoint_is_kept_and_gone_on_from(table, tmp_path):
    path = tmp_path / "state.json"
    noisy = kinetic(table) + np.random.default_rng(1).normal(0, 1, len(table))
    whole = cf.SymbolicRegressor(n_generations=4).fit(table, noisy)
    for n_generations in (2, 4):
        regressor = cf.SymbolicRegressor(n_generations=n_generations, checkpoint=path)
        parts = regressor.fit(table, noisy)
        assert path.exists()
    assert parts.formula_ == whole.formula_


def test_a_notebook_shows_the_front_as_a_picture(fitted):
    assert fitted.figure().svg.startswith("<svg")
    assert fitted.figure()._repr_html_().startswith("<img")


def test_the_front_is_a_latex_table(table):
    fitted = cf.SymbolicRegressor(max_complexity=12).fit(table, kinetic(table))
    latex = fitted.front_latex()
    assert latex.startswith(r"\begin{tabular}") and latex.count(r"\\") == len(fitted.front_) + 1
    (chosen,) = [line for line in latex.splitlines() if line.startswith(r"$\rightarrow$")]
    assert r"\mathrm{speed}^{2}" in chosen
