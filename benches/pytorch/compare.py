"""Times an epoch of the paper's network in closedform and in PyTorch, by turns: `make bench-pytorch`.

Same network, batch, regularization, optimizer and number of threads; the ratio of the medians
is the result. PyTorch comes from the same wheels as libtorch, with all that they depend on, into
.tools/pytorch (5 GB); nothing else of the project uses it.
"""

import json
import os
import statistics
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".tools" / "pytorch"
PYTHON = FOLDER / "bin" / "python"
PACKAGES = ["torch==2.13.0", "numpy"]
N_ROUNDS = 3
# Set-up and the first epochs' warming up cancel in the difference.
FEW_EPOCHS, MANY_EPOCHS = 2, 8


def install() -> None:
    stamp = FOLDER / "complete"
    if stamp.exists():
        return
    print("installing PyTorch into .tools/pytorch (5 GB, some minutes)", flush=True)
    venv.create(FOLDER, with_pip=True)
    subprocess.run([str(PYTHON), "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    stamp.write_text("\n".join(PACKAGES))


def of_closedform(binary: Path) -> float:
    def of_training(n_epochs: int) -> float:
        found = subprocess.run(
            [str(binary), "experiment", "1", "--preset", "paper", "--epochs", str(n_epochs),
             "--generations", "0", "--json"],
            check=True, capture_output=True, text=True,
        )
        return json.loads(found.stdout)["seconds"]["train"]

    return (of_training(MANY_EPOCHS) - of_training(FEW_EPOCHS)) / (MANY_EPOCHS - FEW_EPOCHS)


def of_pytorch(n_threads: int) -> float:
    model = Path(__file__).with_name("model.py")
    done = subprocess.run(
        [str(PYTHON), str(model), str(n_threads), str(MANY_EPOCHS - FEW_EPOCHS)],
        check=True, capture_output=True, text=True,
    )
    return float(done.stdout)


def main() -> None:
    install()
    binary = ROOT / "target" / "release" / "closedform"
    n_threads = int(os.environ.get("OMP_NUM_THREADS") or len(os.sched_getaffinity(0)))
    os.environ["OMP_NUM_THREADS"] = str(n_threads)
    rounds = []
    for number in range(1, N_ROUNDS + 1):
        rounds.append((of_closedform(binary), of_pytorch(n_threads)))
        own, peer = rounds[-1]
        print(f"round {number}: closedform {own:.2f} s, PyTorch {peer:.2f} s per epoch", flush=True)
    own, peer = (statistics.median(column) for column in zip(*rounds))
    print(f"{n_threads} threads, medians: closedform {own:.2f} s, PyTorch {peer:.2f} s, "
          f"ratio {own / peer:.2f}")


if __name__ == "__main__":
    sys.exit(main())
