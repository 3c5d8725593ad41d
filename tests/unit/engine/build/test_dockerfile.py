"""What a learner's Dockerfile and files may say, and what is refused before the engine sees it."""

import pytest

from factorlab.engine.build.dockerfile import (
    INSTALLS,
    RUNS,
    check_dockerfile,
    labelled,
    labelled_stages,
)
from factorlab.errors import Refused

BASE = "FROM factorlab/python:3.11\n"

ALLOWED = {
    "the smallest": BASE,
    "no line end": BASE.strip(),
    "windows line ends": BASE.replace("\n", "\r\n") + "COPY app.py .\r\n",
    "lower case": "from factorlab/python:3.11\ncopy app.py .\n",
    "all instructions": BASE
    + "ARG A=1\nENV B=2 C=3\nLABEL d=e\nWORKDIR /app\nCOPY app.py settings.py ./\nUSER app\n"
    'EXPOSE 8000\nSTOPSIGNAL SIGINT\nENTRYPOINT ["python"]\nCMD ["app.py"]\n',
    "copy in JSON": BASE + 'COPY ["app.py", "."]\n',
    "copy all": BASE + "COPY . .\n",
    "comments and blank lines": "# a shop\n\n" + BASE + "  # indented\n\nCOPY app.py .\n",
    "a comment about escape": "# escape sequences are not used here\n" + BASE,
    "continued": BASE + "ENV A=1 \\\n    B=2 \\\n    # between\n\n    C=3\nCOPY app.py .\n",
    "tabs": BASE + "COPY\tapp.py\t.\n",
    "shell form": BASE + "CMD exec uvicorn app:app --host 0.0.0.0 --port $PORT\n",
    "shell form with --": BASE + 'CMD ["uvicorn", "app:app", "--port", "8000"]\n',
}

REFUSED = {
    "empty": "",
    "only a comment": "# nothing\n",
    "unfinished": BASE + "LABEL org.factorlab.owner=nobody \\\n",
    "unfinished before a comment": BASE + "CMD x \\\n# end\n",
    "no FROM": "COPY app.py .\n",
    "RUN": BASE + "RUN id\n",
    "lower case run": BASE + "run id\n",
    "indented RUN": BASE + "   RUN id\n",
    "RUN after a tab": BASE + "RUN\tid\n",
    "RUN in JSON": BASE + 'RUN ["id"]\n',
    "RUN with a mount": BASE + "RUN --mount=type=secret,id=x cat /run/secrets/x\n",
    "RUN heredoc": BASE + "RUN <<EOF\nid\nEOF\n",
    "ADD": BASE + "ADD app.py .\n",
    "ADD from the net": BASE + "ADD http://example.org/x /x\n",
    "ONBUILD": BASE + "ONBUILD RUN id\n",
    "SHELL": BASE + 'SHELL ["/bin/bash", "-c"]\n',
    "VOLUME": BASE + "VOLUME /data\n",
    "HEALTHCHECK": BASE + "HEALTHCHECK CMD id\n",
    "unknown": BASE + "INCLUDE other\n",
    "another base": "FROM factorlab/postgres:15\n",
    "a base of the net": "FROM python:3.11\n",
    "scratch": "FROM scratch\n",
    "a variable as base": "ARG X=python\nFROM $X\n",
    "a named stage": "FROM factorlab/python:3.11 AS one\n",
    "a platform": "FROM --platform=linux/arm64 factorlab/python:3.11\n",
    "two stages": BASE + BASE,
    "another tag": "FROM factorlab/python:latest\n",
    "a digest": "FROM factorlab/python:3.11@sha256:" + "0" * 64 + "\n",
    "copy from an image": BASE + "COPY --from=factorlab/probe:1 /opt /x\n",
    "copy from a stage": BASE + "COPY --from=0 / /x\n",
    "copy with an owner": BASE + "COPY --chown=root app.py .\n",
    "copy an address": BASE + "COPY https://example.org/x /x\n",
    "copy heredoc": BASE + "COPY <<EOF /x\nhello\nEOF\n",
    "flag cut by a continuation": BASE + "COPY -\\\n-from=factorlab/probe:1 /opt /x\n",
    "instruction cut by a continuation": BASE + "RU\\\nN id\n",
    "two backslashes do not continue": BASE + "ENV A=b\\\\\nRUN id\n",
    "a continuation of nothing": BASE + "CMD id\n\\\n",
    "two backslashes and blanks": BASE + "ENV A=b \\\\ \t\nRUN id\n",
    "syntax directive": "# syntax=docker/dockerfile:1\n" + BASE,
    "syntax directive without blank": "#syntax=evil/frontend\n" + BASE,
    "escape directive": "# escape=`\n" + BASE + "ENV A=b \\\nRUN id\n",
    "escape directive in capitals": "#  ESCAPE = `\n" + BASE,
    "escape directive after a tab": "#\tescape=`\n" + BASE + "ENV A=b \\\nRUN id\n",
    "check directive": "# check=skip=all\n" + BASE,
    "no-break space after a backslash": BASE + "ENV A=b \\\u00a0\nRUN id\n",
    "line separator": BASE + "ENV A=b\u2028RUN id\n",
    "carriage return": BASE + "ENV A=b\rRUN id\n",
    "form feed": BASE + "ENV A=b \\\x0c\nRUN id\n",
    "vertical tab": BASE + "ENV A=b \\\x0b\nRUN id\n",
    "next line": BASE + "ENV A=b\x85RUN id\n",
    "null": BASE + "ENV A=b\x00RUN id\n",
    "byte order mark": "\ufeff" + BASE,
    "escape code": BASE + "# \x1b[2K\n",
    "a word like another": BASE + "\u0421OPY app.py .\n",  # a Cyrillic letter
    "not text": BASE + b"\xff\xfe".decode(errors="replace"),
}


@pytest.mark.parametrize("text", ALLOWED.values(), ids=ALLOWED)
def test_a_plain_dockerfile_is_allowed(text):
    check_dockerfile(text)


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_what_reaches_beyond_the_answer_is_refused_with_what_to_do(text):
    with pytest.raises(Refused) as refused:
        check_dockerfile(text)
    assert refused.value.next
    assert str(refused.value).isprintable() or "\n" in str(refused.value)


INSTALLED = {
    "an install": BASE + "COPY requirements.txt .\nRUN pip install -r requirements.txt\n",
    "a list of words": BASE + 'RUN ["pip", "install", "x"]\n',
    "ARG before it": BASE + "ARG A=1\narg b\nRUN id\n",
    "ARG after it": BASE + "RUN id\nARG A='1 2'\n",
    "several in one ARG": BASE + 'ARG A=1 _b2 \\\n  C="$A = \\" x" D=e\\ f G=\'h "i\'\nRUN id\n',
    "two lines": BASE + "RUN pip download x \\\n && pip install x\nRUN true\n",
}


@pytest.mark.parametrize("text", INSTALLED.values(), ids=INSTALLED)
def test_run_is_allowed_where_the_exercise_is_about_what_is_installed(text):
    check_dockerfile(text, INSTALLS)


@pytest.mark.parametrize(
    "text",
    [
        text
        for name, text in REFUSED.items()
        if name
        not in (
            "RUN",
            "lower case run",
            "indented RUN",
            "RUN after a tab",
            "RUN in JSON",
            "instruction cut by a continuation",
        )
    ]
    + [BASE + "RUN true\n" * (RUNS + 1), "RUN id\n" + BASE, "ARG A=1\n" + BASE + "RUN id\n"],
    ids=repr,
)
def test_where_run_is_allowed_all_else_is_refused_as_before(text):
    with pytest.raises(Refused) as refused:
        check_dockerfile(text, INSTALLS)
    assert refused.value.next


@pytest.mark.parametrize(
    "rest",
    [
        "a-b=1",
        "$A=1",
        '"A"=1',
        "1A=1",
        "A = 1",
        "A B=1 --C=2",
        "A=1 # why",
        "=1",
        '["A"]',
        "A.b",
        "A+=1",
        "A='1' b-c",
        "A=1\\ 2 b-c",
    ],
)
def test_beside_run_an_arg_names_variables(rest):
    with pytest.raises(Refused, match=r"Line 2 of the Dockerfile is not allowed: ARG ") as refused:
        check_dockerfile(f"{BASE}ARG {rest}\nRUN id\n", INSTALLS)
    assert "letters, digits and _" in refused.value.why
    check_dockerfile(f"{BASE}ARG {rest}\n", INSTALLS)


def test_the_line_that_is_refused_is_named():
    with pytest.raises(Refused, match=r"Line 4 of the Dockerfile is not allowed: RUN pip install"):
        check_dockerfile(BASE + "\n# libraries\nRUN pip install x\n")


def test_where_no_run_is_allowed_it_is_the_run_line_that_is_named_and_not_the_arg():
    with pytest.raises(Refused, match=r"Line 3 of the Dockerfile is not allowed: RUN id"):
        check_dockerfile(BASE + "ARG a-b=1\nRUN id\n")


@pytest.mark.parametrize(
    "before, after",
    [
        ("FROM a\nCMD b", 'FROM a\nLABEL k="v"\nCMD b'),
        (
            "ARG X\nFROM \\\n  a\n# c\nCMD b \\\n d",
            'ARG X\nFROM \\\n  a\n# c\nLABEL k="v"\nCMD b \\\n d',
        ),
        ("FROM a AS x\nFROM b", 'FROM a AS x\nFROM b\nLABEL k="v"'),
        ("FROM a\nLABEL k=x\nCMD b", 'FROM a\nLABEL k="v"\nLABEL k=x\nCMD b\nLABEL k="v"'),
        ("FROM a\nlabel k=x", 'FROM a\nLABEL k="v"\nlabel k=x\nLABEL k="v"'),
        ("", ""),
    ],
)
def test_labels_are_set_right_after_the_last_from_and_last_of_all_where_others_are(before, after):
    assert labelled(before, {"k": "v"}) == after


@pytest.mark.parametrize(
    "before, after",
    [
        ("\\\nFROM a\nFROM b \\", "\\\nFROM a\n{}\nFROM b \\"),
        ("FROM a\n\\", "FROM a\n{}\n\\"),
        ("# escape=`\nFROM a\nCMD b", "# escape=`\nFROM a\n{}\nCMD b"),
        (
            "# syntax=x\n# escape=`\nFROM `\n a\nCMD b",
            "# syntax=x\n# escape=`\nFROM `\n a\n{}\nCMD b",
        ),
        ("FROM a AS x\nFROM \\\n  b\nRUN c\\\nd", "FROM a AS x\n{}\nFROM \\\n  b\n{}\nRUN c\\\nd"),
        (
            "FROM a\nRUN psql -c 'SELECT 1 \\\n# once\n\n  FROM b'",
            "FROM a\n{}\nRUN psql -c 'SELECT 1 \\\n# once\n\n  FROM b'",
        ),
    ],
)
def test_labels_are_put_into_whatever_dockerfile_a_developer_has(before, after):
    assert labelled_stages(before, {"k": "$v"}) == after.replace("{}", 'LABEL k="\\$v"')
