"""The packages on the lab's index: small enough to be read, with the same bytes everywhere."""

from factorlab.lab.services.wheels import Wheel

TAX = Wheel("acme-tax", "1.0", "def tax(amount):\n    return amount * 0.2\n")
SHOP = Wheel(
    "acme-shop",
    "2.0.0",
    "from acme_tax import tax\n\n\ndef total(amount):\n    return amount + tax(amount)\n",
    ("acme-tax>=1.0",),
)
PAPER = Wheel("acme-paper", "2.1.3", 'def size(lines):\n    return "A6" if lines < 3 else "A5"\n')
LABEL = Wheel(
    "acme-label",
    "1.3.0",
    "from acme_paper import size\n\n\n"
    'def label(name, total):\n    return f"{size(2)}: {name}, {total:.2f}"\n',
    ("acme-paper~=2.1",),
)
GZIP = Wheel(
    "acme-gzip",
    "1.0.2",
    "import gzip\nimport sys\n\n\ndef main():\n"
    "    sys.stdout.buffer.write(gzip.compress(sys.stdin.buffer.read()))\n",
    commands=(("gzip", "main"),),
)

MONDAY = (SHOP, TAX)
"""What the lesson's index has at first."""
STALL = (SHOP, TAX, LABEL, PAPER)
"""What the index of II-1 has at first."""
TOOLS = (GZIP,)
"""What the index of II-2 has beside the libraries of the course."""
