"""Trains a small classifier on data/ellipse.csv in PyTorch and saves it as data/ellipse.pt.

The network is an example for one of your own: closedform opens such TorchScript files without
PyTorch. To train it again, run this in the project's folder with a Python that has torch.
"""

import csv

import torch
from torch import nn

torch.manual_seed(0)
with open("data/ellipse.csv", newline="") as file:
    rows = torch.tensor([[float(cell) for cell in row] for row in list(csv.reader(file))[1:]])
inputs, labels = rows[:, :2], rows[:, 2:]

network = nn.Sequential(nn.Linear(2, 32), nn.SiLU(), nn.Linear(32, 32), nn.SiLU(), nn.Linear(32, 1))
optimizer = torch.optim.Adam(network.parameters(), lr=7e-3)
n_epochs, batch = 100, 100
schedule = torch.optim.lr_scheduler.OneCycleLR(
    optimizer, 7e-3, total_steps=n_epochs * (len(rows) // batch)
)
for epoch in range(n_epochs):
    for chosen in torch.randperm(len(rows)).split(batch):
        loss = nn.functional.binary_cross_entropy_with_logits(network(inputs[chosen]), labels[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
right = ((network(inputs) > 0) == (labels > 0.5)).float().mean()
print(f"correct on {100 * right:.1f} % of the rows")
torch.jit.script(network.eval()).save("data/ellipse.pt")
