"""`python -m factorlab`: the same as the `factorlab` command."""

from factorlab.cli import main

main()
