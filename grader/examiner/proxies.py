"""Stand-ins for what stays with a candidate: its functions, classes, instances and `nn.Module`s.

Proxies answer for themselves: every dunder, `__class__`, repr, eq, bool is resolved here, never asked of the candidate.
Calls and parameters that take part in the local graph are the matter of `gradients`.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from typing import Any, NoReturn

import torch
from torch import nn

from grader.examiner.gradients import Mirror, call_remote, is_parameter_note, mirror_of
from grader.examiner.link import Link
from grader.examiner.trace import Operation
from sandbox.wire import HandleNote

ROOT = -1


class Proxy:
    """What every stand-in shares.  Attributes that are not its own are asked of the candidate; dunders never are."""

    _link: Link
    _note: HandleNote

    def __init__(self, link: Link, note: HandleNote) -> None:
        object.__setattr__(self, "_link", link)
        object.__setattr__(self, "_note", note)

    def handle_of(self) -> int:
        """The handle by which the candidate knows it."""
        return self._note.id

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")
        return adopt(self._link, self._link.request(Operation.GET, self._note.id, name=name).value)

    def __setattr__(self, name: str, value: Any) -> None:
        self._link.request(Operation.SET, self._note.id, name=name, args=(value,))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if "callable" not in self._note.flags:
            raise TypeError(f"{self!r} is not callable")
        return call_remote(
            self._link, Operation.CALL, self._note.id, "", args, kwargs, parameters=self._has_parameters()
        )

    def _has_parameters(self) -> bool:
        return False

    def __getitem__(self, index: Any) -> Any:
        return adopt(self._link, self._link.request(Operation.INDEX, self._note.id, args=(index,)).value)

    def __len__(self) -> int:
        if "sized" not in self._note.flags:
            raise TypeError(f"{self!r} has no length")
        length = self._link.request(Operation.LENGTH, self._note.id).value
        if type(length) is not int or not 0 <= length < 2**31:
            raise TypeError(f"{self!r} has no length")
        return length

    def __iter__(self) -> NoReturn:
        raise TypeError(f"{self!r} was returned where values were expected")

    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def __repr__(self) -> str:
        return f"<{self._note.kind} {self._note.name} of the submission>"

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError(f"{self!r} cannot be copied")

    def __del__(self) -> None:
        self._link.release(self._note.id)


class FunctionProxy(Proxy):
    """A function or bound method of the submission."""

    def __init__(self, link: Link, note: HandleNote) -> None:
        super().__init__(link, note)
        object.__setattr__(self, "__name__", note.name)

    def _has_parameters(self) -> bool:
        return False


class ClassProxy(Proxy):
    """A class of the submission; calling it makes an instance there."""

    def __init__(self, link: Link, note: HandleNote) -> None:
        super().__init__(link, note)
        object.__setattr__(self, "__name__", note.name)

    @property
    def __bases__(self) -> tuple[type, ...]:
        return (nn.Module,) if "nn" in self._note.flags else (object,)

    def __instancecheck__(self, instance: Any) -> bool:
        return type(instance) in (InstanceProxy, ModuleProxy) and instance._note.name == self._note.name


class InstanceProxy(Proxy):
    """Any other object of the submission."""


class ModuleProxy(Proxy):
    """An `nn.Module` of the submission: `isinstance(it, nn.Module)` holds."""

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        return nn.Module

    def _has_parameters(self) -> bool:
        return "parameters" in self._note.flags

    def train(self, mode: bool = True) -> ModuleProxy:
        """Queue the mode; it travels with the next request."""
        self._link.set_mode(self._note.id, bool(mode))
        return self

    def eval(self) -> ModuleProxy:
        return self.train(False)

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        return self._method("forward", args, kwargs)

    def _method(self, name: str, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None) -> Any:
        return call_remote(
            self._link, Operation.METHOD, self._note.id, name, args, kwargs or {}, parameters=self._has_parameters()
        )

    def state_dict(self) -> OrderedDict[str, Any]:
        """A copy of the remote state."""
        return OrderedDict(self._link.request(Operation.STATE, self._note.id).value)

    def load_state_dict(self, state_dict: dict[str, Any], strict: bool = True) -> Any:
        """Load `state_dict` there; missing or unexpected keys raise as they do locally."""
        plain = {
            name: value.detach() if isinstance(value, torch.Tensor) else value for name, value in state_dict.items()
        }
        result = self._link.request(
            Operation.METHOD, self._note.id, name="load_state_dict", args=(plain,), kwargs={"strict": strict}
        ).value
        self._refresh()
        return result

    def named_parameters(self) -> Iterator[tuple[str, Mirror]]:
        """Mirrors of the remote parameters, with what has accumulated in their `.grad`."""
        notes = self._link.request(Operation.PARAMETERS, self._note.id).value
        if type(notes) is not list:
            raise TypeError(f"{self!r} has no list of parameters")
        yield from [(note["name"], mirror_of(self._link, note)) for note in notes if is_parameter_note(note)]

    def parameters(self) -> Iterator[Mirror]:
        for _, parameter in self.named_parameters():
            yield parameter

    def named_modules(self) -> Iterator[tuple[str, Any]]:
        pairs = self._link.request(Operation.MODULES, self._note.id).value
        yield from [(pair[0], pair[1]) for pair in pairs if type(pair) is tuple and len(pair) == 2]

    def modules(self) -> Iterator[Any]:
        for _, module in self.named_modules():
            yield module

    def named_children(self) -> Iterator[tuple[str, Any]]:
        for name, module in self.named_modules():
            if name and "." not in name:
                yield name, module

    def children(self) -> Iterator[Any]:
        for _, module in self.named_children():
            yield module

    def zero_grad(self, set_to_none: bool = True) -> None:
        self._link.request(Operation.METHOD, self._note.id, name="zero_grad", kwargs={"set_to_none": set_to_none})
        for mirror in list(self._link.mirrors.values()):
            mirror.grad = None

    def to(self, *args: Any, **kwargs: Any) -> Any:
        return self._convert("to", *args, **kwargs)

    def double(self) -> Any:
        return self._convert("double")

    def float(self) -> Any:
        return self._convert("float")

    def half(self) -> Any:
        return self._convert("half")

    def bfloat16(self) -> Any:
        return self._convert("bfloat16")

    def requires_grad_(self, requires_grad: bool = True) -> Any:
        return self._convert("requires_grad_", requires_grad)

    def _convert(self, name: str, *args: Any, **kwargs: Any) -> Any:
        result = self._link.request(Operation.METHOD, self._note.id, name=name, args=args, kwargs=kwargs).value
        self._refresh()
        return result

    def _refresh(self) -> None:
        """Bring live mirrors up to date after something remote changed parameters."""
        mirrors = dict(self._link.mirrors)
        if not mirrors:
            return
        with torch.no_grad():
            for mirror in mirrors.values():
                note = self._link.request(Operation.REFRESH, args=(), name="", target=mirror.handle).value
                if is_parameter_note(note):
                    mirror.data = note["data"].clone()
                    mirror.synchronised()


class SubmissionProxy:
    """The fixture `submission`: the submission's module.  Its public classes and functions are known from loading."""

    def __init__(self, link: Link, names: dict[str, Any]) -> None:
        object.__setattr__(self, "_link", link)
        object.__setattr__(self, "_names", names)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(f"the submission has no attribute {name!r}")
        names: dict[str, Any] = object.__getattribute__(self, "_names")
        if name in names:
            return names[name]
        link: Link = object.__getattribute__(self, "_link")
        return adopt(link, link.request(Operation.GET, ROOT, name=name).value)

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise AttributeError("a submission's names are not set from outside")

    def __repr__(self) -> str:
        return "<the submission>"


def noted(proxy: Proxy) -> tuple[int, str, str, list[str]]:
    """All that is known of it without asking."""
    note = proxy._note
    return note.id, note.kind, note.name, sorted(note.flags)


def adopt(link: Link, value: Any) -> Any:
    """A value read from the candidate; a parameter's note becomes its mirror."""
    return mirror_of(link, value) if is_parameter_note(value) else value


_KINDS: dict[str, type[Proxy]] = {
    "module": ModuleProxy,
    "class": ClassProxy,
    "function": FunctionProxy,
    "instance": InstanceProxy,
}


def stand_in(link: Link, note: HandleNote) -> Proxy:
    """The proxy for a handle."""
    return _KINDS[note.kind](link, note)
