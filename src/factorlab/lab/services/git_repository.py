"""A git repository in a container: real commits, branches and trees, on no host's disk."""

from collections.abc import Mapping

from factorlab.engine.archive import untar
from factorlab.engine.container.container import Container
from factorlab.engine.container.plan import Limits
from factorlab.errors import FactorLabError
from factorlab.lab.network import Network

FOLDER = "/repo"
HOUR_SECONDS = 3600
FIRST_DATE = 1_767_600_000
"""Monday 2026-01-05, 08:00 UTC. Each commit is an hour later, so that revisions repeat."""
Files = dict[str, bytes]


class Repository:
    """A git repository with a working tree; made by `Lab.repository`. A revision is the name that
    git gives a commit: 40 hex digits, computed from all that is in it and before it."""

    def __init__(self, network: Network, name: str) -> None:
        self.name = name
        self._commits = self._writes = 0
        limits = Limits(memory_mib=128, cpus=1, processes=32)
        plan = network.plan("git", "repository", name, limits)
        self._container: Container = network.create(plan)
        self._container.start()
        self.git("init", "--quiet", "--template=", ".")

    def git(self, *words: str) -> str:
        """Run a git command in the repository; returns what it prints. Raises FactorLabError with
        git's own words when it ends with an exit code other than 0."""
        status, output = self._git(*words)
        if status:
            raise FactorLabError(
                f"git {' '.join(words)} ended with status {status}.",
                why=output.strip()[-500:],
                next="read git's own words above; `git('status')` says where the repository stands.",
            )
        return output.rstrip("\n")

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Put files into the working tree, without a commit: it is *dirty* from then on."""
        packed = {
            name: text.encode() if isinstance(text, str) else text for name, text in files.items()
        }
        # git looks at a file's length and date before its content. With one date for all, it would
        # take a file of the same length, replaced within a second, for the old one.
        self._writes += 1
        self._container.put(packed, FOLDER, changed=FIRST_DATE + self._writes)

    def commit(self, message: str, files: Mapping[str, str | bytes] | None = None) -> str:
        """Write these files, commit all that differs, and return the new revision."""
        if files:
            self.write(files)
        self.git("add", "--all")
        self._dated("commit", "--quiet", "--message", message)
        return self.revision()

    def merge(self, branch: str) -> str:
        """Merge a branch into the present one with a commit of its own; returns the revision."""
        self._dated("merge", "--quiet", "--no-ff", "--message", f"Merge {branch}", branch)
        return self.revision()

    def revision(self, name: str = "HEAD") -> str:
        """The full revision that a name (a branch, a tag, `HEAD`) stands for."""
        return self.git("rev-parse", name)

    def describe(self) -> str:
        """The revision of the working tree, with `-dirty` at the end when it holds what no commit
        holds: what a build passes on as its revision."""
        return self.git("describe", "--always", "--dirty", "--abbrev=40", "--match", "no-tag")

    def is_ancestor(self, revision: str, of: str = "main") -> bool:
        """Whether a revision is in the history of a branch. What git does not know is in none."""
        status, _ = self._git("merge-base", "--is-ancestor", revision, of)
        return status == 0

    def files(self, folder: str = "", *, with_git: bool = False) -> Files:
        """The files of the working tree, or of one folder of it, by name: a build context.
        `with_git` adds the folder `.git`, which `docker build .` sends along."""
        packed = self._container.get(f"{FOLDER}/{folder}".rstrip("/"))
        files = {path.partition("/")[2]: content for path, content in untar(packed).items()}
        return {
            name: content
            for name, content in files.items()
            if with_git or name.split("/")[0] != ".git"
        }

    def _git(self, *words: str) -> tuple[int, str]:
        return self._container.exec(["git", *words])

    def _dated(self, *words: str) -> None:
        self._commits += 1
        date = f"{FIRST_DATE + HOUR_SECONDS * self._commits} +0000"
        dated = ["env", f"GIT_AUTHOR_DATE={date}", f"GIT_COMMITTER_DATE={date}"]
        status, output = self._container.exec([*dated, "git", *words])
        if status:
            raise FactorLabError(
                f"git {words[0]} ended with status {status}.",
                why=output.strip()[-500:],
                next="read git's own words above; a commit needs something that differs.",
            )

    def __repr__(self) -> str:
        return f"<Repository {self.name}: {self._commits} commits>"
