"""A network that is trained on ten points of a solution and on its equation, u_t = a u_xx."""

import numpy as np
import torch

DIFFUSIVITY = 0.2
N_POINTS = 10
N_STEPS = 4000


class Trained:
    """The network, and its predictions in units of the solution's spread."""

    def __init__(self, rows):
        torch.manual_seed(0)
        torch.set_num_threads(1)
        tensor = lambda table: torch.tensor(np.array(table), dtype=torch.float64)
        # Cast here, so that no other contestant's setting matters.
        self.columns = [c for c in rows if c != "y"]
        inputs, self.scale = tensor(rows[self.columns]), rows.y.std()
        known, values = inputs[:N_POINTS], tensor(rows.y[:N_POINTS]) / self.scale
        layers = [2, 32, 32, 32, 1]
        steps = [
            part
            for a, b in zip(layers, layers[1:])
            for part in (torch.nn.Linear(a, b, dtype=torch.float64), torch.nn.Tanh())
        ]
        self.module = torch.nn.Sequential(*steps[:-1])
        optimizer = torch.optim.Adam(self.module.parameters())
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 5e-3, total_steps=N_STEPS)
        random = torch.Generator().manual_seed(0)
        for _ in range(N_STEPS):
            some = inputs[torch.randint(len(inputs), (256,), generator=random)]
            loss = (self.module(known)[:, 0] - values).square().mean() + self.residual(some)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()

    def residual(self, x):
        x = x.clone().requires_grad_()
        slope = lambda y: torch.autograd.grad(y.sum(), x, create_graph=True)[0]
        first = slope(self.module(x))
        second = slope(first[:, 0])[:, 0]
        return (first[:, 1] - DIFFUSIVITY * second).square().mean()

    def predict(self, rows):
        with torch.no_grad():
            return self.module(torch.tensor(np.array(rows[self.columns]))).numpy()[:, 0]
