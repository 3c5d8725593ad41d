"""Pages that are one file: no scripts, nothing loaded from elsewhere, every text escaped."""

from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined


def render(package: str, template: str, **values: object) -> str:
    """A template of a package as a page, in the frame that all pages share (`page.html.j2`).
    Raises jinja2.UndefinedError for a name that the template uses and `values` has not."""
    return _environment(package).get_template(template).render(**values)


@cache
def _environment(package: str) -> Environment:
    return Environment(
        loader=ChoiceLoader([PackageLoader(package), PackageLoader("factorlab.formats")]),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
