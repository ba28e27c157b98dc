"""A submission seen through its proxy behaves as if it were local: values, errors, modules, gradients."""

import copy
import pickle
import weakref

import pytest
import torch
from torch import nn

from grader.examiner.remote_errors import CandidateLost, RemoteError

SOURCE = """
import torch
from torch import nn

CONSTANT = 7


class Attention(nn.Module):
    def __init__(self, width, dropout=0.5):
        super().__init__()
        self.query_linear = nn.Linear(width, width)
        self.layers = nn.ModuleList([nn.Linear(width, width), nn.ReLU()])
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, mask=None):
        return self.dropout(self.query_linear(x)), {"mask": mask, "pair": (1, "two")}


class Plain:
    size = 3

    def __len__(self):
        return 3

    def __getitem__(self, index):
        return index * 2

    def method(self, x):
        return x + 1


def scale(x, by=2.0):
    return x * by

def detached(x):
    return (x * 2).detach()

def fails(kind):
    raise {"value": ValueError, "key": KeyError, "stop": StopIteration, "exit": SystemExit}[kind]("no " + kind)

def touch(x):
    x.data.mul_(3)
    return x.sum()

def aliased(a, b):
    a.add_(1)
    return b.clone()

def mode():
    return torch.is_grad_enabled(), torch.get_default_dtype()

def draw():
    return torch.rand(3)

def give(x):
    return x
"""


@pytest.fixture
def submission(remote):
    return remote(SOURCE)


def test_functions_take_and_give_tensors_and_plain_values(submission):
    assert torch.equal(submission.scale(torch.ones(2), by=3.0), torch.full((2,), 3.0))
    assert submission.CONSTANT == 7
    assert submission.give([1, (2.5, None), {"a": True}]) == [1, (2.5, None), {"a": True}]


def test_modules_are_modules_and_keep_their_identity(submission):
    module = submission.Attention(4)
    assert isinstance(module, nn.Module)
    assert isinstance(module.query_linear, nn.Module)
    assert isinstance(module.layers, nn.Module)
    assert len(module.layers) == 2
    assert isinstance(module.layers[0], nn.Module)
    assert module.query_linear is module.query_linear
    assert issubclass(submission.Attention, nn.Module)
    assert not issubclass(submission.Plain, nn.Module)
    assert isinstance(module, submission.Attention)
    assert [name for name, _ in module.named_children()] == ["query_linear", "layers", "dropout"]


def test_train_and_eval_change_what_is_computed(submission):
    module = submission.Attention(4)
    x = torch.ones(8, 4)
    assert module.training
    assert (module(x)[0] == 0).any()
    module.eval()
    assert not module.training
    assert not (module(x)[0] == 0).any()
    assert torch.equal(module(x)[0], module(x)[0])


def test_state_crosses_both_ways(submission):
    module = submission.Attention(4).eval()
    local = nn.Linear(4, 4)
    state = module.state_dict()
    state["query_linear.weight"] = local.weight
    state["query_linear.bias"] = local.bias
    module.load_state_dict(state)
    x = torch.randn(2, 4)
    torch.testing.assert_close(module(x)[0], local(x))
    with pytest.raises(RuntimeError, match="Missing key"):
        module.load_state_dict({})


def test_gradients_flow_to_inputs_and_parameters(submission):
    module = submission.Attention(4).eval()
    local = nn.Linear(4, 4)
    state = module.state_dict() | {"query_linear.weight": local.weight, "query_linear.bias": local.bias}
    module.load_state_dict(state)
    x, y = (torch.ones(2, 4, requires_grad=True) for _ in range(2))
    module(x)[0].pow(2).sum().backward()
    local(y).pow(2).sum().backward()
    torch.testing.assert_close(x.grad, y.grad)
    grads = {name: parameter.grad for name, parameter in module.named_parameters()}
    torch.testing.assert_close(grads["query_linear.weight"], local.weight.grad)
    assert grads["layers.0.weight"] is None


def test_an_optimiser_over_mirrors_trains_the_submission(submission):
    module = submission.Attention(4).eval()
    optimiser = torch.optim.SGD(list(module.parameters()), lr=0.1)
    x = torch.ones(1, 4)
    losses = []
    for _ in range(3):
        optimiser.zero_grad()
        loss = module(x)[0].pow(2).sum()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[0] > losses[1] > losses[2]


def test_autograd_grad_reaches_mirrors(submission):
    module = submission.Attention(4).eval()
    weight = module.query_linear.weight
    (grad,) = torch.autograd.grad(module(torch.ones(2, 4))[0].sum(), [weight])
    torch.testing.assert_close(grad, torch.full((4, 4), 2.0))


def test_gradcheck_works_in_fast_mode(submission):
    x = torch.randn(3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(submission.scale, (x,), fast_mode=True)


def test_a_detached_result_does_not_require_grad(submission):
    x = torch.ones(2, requires_grad=True)
    assert not submission.detached(x).requires_grad
    assert submission.scale(x).requires_grad
    with torch.no_grad():
        assert not submission.scale(x).requires_grad


def test_double_backward_is_a_typed_error(submission):
    x = torch.ones(2, requires_grad=True)
    (grad,) = torch.autograd.grad(submission.scale(x).pow(2).sum(), x, create_graph=True)
    with pytest.raises(RuntimeError, match="once_differentiable"):
        grad.sum().backward()


def test_grad_mode_and_default_dtype_travel_with_the_call(submission):
    assert submission.mode() == (True, torch.float32)
    with torch.no_grad():
        assert submission.mode() == (False, torch.float32)
    torch.set_default_dtype(torch.float64)
    try:
        assert submission.mode() == (True, torch.float64)
    finally:
        torch.set_default_dtype(torch.float32)


def test_seeds_restart_with_each_test(submission):
    link = object.__getattribute__(submission, "_link")
    link.begin_test("one")
    first, second = submission.draw(), submission.draw()
    link.begin_test("one")
    assert torch.equal(submission.draw(), first)
    assert not torch.equal(first, second)
    link.begin_test("another")
    assert not torch.equal(submission.draw(), first)


def test_what_was_differentiated_is_let_go(remote):
    """No collector finds a cycle through autograd's own nodes: an examiner would grow with every submission."""
    submission = remote("def double(x):\n    return 2 * x")
    x = torch.ones(3, requires_grad=True)
    submission.double(x).sum().backward()
    link = weakref.ref(submission._link)
    del submission
    assert link() is None


def test_in_place_changes_of_arguments_cross_back(submission):
    x = torch.ones(3)
    submission.touch(x)
    assert x.tolist() == [3, 3, 3]


def test_arguments_that_share_memory_share_it_there(submission):
    base = torch.zeros(2, 2)
    assert submission.aliased(base, base.t()).tolist() == [[1, 1], [1, 1]]
    assert base.sum() == 4


def test_errors_arrive_as_the_builtin_they_are(submission):
    with pytest.raises(ValueError, match="no value") as caught:
        submission.fails("value")
    assert isinstance(caught.value, RemoteError)
    assert caught.value.raised.lines
    with pytest.raises(KeyError):
        submission.fails("key")
    with pytest.raises(RuntimeError) as caught:
        submission.fails("exit")  # never a SystemExit here
    assert caught.value.raised.type == "SystemExit"
    with pytest.raises(RuntimeError):
        submission.fails("stop")
    with pytest.raises(AttributeError):
        submission.nowhere  # noqa: B018


def test_instances_answer_for_themselves(submission):
    plain = submission.Plain()
    assert plain.method(1) == 2
    assert plain.size == 3
    assert len(plain) == 3
    assert plain[4] == 8
    assert plain == plain
    assert plain != submission.Plain()
    assert bool(plain)
    assert "Plain" in repr(plain)
    assert isinstance(plain, submission.Plain)
    with pytest.raises(TypeError):
        iter(plain)
    with pytest.raises(TypeError):
        tuple(plain)
    with pytest.raises(TypeError):
        pickle.dumps(plain)
    with pytest.raises(TypeError):
        copy.copy(plain)
    with pytest.raises(TypeError):
        plain()
    with pytest.raises(TypeError):
        float(plain)


def test_a_local_object_cannot_be_given_to_a_submission(submission):
    with pytest.raises(TypeError, match="cannot be given"):
        submission.give(object())
    with pytest.raises(TypeError):
        submission.give(lambda: 0)


def test_a_proxy_given_back_is_the_object_it_stands_for(submission):
    plain = submission.Plain()
    assert submission.give(plain) is plain


def test_handles_are_released_with_their_proxies(submission):
    link = object.__getattribute__(submission, "_link")
    for _ in range(5):
        submission.Plain()
    submission.mode()
    assert len(link._proxies) <= 10


def test_a_dead_candidate_is_a_lost_one(remote):
    submission = remote("import os\ndef die():\n    os._exit(3)\ndef live():\n    return 1")
    with pytest.raises(CandidateLost):
        submission.die()
    with pytest.raises(CandidateLost):
        submission.live()


def test_what_a_submission_did_to_arguments_can_be_undone(submission, remote):
    link = object.__getattribute__(submission, "_link")
    x = torch.ones(3)
    assert not link.arguments_changed
    submission.touch(x)
    submission.touch(x)
    assert link.arguments_changed
    assert x.tolist() == [9, 9, 9]
    link.restore_arguments()
    assert not link.arguments_changed
    assert x.tolist() == [1, 1, 1]
