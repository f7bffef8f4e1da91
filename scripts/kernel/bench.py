"""Times the notebooks' kernel: `make bench-kernel`.

The times are medians over several kernels. "kernel start" ends when the kernel answers. "set-up
cell" is the time from the start of the kernel to the first result, which is how long a reader
waits. Absolute times grow with the load of the machine. So the same cells are also timed in a bare
kernel, without `:dep`, and the ratios are printed.
"""

import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from client import kernel, setup_cell

READY = 'println!("ready");'
FIRST_LET = "let x = 3.5_f64;"
LATER = [
    'println!("{x}");',
    "let numbers = vec![1.0, 2.0, x];",
    'println!("{numbers:?}");',
    "x + 1.0",
    "let doubled: Vec<f64> = numbers.iter().map(|a| 2.0 * a).collect();",
    'for a in &doubled { println!("{a:.3}"); }',
    "let label = format!(\"{} numbers\", numbers.len());",
    "label.clone()",
    'println!("{label}: {:.2}", doubled.iter().sum::<f64>());',
]
WITH_LIBRARY = [
    "let data = Experiment::One.sample(200, 0);",
    "data.clone()",
    'println!("{} rows", data.n_samples());',
]


class Times(NamedTuple):
    start: float
    ready: float
    first_let: float
    later: float
    slowest_later: float


NAMES = ("kernel start", "set-up cell, from kernel start", "first let", "later cells, median",
         "later cells, slowest")


def measure(setup: str, later_cells: list[str]) -> Times:
    begin = time.perf_counter()
    with kernel() as running:
        start = time.perf_counter() - begin
        running.run(f"{setup}\n{READY}")
        ready = time.perf_counter() - begin
        first_let = running.time(FIRST_LET)
        later = [running.time(cell) for cell in later_cells]
    return Times(start, ready, first_let, statistics.median(later), max(later))


def bare(_: int = 0) -> Times:
    return measure("", LATER)


def full(_: int = 0) -> Times:
    return measure(setup_cell(), LATER + WITH_LIBRARY)


def medians(rows: list[Times]) -> Times:
    return Times(*(statistics.median(values) for values in zip(*rows)))


def main() -> None:
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    pairs = [(bare(), full()) for _ in range(repetitions)]
    without, one = (medians(list(rows)) for rows in zip(*pairs))
    with ThreadPoolExecutor(2) as both:
        two = medians(list(both.map(full, range(2))))
    print(f"{'seconds':<32}{'bare':>8}{'one':>8}{'two':>8}{'one/bare':>10}{'two/one':>9}")
    for name, a, b, c in zip(NAMES, without, one, two):
        print(f"{name:<32}{a:8.2f}{b:8.2f}{c:8.2f}{b / a:10.1f}{c / b:9.1f}")
    print("asked for: first let 1.5 s; later cells, one/bare 2.0; two/one 1.5")


if __name__ == "__main__":
    main()
