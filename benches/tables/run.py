"""Compares formulas of noisy tables on held-out rows. It goes on where it was stopped.

  make bench-tables
  make bench-tables TABLES_OPTIONS='--seconds 60 --tables cpus,Hedonic --splits 1'
"""

import argparse
import json
import pathlib
import time
import warnings

import numpy as np
import pandas as pd
import sympy

import contestants
import tables

warnings.filterwarnings("ignore")
# Differences of R^2 below this are no better and no worse.
MATTERS = 0.02
# The longest formulas that a front's volume looks at.
MAX_NODES = 100


def score(predictions, targets):
    if not np.all(np.isfinite(predictions)):
        return -1.0
    left = ((predictions - targets) ** 2).sum()
    return max(-1.0, 1 - left / ((targets - targets.mean()) ** 2).sum())


def n_nodes(formula):
    if formula is None or isinstance(formula, int):
        return formula
    return sum(1 for _ in sympy.preorder_traversal(formula))


def volume(front):
    """The mean, over lengths up to MAX_NODES, of the best R^2 of formulas no longer than that: the
    dominated hypervolume, scaled to 1. R^2 below 0 counts as 0."""
    best, total = 0.0, 0.0
    front = sorted((nodes, r2) for nodes, r2 in front if nodes <= MAX_NODES)
    for (nodes, r2), (end, _) in zip(front, front[1:] + [(MAX_NODES, 0.0)]):
        best = max(best, r2)
        total += best * (end - nodes)
    return total / MAX_NODES


def run(arguments, records):
    known = {(r["table"], r["split"], r["who"], r["seconds"]) for r in records}
    with arguments.records.open("a") as file:
        for name in arguments.tables or tables.names():
            for seed in range(arguments.splits):
                for who in arguments.who:
                    key = (name, seed, who, arguments.seconds)
                    if key in known:
                        continue
                    training, held_out = tables.split(tables.table(name), seed)
                    start = time.time()
                    found, formula, *front = contestants.ALL[who](training, held_out, arguments.seconds)
                    record = dict(zip(("table", "split", "who", "seconds"), key))
                    record["took"] = time.time() - start
                    targets = held_out["y"].to_numpy()
                    record["r2"] = score(found, targets)
                    record["nodes"] = n_nodes(formula)
                    record["formula"] = None if formula is None else str(formula)
                    if front:
                        record["front"] = [(n_nodes(f), score(values, targets)) for values, f in front[0]]
                    records.append(record)
                    file.write(json.dumps(record) + "\n")
                    file.flush()
                    print(f"{name} {seed} {who}: R^2 {record['r2']:.3f}, {record['took']:.1f} s", flush=True)


def report(records, seconds):
    frame = pd.DataFrame([r for r in records if r["seconds"] == seconds])
    r2 = frame.pivot_table(index="table", columns="who", values="r2", aggfunc="median")
    nodes = frame.pivot_table(index="table", columns="who", values="nodes", aggfunc="median")
    symbolic = [who for who in contestants.SYMBOLIC if who in r2]
    ranks = r2[symbolic].round(3).rank(axis=1, ascending=False)
    print(f"\n{len(r2)} tables, {frame['split'].nunique()} splits, {seconds} s for each search\n")
    print("| | median R^2 | median rank of the symbolic | median nodes | median seconds |")
    print("|---|---:|---:|---:|---:|")
    for who in r2.columns:
        rank = f"{ranks[who].median():.1f}" if who in ranks else ""
        size = f"{nodes[who].median():.0f}" if who in nodes else ""
        took = frame[frame["who"] == who]["took"].median()
        print(f"| {who} | {r2[who].median():.3f} | {rank} | {size} | {took:.1f} |")
    if "front" in frame:
        fronts = frame.dropna(subset="front")
        volumes = fronts["front"].map(volume).groupby(fronts["who"])
        print("\n| whole front: best R^2 of formulas up to a length, mean over lengths up to 100 nodes | mean | median |")
        print("|---|---:|---:|")
        for who, volume_of in volumes:
            print(f"| {who} | {volume_of.mean():.3f} | {volume_of.median():.3f} |")
    wide = frame.pivot_table(index=["table", "split"], columns="who", values="r2")
    print("\n| of all splits, closedform is | below | above |\n|---|---:|---:|")
    for other in [who for who in wide if who != "closedform"]:
        difference = (wide["closedform"] - wide[other]).dropna()
        below, above = (difference < -MATTERS).sum(), (difference > MATTERS).sum()
        print(f"| than {other} by more than {MATTERS} | {below} of {len(difference)} | {above} |")
    best = r2[[who for who in symbolic if who != "closedform"] + ["linear"]].max(axis=1)
    order = (r2["closedform"] - best).sort_values().index
    columns = [who for who in contestants.ALL if who in r2]
    print("\nMedian R^2 of the splits, losses first:\n")
    print("| table | " + " | ".join(columns) + " | nodes | Operon's |")
    print("|---|" + "---:|" * (len(columns) + 2))
    for name in order:
        cells = " | ".join(f"{r2.loc[name, who]:.3f}" for who in columns)
        sizes = [nodes.loc[name].get(who, np.nan) for who in ("closedform", "operon")]
        print(f"| {name} | {cells} | {sizes[0]:.0f} | {sizes[1]:.0f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    listed = lambda text: text.split(",")
    parser.add_argument("--seconds", type=int, default=10, help="the time limit of a search")
    parser.add_argument("--splits", type=int, default=3, help="random quarters to hold out")
    parser.add_argument("--tables", type=listed, help="only these, separated by commas")
    parser.add_argument("--who", type=listed, default=list(contestants.ALL), help="only these contestants")
    parser.add_argument("--records", type=pathlib.Path, default=pathlib.Path("target/tables.jsonl"))
    parser.add_argument("--report", action="store_true", help="only print the tables again")
    arguments = parser.parse_args()
    for name in arguments.tables or []:
        if name not in tables.names():
            parser.error(f"--tables: {name}: allowed are {', '.join(tables.names())}")
    for name in arguments.who:
        if name not in contestants.ALL:
            parser.error(f"--who: {name}: allowed are {', '.join(contestants.ALL)}")
    arguments.records.parent.mkdir(parents=True, exist_ok=True)
    lines = arguments.records.read_text().splitlines() if arguments.records.exists() else []
    records = [json.loads(line) for line in lines]
    if not arguments.report:
        run(arguments, records)
    report(records, arguments.seconds)


if __name__ == "__main__":
    main()
