"""Gradients through the socket: a proxied call is a node of the local graph, a remote parameter has a local mirror."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.autograd.function import once_differentiable

from grader.examiner.link import Link, Reply
from grader.examiner.remote_errors import CandidateLost
from grader.examiner.trace import Operation


class Mirror(nn.Parameter):
    """A local parameter that mirrors a remote one.

    Changing it in place (an optimiser, `copy_`) changes the remote one.
    """

    handle: int
    _last: torch.Tensor
    _seen: int
    _opened: bool

    def attach(self, handle: int) -> Mirror:
        self.handle = handle
        self._opened = False
        self.synchronised()
        return self

    @property
    def data(self) -> torch.Tensor:
        """Its values, whose changes autograd does not count: from now on they are compared, not believed."""
        self._opened = True
        return _DATA.__get__(self)  # type: ignore[no-any-return]

    @data.setter
    def data(self, value: torch.Tensor) -> None:
        self._opened = True
        _DATA.__set__(self, value)

    def changed_here(self) -> bool:
        """Whether it was changed since the candidate last saw it."""
        if self._version == self._seen and not self._opened:
            return False
        last = self._last
        return last.shape != self.shape or last.dtype != self.dtype or not torch.equal(last, self.detach())

    def synchronised(self) -> None:
        self._last = self.detach().clone()
        self._seen = self._version


_DATA: Any = torch.Tensor.data


def is_parameter_note(value: Any) -> bool:
    """Whether `value` is what a candidate sends for a parameter."""
    return (
        type(value) is dict
        and value.keys() == {"parameter", "name", "data", "grad", "requires_grad"}
        and type(value["parameter"]) is int
        and type(value["name"]) is str
        and type(value["data"]) is torch.Tensor
        and (value["grad"] is None or type(value["grad"]) is torch.Tensor)
    )


def mirror_of(link: Link, note: dict[str, Any]) -> Mirror:
    """The live mirror of a remote parameter, made when there is none."""
    mirror: Mirror | None = link.mirrors.get(note["parameter"])
    if mirror is None:
        data: torch.Tensor = note["data"].clone()
        can = note["requires_grad"] is True and (data.is_floating_point() or data.is_complex())
        mirror = Mirror(data, requires_grad=can).attach(note["parameter"])
        link.mirrors[note["parameter"]] = mirror
    grad = note["grad"]
    if mirror.grad is None and grad is not None and grad.shape == mirror.shape and grad.dtype == mirror.dtype:
        mirror.grad = grad.clone()
    return mirror


class _Call(torch.autograd.Function):
    """A proxied call as a node of the local graph.  Inputs are an anchor, the argument tensors and the mirrors."""

    @staticmethod
    def forward(ctx: Any, call: _Recorded, anchor: torch.Tensor, *inputs: torch.Tensor) -> tuple[torch.Tensor, ...]:
        ctx.call = call
        ctx.count = len(inputs)
        ctx.set_materialize_grads(False)
        # Not those that the trace keeps: with a history they would keep the call, which keeps the link and its trace.
        outputs = tuple(tensor.detach() for tensor in call.reply.tensors)
        ctx.mark_non_differentiable(*(t for t, yes in zip(outputs, call.reply.differentiable, strict=True) if not yes))
        return outputs

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *grads: torch.Tensor | None) -> tuple[torch.Tensor | None, ...]:
        call: _Recorded = ctx.call
        given = [grad for grad, yes in zip(grads, call.reply.differentiable, strict=True) if yes]
        wanted = [leaf for leaf in call.leaves if leaf.requires_grad]
        received = call.link.backward(call.record, given, len(wanted) + len(call.mirrors))
        for tensor, grad in zip([*wanted, *call.mirrors], received, strict=True):
            if grad is not None and (grad.shape != tensor.shape or grad.dtype != tensor.dtype):
                raise CandidateLost("a gradient whose shape is not its tensor's")
        flows = iter(received)
        results = [next(flows) if leaf.requires_grad else None for leaf in call.leaves]
        return (None, None, *results, *flows)


class _Recorded:
    """A call that can be differentiated; the candidate forgets its graph when this is collected."""

    def __init__(
        self, link: Link, record: int, reply: Reply, leaves: list[torch.Tensor], mirrors: list[Mirror]
    ) -> None:
        self.link = link
        self.record = record
        self.reply = reply
        self.leaves = leaves
        self.mirrors = mirrors

    def __del__(self) -> None:
        self.link.forget(self.record)


def call_remote(
    link: Link,
    operation: Operation,
    target: int,
    name: str,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    *,
    parameters: bool = False,
) -> Any:
    """Call something remote; its result takes part in the local graph when anything it depends on requires grad."""
    record = torch.is_grad_enabled() and (parameters or bool(link.mirrors) or _any_requires_grad((args, kwargs)))
    if not record:
        return link.request(operation, target, name=name, args=args, kwargs=kwargs).value
    reply = link.request(operation, target, name=name, args=args, kwargs=kwargs, record=True)
    leaves = reply.arguments
    if reply.record is None or not any(reply.differentiable):
        return reply.value
    call = _Recorded(link, reply.record, reply, leaves, reply.mirrors)
    anchor = torch.empty(0, requires_grad=True)
    outputs = _Call.apply(call, anchor, *leaves, *reply.mirrors)  # type: ignore[no-untyped-call]
    return _substitute(reply.value, {id(old): new for old, new in zip(reply.tensors, outputs, strict=True)})


def _any_requires_grad(value: Any) -> bool:
    if isinstance(value, torch.Tensor):
        return value.requires_grad
    if isinstance(value, list | tuple):
        return any(map(_any_requires_grad, value))
    if isinstance(value, dict):
        return any(map(_any_requires_grad, value.values()))
    return False


def _substitute(value: Any, replacement: dict[int, torch.Tensor]) -> Any:
    if type(value) is torch.Tensor:
        return replacement.get(id(value), value)
    if type(value) is list:
        return [_substitute(entry, replacement) for entry in value]
    if type(value) is tuple:
        return tuple(_substitute(entry, replacement) for entry in value)
    if type(value) is dict:
        return {key: _substitute(entry, replacement) for key, entry in value.items()}
    return value
