"""Times the notebooks' kernel: `make bench-kernel`.

Medians over several kernels. "start" ends when the kernel answers, "set-up cell" is counted from
the start of the kernel to the first result, as a reader waits.
"""

import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from client import kernel, setup_cell

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
    "let data = Experiment::One.sample(200, 0);",
    "data.clone()",
    'println!("{} rows", data.n_samples());',
    'println!("{label}: {:.2}", doubled.iter().sum::<f64>());',
]


def measure(_: int = 0) -> tuple[float, float, float, float]:
    begin = time.perf_counter()
    with kernel() as running:
        start = time.perf_counter() - begin
        running.run(setup_cell() + '\nprintln!("ready");')
        ready = time.perf_counter() - begin
        first_let = running.time(FIRST_LET)
        later = statistics.median(running.time(cell) for cell in LATER)
    return start, ready, first_let, later


def table(title: str, rows: list[tuple[float, float, float, float]]) -> None:
    names = ("kernel start", "set-up cell, from kernel start", "first let", "later cells, median")
    limits = ("", "12.0 s (aim 5.0)", "", "1.0 s (aim 0.5)")
    print(f"\n{title:<34} median   slowest  at most")
    for name, values, limit in zip(names, zip(*rows), limits):
        print(f"{name:<34} {statistics.median(values):5.2f} s  {max(values):5.2f} s  {limit}")


def main() -> None:
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    table(f"one kernel, {repetitions} times", [measure() for _ in range(repetitions)])
    with ThreadPoolExecutor(2) as both:
        table("two kernels at once", list(both.map(measure, range(2))))


if __name__ == "__main__":
    main()
