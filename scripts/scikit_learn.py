"""A scikit-learn model as a command that closedform can run.

Train one on a table, or save one of your own with joblib, and name the command:

    python scripts/scikit_learn.py train points.csv label model.joblib
    closedform interpret --data points.csv --target label \
        --program 'python scripts/scikit_learn.py predict model.joblib'

closedform only needs `predict`. A model in R, Julia or another language needs the same command: it
reads CSV with a header from standard input and prints one number for each row. For classification
the number is the probability of class 1, or with `--answers latent` any score that is positive for
class 1.
"""

import argparse
import csv
import sys

import joblib
import numpy as np


def read(lines) -> tuple[list[str], np.ndarray]:
    """The header, and the rows as numbers, `(n_samples, n_columns)`."""
    rows = csv.reader(lines)
    header = next(rows)
    return header, np.array([[float(cell) for cell in row] for row in rows])


def train(arguments: argparse.Namespace) -> None:
    from sklearn.ensemble import GradientBoostingRegressor, RandomForestRegressor
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC, SVR

    seed = arguments.seed
    models = {
        "network": MLPClassifier(
            (16, 16), activation="tanh", solver="lbfgs", alpha=0.1, max_iter=400, random_state=seed
        ),
        "network-regressor": MLPRegressor(
            (32, 32), activation="tanh", solver="lbfgs", max_iter=1000, random_state=seed
        ),
        "svm": SVC(C=100.0),
        "svm-regressor": SVR(C=100.0, epsilon=0.01),
        "forest-regressor": RandomForestRegressor(200, random_state=seed),
        "boosting-regressor": GradientBoostingRegressor(random_state=seed),
    }
    with open(arguments.table, newline="") as file:
        header, rows = read(file)
    target = header.index(arguments.target)
    features = np.delete(rows, target, axis=1)
    model = make_pipeline(StandardScaler(), models[arguments.kind])
    model.fit(features, rows[:, target])
    print(f"score on the training rows: {model.score(features, rows[:, target]):.4f}")
    joblib.dump(model, arguments.model)


def predict(arguments: argparse.Namespace) -> None:
    model = joblib.load(arguments.model)
    _, rows = read(sys.stdin)
    if hasattr(model, "predict_proba"):
        answers = model.predict_proba(rows)[:, 1]
    elif hasattr(model, "decision_function"):
        answers = model.decision_function(rows)
    else:
        answers = model.predict(rows)
    sys.stdout.write("\n".join(map(repr, answers.tolist())) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True)
    training = commands.add_parser("train", help="train a model on a table")
    training.add_argument("table")
    training.add_argument("target")
    training.add_argument("model", help="the file to save the model in")
    training.add_argument("--kind", default="network", help="network, svm, forest-regressor ...")
    training.add_argument("--seed", type=int, default=0)
    training.set_defaults(run=train)
    predicting = commands.add_parser("predict", help="predict for rows on standard input")
    predicting.add_argument("model")
    predicting.set_defaults(run=predict)
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
