"""What an order costs. Shop and billing both import it."""


def total(pieces):
    cents = 300 * pieces
    return cents * 9 // 10 if pieces >= 10 else cents
