"""Taking turns with a candidate, or asking it ahead: frames out, replies and output in.

What a reply says is the matter of `link`; here is only whose turn it is, and what has been printed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from grader.examiner.plan import Plan, Planned, ask, entry_text
from sandbox.frames import Channel, ProtocolFault, clean_text, pack

OUTPUT_BYTES = 65536
MAX_TESTS, MAX_PLACES = 2**10, 2**10
"""How many tests and requests of one test have numbers of their own; what is beyond is numbered as it comes."""
MAX_OUTPUTS = 2 * OUTPUT_BYTES
"""Messages of output: an honest candidate sends at least a character with each, on two streams, up to the cap."""


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


class Conversation:
    """One candidate's socket, the plan of what it is asked, and where in the plan a test stands.

    Every method that sends or receives raises `ProtocolFault` when the candidate can no longer be spoken to.
    """

    def __init__(self, channel: Channel, plan: Plan) -> None:
        self._channel = channel
        self._plan = plan
        self._planned: tuple[Planned, ...] = ()
        self._test = ""
        self._tests = 0
        self._place = 0
        """Of the next request among those of this test."""
        self._asked = 0
        """The place before which the plan's requests have been asked."""
        self._unread = 0
        """Replies under way that no test has asked for yet."""
        self._off_plan = False
        self._surplus = 0
        self._before_next = b""
        self._outputs = 0
        self.printed = Printed()
        self.capturing = True

    def begin_test(self, name: str) -> None:
        """Ask ahead what the test is going to ask first."""
        self._test = name
        self._tests += 1
        self._place = self._asked = 0
        self._off_plan = False
        self._planned = self._plan.requests(name)
        if self._planned and not self._planned[0].waits:
            self._ask_planned(0)

    def end_test(self) -> None:
        """Take in what was answered ahead and never asked for."""
        self._drain()
        self._planned = ()

    def ask(self, header: dict[str, Any], body: bytes) -> int | None:
        """See to it that this request has been asked; its place in the plan when it is the very one planned there.

        Gives the header its number.  Raises `Unsendable` over the caps, before anything is sent.
        """
        place = self._place
        planned = self._planned[place] if place < len(self._planned) else None
        header["n"] = self._number(place)
        if planned is not None and planned.asks(header, body):
            if place >= self._asked:
                self._ask_planned(place)
            self._place += 1
            return place
        if planned is not None and planned.waits:
            self._ask_now(header, body, end=self._plan.stop(self._test, place + 1))
        else:
            self._drain()
            if planned is not None:  # from here on the test takes turns, under numbers that the plan has not used
                self._off_plan = True
                header["n"] = self._number(place)
                self._planned = ()
            self._ask_now(header, body, end=place + 1)
        self._place += 1
        return None

    def answer(self) -> tuple[dict[str, Any], bytearray]:
        """The reply to what was asked last: its header, not yet trusted, and its body."""
        answer = self._receive()
        self._unread -= 1
        return answer

    def forget(self, handles: list[int], records: list[int]) -> None:
        """Let the candidate drop handles and recorded calls, before whatever it is asked next.

        Only while nothing is unread.
        """
        self._before_next += pack({"free": handles, "forget": records})

    @property
    def settled(self) -> bool:
        """Whether everything that was asked has been read."""
        return not self._unread

    def _number(self, place: int) -> int:
        """A request's number, from which what it gives and records takes its own; never used twice.

        It hangs on the test and the place only, so that a plan's later requests can name what earlier ones gave.
        """
        if place < MAX_PLACES and self._tests < MAX_TESTS:
            return (2 * self._tests + self._off_plan) * MAX_PLACES + place
        self._surplus += 1
        return 2 * MAX_TESTS * MAX_PLACES + self._surplus

    def _drain(self) -> None:
        while self._unread:
            self._receive()
            self._unread -= 1

    def _send(self, frame: bytes) -> None:
        first, self._before_next = self._before_next, b""
        self._channel.send(first + frame)

    def _ask_planned(self, place: int) -> None:
        frame, end = self._plan.frame(self._test, place)
        self._send(frame)
        self._unread += end - place
        self._asked = end

    def _ask_now(self, header: dict[str, Any], body: bytes, *, end: int) -> None:
        """One request as the test makes it, together with those of the plan up to `end`."""
        following = self._planned[self._place + 1 : end]
        texts = [entry_text(header, body), *(planned.text for planned in following)]
        self._send(ask(texts, [body, *(planned.body for planned in following)]))
        self._unread += len(texts)
        self._asked = end

    def _receive(self) -> tuple[dict[str, Any], bytearray]:
        while True:
            answer, body = self._channel.receive()
            if type(answer) is not dict:
                raise ProtocolFault("a message of no known form")
            self._note_dropped(answer.get("dropped"))
            if "out" not in answer:
                if ("r" in answer) == ("e" in answer):
                    raise ProtocolFault("a message of no known form")
                return answer, body
            stream, text = answer["out"], answer.get("s")
            if stream not in ("stdout", "stderr") or type(text) is not str or body:
                raise ProtocolFault("output of no known form")
            self._outputs += 1
            if self._outputs > MAX_OUTPUTS:
                raise ProtocolFault("more messages of output than a submission may send")
            if self.capturing:
                self.printed.add(stream, text)

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
