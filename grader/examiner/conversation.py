"""Taking turns with a candidate, or asking it ahead: frames out, replies and output in.

What a reply says is the matter of `link`; here is only whose turn it is, and what has been printed.
"""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from grader.examiner.meter import Meter
from grader.examiner.plan import Plan, Planned, ask, entry_text
from grader.examiner.recalling import Recalling
from grader.examiner.remote_errors import read_lines
from sandbox.frames import Channel, ProtocolFault, clean_text, pack

OUTPUT_BYTES = 65536
_FITS = 64 * 1024
"""Bytes of two frames that a socket surely takes while nobody reads (its buffer is three times that)."""
MAX_TESTS, MAX_PLACES = 2**10, 2**10
"""How many tests and requests of one test have numbers of their own; what is beyond is numbered as it comes."""
MAX_OUTPUTS = 2 * OUTPUT_BYTES + 2
"""Messages of output: on two streams an honest candidate sends at least a character with each, up to the cap, and then
once that there is more."""

MAX_ASIDES = 4
"""Messages beside replies and output: an honest candidate sends one of its source and two of where it is."""


@dataclass(slots=True)
class Printed:
    """What arrived as output while capture was open."""

    kept: dict[str, list[str]] = field(default_factory=lambda: {"stdout": [], "stderr": []})
    sizes: dict[str, int] = field(default_factory=lambda: {"stdout": 0, "stderr": 0})
    dropped: dict[str, int] = field(default_factory=lambda: {"stdout": 0, "stderr": 0})

    def add(self, stream: str, text: str) -> None:
        size = len(text.encode("utf-8", "replace"))
        room = OUTPUT_BYTES - self.sizes[stream]
        if size > room:
            self.dropped[stream] += size - room
            text = text.encode("utf-8", "replace")[:room].decode("utf-8", "ignore")
            size = room
        self.sizes[stream] += size
        self.kept[stream].append(text)

    def text(self, stream: str) -> str:
        return clean_text("".join(self.kept[stream]), OUTPUT_BYTES)


@dataclass(slots=True)
class _Test:
    """How far one test has been asked and answered."""

    name: str = ""
    planned: tuple[Planned, ...] = ()
    place: int = 0
    """Of its next request."""
    asked: int = 0
    """The place before which the plan's requests have been asked."""
    unread: int = 0
    """Replies under way."""
    read: deque[tuple[dict[str, Any], bytearray]] = field(default_factory=deque)
    """Replies that came before the test asked for them."""
    sent: int = 0
    """Bytes of its last frame."""
    off_plan: bool = False

    @property
    def can_be_asked(self) -> bool:
        """Whether its first request leans on nothing."""
        return bool(self.planned) and not self.planned[0].waits

    @property
    def waiting(self) -> bool:
        """Whether there are replies that it has not taken."""
        return bool(self.unread or self.read)


class Conversation:
    """One candidate's socket, the plan of what it is asked, and where in the plan a test stands.

    Every method that sends or receives raises `ProtocolFault` when the candidate can no longer be spoken to.
    """

    def __init__(self, channel: Channel | Recalling, plan: Plan) -> None:
        self._channel = channel
        self._plan = plan
        self._tests = 0
        self._now = _Test()
        self._next = _Test()
        """The test that follows, as far as it has been asked ahead."""
        self._surplus = 0
        self._before_next = b""
        self._outputs = 0
        self._asides = 0
        self.at: tuple[int, ...] = ()
        """Where the submission says that it was, the last time it did while `capturing`."""
        self.plain = False
        """Whether the candidate found, before it ran anything of it, that the source only defines things."""
        self.printed = Printed()
        self.capturing = True

    def begin_test(self, name: str, following: str | None = None) -> None:
        """Ask ahead what the test is going to ask first; of `following` too, once all of this one has been asked."""
        self._tests += 1
        if self._next.name != name:  # nothing of it was asked, or of another that is not run now
            self._take_in(self._next)
            self._next = _Test(name, self._plan.requests(name))
        self._now, self._next = self._next, _Test(following or "", self._plan.requests(following or ""))
        if self._now.asked == 0 and self._now.can_be_asked:
            self._ask_planned(self._now)
        self._run_ahead()

    def end_test(self) -> None:
        """Take in what was answered ahead and never asked for."""
        self._take_in(self._now)
        self._now = _Test()

    def ask(self, header: dict[str, Any], body: bytes, meter: Meter | None = None) -> int | None:
        """See to it that this request has been asked; its place in the plan when it is the very one planned there.

        With a `meter` nothing else is under way until its reply is here.  Gives the header its number.  Raises
        `Unsendable` over the caps, before anything is sent.
        """
        test = self._now
        place = test.place
        planned = test.planned[place] if place < len(test.planned) else None
        header["n"] = self._number(place)
        if meter is not None:
            self._quieten()
            meter.begin()
        if planned is not None and planned.asks(header, body):
            if place >= test.asked:
                self._ask_planned(test)
            test.place += 1
            if meter is None:
                self._run_ahead()
            return place
        if planned is not None and planned.waits:
            self._ask_now(header, body, end=place + 1 if meter else self._plan.stop(test.name, place + 1))
            if meter is None:
                self._run_ahead()
        else:
            self._take_in(test)
            if planned is not None:  # from here on the test takes turns, under numbers that the plan has not used
                test.off_plan = True
                header["n"] = self._number(place)
                test.planned = ()
            self._ask_now(header, body, end=place + 1)
        test.place += 1
        return None

    def answer(self) -> tuple[dict[str, Any], bytearray]:
        """The reply to what was asked last: its header, not yet trusted, and its body."""
        test = self._now
        if test.read:
            return test.read.popleft()
        answer = self._receive()
        test.unread -= 1
        return answer

    def forget(self, handles: list[int], records: list[int]) -> None:
        """Let the candidate drop handles and recorded calls, before whatever it is asked next.

        Handles only while `settled`: a reply under way may give them anew.
        """
        self._before_next += pack({"do": [], "free": handles, "forget": records})

    @property
    def settled(self) -> bool:
        """Whether everything that was asked has been taken by a test."""
        return not (self._now.waiting or self._next.waiting)

    def _number(self, place: int) -> int:
        """A request's number, from which what it gives and records takes its own; never used twice.

        It hangs on the test and the place only, so that a plan's later requests can name what earlier ones gave.
        """
        if place < MAX_PLACES and self._tests < MAX_TESTS:
            return (2 * self._tests + self._now.off_plan) * MAX_PLACES + place
        self._surplus += 1
        return 2 * MAX_TESTS * MAX_PLACES + self._surplus

    def _take_in(self, test: _Test) -> None:
        """Read and forget what no test will ask for any more."""
        test.read.clear()
        while test.unread:
            self._receive()
            test.unread -= 1

    def _quieten(self) -> None:
        """Have the candidate come to an end with all that it was asked."""
        for test in (self._now, self._next):
            while test.unread:
                test.read.append(self._receive())
                test.unread -= 1

    def _run_ahead(self) -> None:
        """Once all of this test has been asked, let the candidate begin with the next while this one is looked at.

        Only with what fits into the socket beside that: nobody may wait in `send` for one who waits in `write`.
        """
        now, following = self._now, self._next
        if now.off_plan or now.asked < len(now.planned) or following.asked or not following.can_be_asked:
            return
        frame, _ = self._plan.frame(following.name, 0)
        if now.sent + len(frame) <= _FITS:
            with suppress(ProtocolFault):  # what this test has been answered still counts; the next will find out
                self._ask_planned(following)

    def _ask_planned(self, test: _Test) -> None:
        frame, end = self._plan.frame(test.name, test.asked)
        self._send(frame)
        test.sent = len(frame)
        test.unread += end - test.asked
        test.asked = end

    def _ask_now(self, header: dict[str, Any], body: bytes, *, end: int) -> None:
        """One request as the test makes it, together with those of the plan up to `end`."""
        test = self._now
        following = test.planned[test.place + 1 : end]
        texts = [entry_text(header, body), *(planned.text for planned in following)]
        frame = ask(texts, [body, *(planned.body for planned in following)])
        while self._next.unread:  # they come before the reply to this
            self._next.read.append(self._receive())
            self._next.unread -= 1
        self._send(frame)
        test.sent = len(frame)
        test.unread += len(texts)
        test.asked = end

    def _send(self, frame: bytes) -> None:
        first, self._before_next = self._before_next, b""
        self._channel.send(first + frame)

    def _receive(self) -> tuple[dict[str, Any], bytearray]:
        while True:
            answer, body = self._channel.receive()
            if type(answer) is not dict:
                raise ProtocolFault("a message of no known form")
            self._note_dropped(answer.get("dropped"))
            if "out" in answer:
                self._take_output(answer, body)
            elif "at" in answer or "plain" in answer:
                self._take_aside(answer, body)
            elif ("r" in answer) == ("e" in answer):
                raise ProtocolFault("a message of no known form")
            else:
                return answer, body

    def _take_output(self, answer: dict[str, Any], body: bytearray) -> None:
        stream, text = answer["out"], answer.get("s")
        if stream not in ("stdout", "stderr") or type(text) is not str or body:
            raise ProtocolFault("output of no known form")
        self._outputs += 1
        if self._outputs > MAX_OUTPUTS:
            raise ProtocolFault("more messages of output than a submission may send")
        if self.capturing:
            self.printed.add(stream, text)

    def _take_aside(self, answer: dict[str, Any], body: bytearray) -> None:
        self._asides += 1
        if self._asides > MAX_ASIDES or body:
            raise ProtocolFault("more remarks than a submission may make")
        lines, plain = read_lines(answer.get("at", [])), answer.get("plain", False)
        if type(plain) is not bool:
            raise ProtocolFault("a remark of no known form")
        self.plain = self.plain or plain
        if self.capturing and lines:
            self.at = lines

    def _note_dropped(self, dropped: Any) -> None:
        if dropped is None or not self.capturing:
            return
        if (
            type(dropped) is not list
            or len(dropped) != 2
            or not all(type(n) is int and 0 <= n < 2**53 for n in dropped)
        ):
            raise ProtocolFault("a count of no known form")
        self.printed.dropped["stdout"], self.printed.dropped["stderr"] = dropped
