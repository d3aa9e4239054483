"""Errors a user can act on: what is wrong, where, both numbers, and the way out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager


class TwinError(Exception):
    """One mistake in the user's files or request.

    `what` names the thing and both numbers with unit, `where` the file and place, `hint` the way out.
    """

    def __init__(self, what: str, where: str = "", hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text}; {self.hint}" if self.hint else text

    def __reduce__(self) -> tuple[type, tuple[str, str, str]]:
        # Exceptions with extra fields do not survive pickling by default, and sweeps send them between processes.
        return type(self), (self.what, self.where, self.hint)


class DocumentError(TwinError):
    """A file is not what it must be: syntax, unknown key, wrong type, newer version."""


class CatalogueError(TwinError):
    """A device is unknown, or its sheet lacks what is asked of it."""


class ModelRangeError(TwinError):
    """A model was asked for something outside the range it is true in."""


class OutputError(TwinError):
    """A result could not be written."""


class Problems(TwinError):
    """Several mistakes found in one go; each keeps its own place and way out."""

    def __init__(self, problems: Sequence[TwinError]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)

    def __reduce__(self) -> tuple[type, tuple[Sequence[TwinError]]]:  # type: ignore[override]
        return Problems, (self.problems,)


def raise_all(problems: Sequence[TwinError]) -> None:
    """Raise what was collected: nothing, the one error, or all of them together."""
    if len(problems) == 1:
        raise problems[0]
    if problems:
        raise Problems(problems)


def each_problem(error: TwinError) -> tuple[TwinError, ...]:
    """The single mistakes an error is made of, in order."""
    if isinstance(error, Problems):
        return tuple(one for problem in error.problems for one in each_problem(problem))
    return (error,)


@contextmanager
def named(document: str) -> Iterator[None]:
    """Mistakes found inside are reported with the document they are in before their place."""
    try:
        yield
    except TwinError as error:
        raise_all([_in_document(problem, document) for problem in each_problem(error)])


def _in_document(error: TwinError, document: str) -> TwinError:
    if error.where.startswith(document):
        return error
    # Two files side by side need a comma between them.
    joint = ", " if "/" in error.where else " "
    return type(error)(error.what, f"{document}{joint}{error.where}" if error.where else document, error.hint)
