"""What a study of a million runs does to a cluster of a thousand nodes, without the cluster.

    python3 scripts/cluster/simulate.py

Tasks are given to nodes one after another, as fast as Slurm's controller does it. Runs have lengths with a
long tail. Nodes are lost, and their shards begin again where their rows end. Every operation that a worker
does on the shared folder is counted, a second at a time.
"""

import heapq
import random
from collections import Counter

N_RUNS = 1_000_000
N_NODES = 1000
# A run's seconds: their median, and the spread of their logarithm (a run in a hundred takes 10 times the
# median).
MEDIAN, SPREAD = 10.0, 1.0
MOST = 600.0
# Starting a worker and its process.
START = 1.0
# Tasks that a controller starts in a second; its manual says that hundreds are possible.
STARTS = 50.0
# Hours after which a node is lost, on average; it is back after the time in seconds.
NODE_HOURS, BACK = 500.0, 600.0
# Seconds until Slurm notices that a node is lost, and starts its task again.
NOTICED = 300.0
BEAT = 10.0
# Operations on the shared folder. Starting: the study's file, the shard's (open, read, write, rename), the
# log and the claim, and the libraries, which are read from the node's cache after the first time.
OF_START, OF_RUN, OF_BEAT, OF_END = 14, 4, 4, 2


def simulate(size, seed=0):
    rng = random.Random(seed)
    length = lambda: min(MOST, MEDIAN * rng.lognormvariate(0.0, SPREAD))
    waiting = [min(size, N_RUNS - first) for first in range(0, N_RUNS, size)][::-1]
    n_shards, operations, work, again, n_lost = len(waiting), Counter(), 0.0, 0.0, 0
    # When nodes are free, and when Slurm may start the next task.
    free = [(0.0, node) for node in range(N_NODES)]
    heapq.heapify(free)
    gate, end = 0.0, 0.0
    late = []
    while waiting or late:
        at, node = heapq.heappop(free)
        at = max(at, gate)
        if late and (not waiting or late[0][0] <= at):
            ready, left = heapq.heappop(late)
            at = max(at, ready)
        else:
            left = waiting.pop()
        gate = at + 1 / STARTS
        lost_at = at + rng.expovariate(1 / (NODE_HOURS * 3600))
        operations[int(at)] += OF_START
        now = at + START
        while left:
            seconds = length()
            if now + seconds > lost_at:
                n_lost += 1
                again += lost_at - now
                heapq.heappush(late, (lost_at + NOTICED, left))
                now = lost_at + BACK
                break
            now += seconds
            work += seconds
            left -= 1
            operations[int(now)] += OF_RUN
            operations[int(now)] += int(OF_BEAT * seconds / BEAT)
        operations[int(now)] += OF_END
        end = max(end, now)
        heapq.heappush(free, (now, node))
    peak = max(operations.values())
    mean = sum(operations.values()) / end
    ideal = work / N_NODES
    return n_shards, end / 3600, 100 * (end / ideal - 1), mean, peak, n_lost, again


def main():
    print(f"{N_RUNS} runs, {N_NODES} nodes, {N_RUNS * MEDIAN / N_NODES / 3600:.1f} h for runs of the median")
    print("| runs of a shard | shards | files | hours | over the ideal | operations/s | peak | lost tasks | seconds made again |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for size in [1, 3, 10, 20, 50, 100, 250]:
        n_shards, hours, over, mean, peak, n_lost, again = simulate(size)
        print(
            f"| {size} | {n_shards} | {2 * n_shards} | {hours:.2f} | {over:.1f} % | {mean:.0f} | {peak} "
            f"| {n_lost} | {again:.0f} |"
        )


if __name__ == "__main__":
    main()
