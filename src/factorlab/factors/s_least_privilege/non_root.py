"""What an app may do in its container: nothing that only root may."""

from factorlab.lab import App, Lab
from factorlab.questions.deploys import deploy, shared
from factorlab.questions.finding import Finding, Outcome, judged
from factorlab.questions.question import question
from factorlab.questions.subject import Subject
from factorlab.waiting import until

LOOK_SECONDS = 10


@question(
    "runs-without-root",
    factor="S",
    group="replicas",
    text="Does it run as an ordinary user?",
    how="One deploy. Once it answers, the engine lists its processes with the numbers of their users. "
    "0 is root.",
    remedy="make a user in the Dockerfile and name it with USER: whoever breaks into the app is then "
    "not root. A number (USER 10001) lets a platform see it.",
)
def runs_without_root(lab: Lab, subject: Subject) -> Finding:
    """What runs counts, and not what the image says: a start script may change the user."""
    app = deploy(lab, subject, shared(lab, subject))
    users = sorted(set(_users(app)), key=int)
    app.remove()
    wanted = "no process of the user 0"
    if not users:
        return Finding(Outcome.INCONCLUSIVE, wanted, "the engine listed no processes")
    return Finding(
        judged("0" not in users),
        wanted,
        f"its processes run as user {', '.join(users)}" + (" (root)" if users == ["0"] else ""),
    )


def _users(app: App) -> list[str]:
    return until(app.users, LOOK_SECONDS, every=0.2)
