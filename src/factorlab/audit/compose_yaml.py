"""A Compose file's YAML as Compose reads it: with anchors and merges, and with the truth values of YAML 1.2
alone. `yes`, `no`, `on` and `off` are words, as an argument `DEBUG: yes` means them."""

import re

import yaml

BOOL = "tag:yaml.org,2002:bool"


class Loader(yaml.SafeLoader):
    """PyYAML's safe loader, which reads YAML 1.1, without that version's truth values."""

    yaml_implicit_resolvers = {  # noqa: RUF012  # as PyYAML wants it: of the class
        first: [(tag, pattern) for tag, pattern in resolvers if tag != BOOL]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


Loader.add_implicit_resolver(BOOL, re.compile("^(?:true|True|TRUE|false|False|FALSE)$"), [*"tTfF"])
