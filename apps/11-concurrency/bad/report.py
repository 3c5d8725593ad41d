"""A report that takes a while: a calculation with nothing to wait for."""


def compute(seed, rounds):
    total = seed
    for _ in range(rounds):
        total = (total * total + 7) % 1_000_003
    return total
