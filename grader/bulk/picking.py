"""Of each person's files the one that is graded for each item, why it, and what was left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from grader.bulk import notes, problems
from grader.bulk.asking import is_code
from grader.bulk.finding import Root
from grader.bulk.found import Found, What
from grader.bulk.guessing import Guess, Guesser
from grader.bulk.model import Submission
from grader.bulk.persons import Divider, Person
from grader.bulk.problems import Problem
from grader.naming import Chosen, Wanted, choose
from grader.naming.choosing import AGAIN, BESIDES, USUAL
from grader.naming.matching import squashed
from grader.verdict import Words
from questions.model import Item


@dataclass(slots=True)
class _Files:
    """What one person's files are good for."""

    items: dict[str, Item] = field(default_factory=dict)
    candidates: dict[str, list[tuple[Found, Guess]]] = field(default_factory=dict)
    """By item: what may be graded for it."""
    broken: list[Found] = field(default_factory=list)
    unguessed: list[tuple[Found, Problem]] = field(default_factory=list)
    others: list[Found] = field(default_factory=list)


class Picker:
    """Picks for one run; `left` are the files that belong to nobody and are nothing that is graded."""

    def __init__(self, guesser: Guesser, divider: Divider) -> None:
        self._guesser = guesser
        self._divider = divider
        self._wants = guesser.wants | {What.ANY}
        self.left: list[str] = []

    @property
    def endings(self) -> tuple[str, ...]:
        """What files are called that can be graded."""
        kinds = {What.CODE: Wanted.CODE.endings, What.WORDS: Wanted.TEXT.endings, What.LINES: (".jsonl",)}
        return tuple(ending for what, endings in kinds.items() if what in self._wants for ending in endings)

    def alone(self, found: Found, label: str) -> Iterator[Submission]:
        """What stands for itself: a line of answers, or an entry whose name is to be shown only."""
        guessed = self._guesser.of(found, label)
        if found.problem or not guessed.guesses:
            yield self._failed(found, found.problem or guessed.problem, found.student)
        for guess in () if found.problem else guessed.guesses:
            yield self._submission(found, guess, found.student, several=len(guessed.guesses) > 1)

    def of(self, person: Person, root: Root, people: frozenset[str]) -> list[Submission]:
        """A person's submissions, each for another item, and what of their files could not be graded.

        `people` are those who have files of their own, whatever the case: nothing of this person's counts for them.
        """
        if person.alone and not root.loose and self._is_beside(person.files[0]):
            self.left.append(person.files[0].path)
            return []
        label = root.label
        files = self._sorted(person, label)
        made = [each for key in files.items for each in self._for_item(person, files, key, people)]
        graded = any(not each.problem for each in made)
        left: list[Words] = []
        for found, problem in files.unguessed:
            if graded:
                left.append(notes.defines_nothing(_base(found.path)))
            else:
                made.append(self._failed(found, problem, person.student))
        for found in files.broken:
            guess = self._of_broken(found, label)
            if (guess is None and graded) or (guess is not None and _key(guess.item) in files.items):
                left.append(notes.and_why(_base(found.path), found.problem))
            else:
                made.append(self._failed(found, found.problem, person.student, guess))
        if made and not person.alone:
            left += [notes.plain(_base(each.path)) for each in files.others]
        elif files.others and not made and not person.alone:
            names = [_base(each.path) for each in files.others]
            problem = problems.none_can_be_graded(names, self.endings)
            made.append(self._failed(files.others[0], problem, person.student))
        else:
            self.left += [each.path for each in files.others]
        if left:
            made[0] = replace(made[0], notes=(*made[0].notes, notes.left(left)))
        return [replace(each, whose=person.whose, late=person.late) for each in made]

    def _is_beside(self, found: Found) -> bool:
        """Whether a file is called like what lies beside answers, and is none."""
        return bool(BESIDES.search(found.path)) and not found.defines & self._guesser.asked

    def _sorted(self, person: Person, label: str) -> _Files:
        files = _Files()
        guesses: list[tuple[Found, tuple[Guess, ...]]] = []
        for found in person.files:
            if found.problem:
                files.broken.append(found)
            elif found.what not in self._wants:
                files.others.append(found)
            elif (guessed := self._guesser.of(found, label)).guesses:
                guesses.append((found, guessed.guesses))
            else:
                files.unguessed.append((found, guessed.problem))
        # What a file for another item only needs as a part of itself has a file of its own.
        sole = {_key(each[0].item) for _found, each in guesses if len(each) == 1}
        for found, each in guesses:
            own = [guess for guess in each if _key(guess.item) not in sole] if len(each) > 1 else list(each)
            for guess in own or each:
                note = guess.note if len(own or each) == len(each) else None
                files.items.setdefault(_key(guess.item), guess.item)
                files.candidates.setdefault(_key(guess.item), []).append((found, replace(guess, note=note)))
        return files

    def _for_item(self, person: Person, files: _Files, key: str, people: frozenset[str]) -> Iterator[Submission]:
        """What is graded of somebody's candidates for one item; where nothing says which, the others say so."""
        item, every = files.items[key], files.candidates[key]
        most = max(self._guesser.defined(found, item) for found, _guess in every)
        best = [each for each in every if self._guesser.defined(each[0], item) == most]
        several = {found.path for found, _guess in every if self._answers_several(files, found)}
        names = [found.name for found, _guess in best]
        choice = choose(names, Wanted.CODE if is_code(item) else Wanted.TEXT, item.id)
        settled = person.system or not person.folder or _is_settled(choice.path, names, item)
        if not settled:
            for found, guess in best:
                student = self._divider.student_of(found) or person.student
                student = person.student if person.numbered or student.casefold() in people else student
                note = notes.every_one(len(best), of_one=person.numbered)
                yield self._submission(found, guess, student, note, several=found.path in several)
            return
        place = names.index(choice.path) if choice.path is not None else 0
        found, guess = best[place]
        rest = [each for each, _guess in every if each is not found]
        why = choice.why if len(best) > 1 else None
        chosen = notes.one_of(len(every), why, [_base(each.path) for each in rest]) if rest else None
        yield self._submission(found, guess, person.student, chosen, several=found.path in several)
        if choice.why is Chosen.FIRST:
            for other, other_guess in best:
                if other is not found:
                    problem = problems.another_is_graded(person.student, item.id, found.path, alone=person.alone)
                    yield self._failed(other, problem, person.student, other_guess)

    def _answers_several(self, files: _Files, found: Found) -> bool:
        return sum(any(each is found for each, _guess in every) for every in files.candidates.values()) > 1

    def _of_broken(self, found: Found, label: str) -> Guess | None:
        """The item that what cannot be graded would be for, as far as its name says."""
        named = replace(found, what=What.ANY if found.what is What.OTHER else found.what)
        guesses = self._guesser.of(named, label).guesses
        return guesses[0] if len(guesses) == 1 else None

    def _submission(
        self, found: Found, guess: Guess, student: str, note: Words | None = None, *, several: bool = False
    ) -> Submission:
        path = f"{found.path}#{guess.item.id}" if several else found.path
        said = tuple(each for each in (guess.note, note, *found.notes) if each is not None)
        return Submission(path, found.kept, item=guess.item, asked=guess.asked, student=student, notes=said)

    def _failed(self, found: Found, problem: Problem, student: str, guess: Guess | None = None) -> Submission:
        told = self._guesser.asking.told
        submission = Submission(found.path, problem=problem, item=told, student=student)
        return submission if guess is None else replace(submission, item=guess.item, asked=guess.asked)


def _is_settled(path: str | None, names: Sequence[str], item: Item) -> bool:
    """Whether the files of a folder that people named are surely versions of one thing, or one of them the thing."""
    stems = {name: AGAIN.sub("", _base(name).rpartition(".")[0]) for name in names}
    if path is None or len(set(stems.values())) == 1:
        return True
    return squashed(stems[path]) in USUAL | {squashed(item.id)}


def _key(item: Item) -> str:
    return f"{item.bank}/{item.id}"


def _base(path: str) -> str:
    return path.rpartition("/")[2]
