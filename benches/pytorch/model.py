"""The network of Wetzel (2024), section 3.3.1, in PyTorch: prints its seconds per epoch.

Called by compare.py with the Python that has PyTorch: model.py THREADS EPOCHS
"""

import sys
import time

import torch
from torch import nn

N_TRAINING, N_VALIDATION, BATCH = 8_000, 2_000, 100
L2_PENALTY = 1e-4


def sample(n: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Experiment 1: x1^2 + 2 x2^2 > 1 with multiplicative noise of 1 %."""
    points = 2 * torch.rand(n, 2) - 1
    g = points[:, 0] ** 2 + 2 * points[:, 1] ** 2
    return points, (g * (1 + 0.01 * torch.randn(n)) > 1).float()


def main() -> None:
    n_threads, n_epochs = int(sys.argv[1]), int(sys.argv[2])
    torch.set_num_threads(n_threads)
    torch.manual_seed(0)
    points, labels = sample(N_TRAINING)
    fresh_points, fresh_labels = sample(N_VALIDATION)
    hidden = [nn.Linear(2, 1000), nn.Linear(1000, 1000)]
    model = nn.Sequential(
        hidden[0], nn.ELU(), nn.Dropout(0.2), hidden[1], nn.ELU(), nn.Dropout(0.2),
        nn.Linear(1000, 1),
    )
    penalized = [parameter for layer in hidden for parameter in layer.parameters()]
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7)
    loss_of = nn.BCEWithLogitsLoss()

    def run_epoch() -> None:
        model.train()
        for rows in torch.randperm(N_TRAINING).split(BATCH):
            loss = loss_of(model(points[rows]).squeeze(1), labels[rows])
            loss = loss + L2_PENALTY * sum(p.square().sum() for p in penalized)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            loss_of(model(fresh_points).squeeze(1), fresh_labels)

    run_epoch()
    start = time.perf_counter()
    for _ in range(n_epochs):
        run_epoch()
    print((time.perf_counter() - start) / n_epochs)


if __name__ == "__main__":
    main()
