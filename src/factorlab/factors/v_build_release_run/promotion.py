"""V. Build, release, run: one build serves every deploy; what was tested is what runs."""

from collections.abc import Mapping
from dataclasses import dataclass

from factorlab.engine.build.build import Build
from factorlab.engine.images import inspection
from factorlab.errors import NotStarted
from factorlab.lab import Lab, Request
from factorlab.questions.deploys import Config, body, deploy, fill, random_word, send
from factorlab.questions.finding import Finding, judged
from factorlab.questions.question import question
from factorlab.questions.subject import Subject

WRITES = 3
STAGE_ARGUMENTS = ("STAGE", "APP_ENV", "ENV", "ENVIRONMENT", "DEPLOY", "TARGET")
"""What a build is usually told the kind of deploy by."""


@dataclass(frozen=True)
class Built:
    """What came of a build for one deploy: the image, or the last words of the build."""

    stage: str
    image: Build | None
    content: str
    trouble: str = ""


def _stages(subject: Subject) -> dict[str, dict[str, str]]:
    """The deploys, and what a build for each of them would be told: its name, and values of its
    own for the variables."""
    names = ("staging", "production", random_word("deploy"))
    variables = [variable.name for variable in subject.contract.variables]
    return {
        name: {
            **{variable: random_word(name) for variable in variables},
            **dict.fromkeys(STAGE_ARGUMENTS, name),
        }
        for name in names
    }


def _built(lab: Lab, subject: Subject) -> list[Built]:
    """A build of the same files for each deploy. Done once for an answer."""
    return [_build(lab, subject, stage, args) for stage, args in _stages(subject).items()]


def _build(lab: Lab, subject: Subject, stage: str, args: Mapping[str, str]) -> Built:
    try:
        # `trusted`: the files were held to the rules when the subject was built from them.
        image = lab.build(subject.name, subject.image.files, trusted=True, args=args)
    except NotStarted as error:
        return Built(stage, None, "", (error.why.splitlines() or [""])[-1][:100])
    return Built(stage, image, inspection.content(image.id))


@question(
    "one-build-for-all-deploys",
    factor="V",
    text="Is there one build for all deploys?",
    how="The same files are built three times, as for staging, for production, and for a deploy "
    f"with a random name. Each build gets the name in build arguments ({', '.join(STAGE_ARGUMENTS)}"
    ") and values of its own for the app's variables. Layers and settings of the three images are "
    "compared.",
    remedy="let the build know nothing of the deploy: no ARG that changes a file or an ENV of the "
    "image. What differs comes in when a container is created.",
)
def one_build_for_all_deploys(lab: Lab, subject: Subject) -> Finding:
    """Contents are compared, not ids: an image that is built again may get another id."""
    built = subject.once(_built, lab)
    images = sorted(
        {one.content for one in built if one.image}, key=[o.content for o in built].index
    )
    failed = sum(one.image is None for one in built)
    rows = [
        (
            one.stage,
            f"image {images.index(one.content) + 1}" if one.image else "no image",
            one.trouble,
        )
        for one in built
    ]
    return Finding(
        judged(len(images) == 1 and not failed),
        expected="1 image from 3 builds, 0 builds failed",
        seen=f"{len(images)} {'image' if len(images) == 1 else 'images'} from 3 builds, "
        f"{failed} {'build' if failed == 1 else 'builds'} failed",
        columns=("built for", "came out", "last words"),
        rows=rows,
    )


@question(
    "promoted-image-serves-production",
    factor="V",
    text="Does the image that was tested in staging serve production as it is?",
    how="The image that was built for staging runs twice: with the variables of staging, then "
    f"with those of production. Each deploy gets {WRITES} writes; rows are counted in its "
    "database, and its pages must hold the texts of its own variables and none of the other's.",
    remedy="the table says what was not found where: read each text from its variable when the app "
    "starts or answers, also for a page that lies in a file, and use no database but the deploy's.",
)
def promoted_image_serves_production(lab: Lab, subject: Subject) -> Finding:
    """Random texts, so that nothing that was in the files can match."""
    image = next((o.image for o in subject.once(_built, lab) if o.image), subject.image)
    promoted = Subject("promoted", image, subject.contract, subject.secrets)
    stages = ("staging", "production")
    configs = lab.together(*(lambda s=s: fill(lab, promoted, s) for s in stages))
    rows: list[tuple[str, str, str, str]] = []
    log = ""
    for stage, config, other in zip(stages, configs, reversed(configs), strict=True):
        app = deploy(lab, promoted, config)
        for place, request in _pages(subject).items():
            text = body(app, request)
            rows += [
                (stage, place, variable.name, _whose_value(text, variable.name, config, other))
                for variable in subject.contract.of_kind("text")
            ]
        if config.database is not None:
            before = config.database.rows()
            send(app, subject.contract.write, WRITES)
            arrived = config.database.rows() - before
            found = "its own" if arrived == WRITES else f"{arrived} of {WRITES} rows"
            rows.append((stage, "its database", "rows", found))
        if any(row[3] != "its own" for row in rows):
            log = app.logs(tail=8)
        app.remove()
    wrong = [row for row in rows if row[3] != "its own"]
    return Finding(
        judged(not wrong),
        expected=f"{len(rows)} of {len(rows)} as the deploy's own variables say",
        seen=f"{len(rows) - len(wrong)} of {len(rows)} as the deploy's own variables say"
        + (f"; not {'; not '.join(f'{r[2]} in {r[1]} of {r[0]}' for r in wrong)}" if wrong else ""),
        columns=("deploy", "looked at", "variable", "found"),
        rows=rows,
        log=log,
    )


def _pages(subject: Subject) -> dict[str, Request]:
    """What is read of an app: its read request, and its further GET requests."""
    contract = subject.contract
    reads = [contract.read, *(r for r in contract.others.values() if r.method == "GET")]
    return {request.path: request for request in reads}


def _whose_value(text: str, variable: str, own: Config, other: Config) -> str:
    if other.env[variable] in text:
        return "the other deploy's"
    return "its own" if own.env[variable] in text else "neither"
