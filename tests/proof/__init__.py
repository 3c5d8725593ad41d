"""How the course is proved: its parts, what a change touches, and what a proof cost.

`python -m proof test` is `make test`, `python -m proof prove` is `make prove`.
"""
