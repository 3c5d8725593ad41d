"""A class: every learner's answers judged, several at a time, each kept when it is done.

No answer can stop another's: each is judged in a lab without privileges that is emptied after it,
a fault of ours becomes the outcome `environment` of that one answer, and a lab that does not
answer any more is replaced.
"""

import json
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass

from factorlab.display import working
from factorlab.errors import FactorLabError, NotReady
from factorlab.exercises.answer_files import untouched
from factorlab.exercises.judging import Outcome, Result, judge
from factorlab.grading.catalogue import Catalogue
from factorlab.grading.collect import Submission
from factorlab.grading.records import Records, Task, key_of
from factorlab.lab import Lab
from factorlab.questions.spec import Spec


@dataclass(frozen=True)
class Graded:
    """One submission with its results: exercise -> tasks in order. An exercise that an interrupt
    left out is not among them."""

    submission: Submission
    exercises: Mapping[str, Sequence[Task]]


class Batch:
    """The judging of submissions, `jobs` at a time; results that `records` has are taken from
    there unless `again`. After an interrupt, `results` has what was done until then."""

    def __init__(
        self,
        submissions: Sequence[Submission],
        specs: Sequence[Spec],
        records: Records,
        *,
        jobs: int,
        again: bool = False,
        catalogue: Catalogue | None = None,
    ) -> None:
        self._submissions, self._specs, self._records = submissions, specs, records
        self._jobs, self._again, self._catalogue = jobs, again, catalogue or Catalogue()
        self._done: dict[tuple[str, str], list[Task]] = {}
        self._local, self._labs, self._stopped = threading.local(), list[Lab](), threading.Event()
        self.judged = 0
        """How many answers were judged now, and not taken from the records."""

    @property
    def complete(self) -> bool:
        """Whether every answer has its results."""
        return len(self._done) == len(self._submissions) * len(self._specs)

    def results(self) -> list[Graded]:
        """What is known by now, learner by learner."""
        return [
            Graded(
                one,
                {
                    spec.id: self._done[one.learner, spec.id]
                    for spec in self._specs
                    if (one.learner, spec.id) in self._done
                },
            )
            for one in self._submissions
        ]

    def run(self) -> None:
        """Judge all. An interrupt ends the labs, drops what is half judged, and is passed on. What goes
        wrong with one answer is that answer's outcome and is not raised."""
        todo = [(one, spec) for one in self._submissions for spec in self._specs]
        pool = ThreadPoolExecutor(self._jobs, thread_name_prefix="grading")
        try:
            with working("Grading", of=len(todo)) as bar:
                waiting = {pool.submit(self._grade, one, spec) for one, spec in todo}
                while waiting:
                    waiting = self._wait(waiting)
                    bar("", done=len(todo) - len(waiting))
            self._retry_environment()
        except BaseException:
            self._stopped.set()
            raise
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            for lab in self._labs:
                with suppress(FactorLabError):
                    lab.close()
            pool.shutdown(wait=True)

    def _wait(self, waiting: set[Future[None]]) -> set[Future[None]]:
        done, rest = wait(waiting, timeout=0.5, return_when=FIRST_COMPLETED)
        for future in done:
            future.result()
        return rest

    def _grade(self, submission: Submission, spec: Spec) -> None:
        if spec.id not in submission.answers and submission.unread:
            self._done[submission.learner, spec.id] = _as_data(
                _unread_results(spec, submission.unread)
            )
            return
        spec = self._catalogue.spec(spec.id, submission.learner)
        files = submission.answers.get(spec.id, {})
        key = key_of(spec, files)
        known = self._records.find(submission.learner, spec.id, key)
        if known is None or self._again:
            tasks = self._judge(spec, files)
            if self._stopped.is_set():  # its lab was taken away: this says nothing of the answer
                return
            self.judged += 1
            if known is None or _outcomes(tasks) != _outcomes(known):
                self._records.keep(submission.learner, spec.id, key, tasks)
                known = tasks
        # the same outcomes once more: the words stay those of the first time, whose random names
        # and values are others in each run, so that regrading changes no byte
        self._done[submission.learner, spec.id] = known

    def _retry_environment(self) -> None:
        """A check may have found the machine too busy with the others: ask again, one by one."""
        for submission in self._submissions:
            for spec in self._specs:
                tasks = self._done[submission.learner, spec.id]
                if any(t["outcome"] == Outcome.ENVIRONMENT and "check" in t for t in tasks):
                    self._grade(submission, spec)

    def _judge(self, spec: Spec, files: Mapping[str, str]) -> list[Task]:
        try:
            is_untouched = untouched(files, spec.starter)
            results = judge(spec, files, lab=None if is_untouched else self._lab())
        except NotReady as error:
            results = _environment_results(spec, error.what, error.next)
        except Exception as error:
            results = _environment_results(
                spec,
                f"the grader had a fault: {type(error).__name__}: {error}"[:500],
                "tell the course team; the answer is not to blame.",
            )
        return _as_data(results)

    def _lab(self) -> Lab:
        """This worker's lab; a new one when the last does not answer any more."""
        lab: Lab | None = getattr(self._local, "lab", None)
        if lab is None or not lab.alive:
            if self._stopped.is_set():
                raise NotReady("The grading was interrupted.")
            if lab is not None:
                with suppress(FactorLabError):
                    lab.close()
            lab = self._local.lab = Lab("grading", untrusted=True)
            self._labs.append(lab)
        return lab


def _outcomes(tasks: Sequence[Task]) -> list[tuple[str, str]]:
    return [(task["task"], task["outcome"]) for task in tasks]


def _environment_results(spec: Spec, what: str, next: str) -> list[Result]:
    return [Result(spec.id, task, Outcome.ENVIRONMENT, what=what, next=next) for task in spec.tasks]


def _unread_results(spec: Spec, why: Sequence[str]) -> list[Result]:
    """Nobody knows whether there was an answer: not the same as none."""
    return [
        Result(
            spec.id,
            task,
            Outcome.ERROR,
            what=f"no answer to this exercise could be read. {' '.join(why)}"[:1000],
            next="open the notebook in JupyterLab, save it, and hand it in again.",
        )
        for task in spec.tasks
    ]


def _as_data(results: Sequence[Result]) -> list[Task]:
    """As plain data, the same as what is read back from a record."""
    data: list[Task] = json.loads(json.dumps([r.as_dict() for r in results], default=str))
    return data
