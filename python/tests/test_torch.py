"""Torch modules are read out, and get formulas in the place of layers."""

import numpy as np
import pytest

import closedform as cf

torch = pytest.importorskip("torch", reason="NOT TESTED against torch, which isn't installed")
nn = torch.nn


class Ratio(nn.Module):
    """A module that knows its formula: x1/x2 through a softplus, and a dropout that must be off."""

    def __init__(self):
        super().__init__()
        self.dropout = nn.Dropout(0.5)
        self.factor = nn.Parameter(torch.tensor(1.0))

    def forward(self, x):
        return nn.functional.softplus(self.dropout(self.factor * x[:, :1] / x[:, 1:2]))


@pytest.fixture
def rows():
    return np.random.default_rng(0).uniform(1, 3, (400, 2))


def test_a_module_is_read_out_and_left_as_it_was(rows):
    model = Ratio()
    run = cf.interpret(model, rows, progress=False)
    assert str(run.formula) == "x1/x2"
    assert run.verdict == "same_concept"
    assert run.gradients == "exact"
    assert model.training and model.dropout.training
    assert model.factor.grad is None


def test_a_tensor_is_taken_for_rows(rows):
    run = cf.interpret(lambda x: x[:, 0] * x[:, 1], torch.tensor(rows), progress=False)
    assert str(run.formula) == "x1*x2"
    assert run.gradients == "exact"


def test_batches_make_no_difference(rows):
    runs = [cf.interpret(Ratio(), rows, batch_size=n, progress=False) for n in (7, 4096)]
    assert runs[0].formula == runs[1].formula


def test_an_inner_neuron_is_read_by_its_layers_name(rows):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
    with torch.no_grad():
        model[0].weight[1] = torch.tensor([2.0, -1.0])
    run = cf.interpret(model, rows, layer="0", output=1, progress=False)
    gradients = run.formula.gradients(rows[:1])[0]
    assert gradients[0] / gradients[1] == pytest.approx(-2.0, rel=1e-4)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"layer": "9"}, 'layer is "9", but must be one of 0, 1, 2'),
        ({"layer": "0"}, "output is missing: the model has 3 outputs"),
        ({"layer": "0", "output": 3}, "output is 3, but must be one of 0 to 2"),
    ],
)
def test_a_wrong_layer_or_output_is_named(arguments, sentence, rows):
    model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
    with pytest.raises(cf.Error, match=sentence):
        cf.interpret(model, rows, progress=False, **arguments)


def test_a_classifier_with_probabilities_has_a_threshold(rows):
    model = nn.Sequential(nn.Linear(2, 1), nn.Sigmoid())
    with torch.no_grad():
        model[0].weight[:] = torch.tensor([[3.0, -3.0]])
        model[0].bias[:] = 0.6
    run = cf.interpret(
        model, rows, task="classification", answers="probability", progress=False
    )
    assert run.formula.threshold is not None
    assert run.certificate["agreement"] > 0.99


def test_a_layer_is_replaced_by_formulas_that_can_be_trained(rows):
    torch.manual_seed(0)

    class Product(nn.Module):
        def forward(self, x):
            return torch.stack([x[:, 0] * x[:, 1], 2 * x[:, 1] + 1], dim=-1)

    model = nn.Sequential(Product(), nn.Linear(2, 1))
    y = model(torch.tensor(rows, dtype=torch.float32)).detach()
    replaced = cf.replace(model, "0", rows, y, progress=False)
    layer = replaced.get_submodule("0")
    assert [output.text for output in layer.outputs] == ["x1*x2", "2*x2 + 1"]
    assert max(layer.left) < 1e-9
    assert layer.layer_loss == pytest.approx(0.0, abs=1e-10)
    assert layer.formula_loss == pytest.approx(0.0, abs=1e-8)
    assert isinstance(model[0], Product), "the model itself is left as it was"
    x = torch.tensor(rows, dtype=torch.float32)
    replaced(x).sum().backward()
    assert all(p.grad is not None for p in layer.parameters() if p.numel())


def test_a_replaced_layer_takes_more_than_rows():
    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
    x = torch.rand(50, 4, 2)
    replaced = cf.replace(model, "0", x, progress=False)
    torch.testing.assert_close(replaced(x), model(x), rtol=1e-3, atol=1e-3)


def test_an_output_that_never_changes_is_a_number(rows):
    class Constant(nn.Module):
        def forward(self, x):
            return torch.stack([x[:, 0], torch.full_like(x[:, 0], 2.5)], dim=-1)

    replaced = cf.replace(nn.Sequential(Constant()), "0", rows, progress=False)
    layer = replaced.get_submodule("0")
    assert [output.text for output in layer.outputs] == ["x1", "2.5"]
    assert layer.left[1] == 0.0


def test_a_share_that_leaves_no_rows_is_refused(rows):
    model = nn.Sequential(nn.Linear(2, 2))
    with pytest.raises(cf.Error, match="held_out is 2, but must be between 0 and 1"):
        cf.replace(model, "0", rows, held_out=2, progress=False)
