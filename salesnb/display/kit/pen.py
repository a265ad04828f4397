"""Who is a chart drawn for? One language, and a wide page or a narrow phone."""

from __future__ import annotations

from salesnb.language import Language


class Pen(Language):
    """The reader's language in the hand of a drawing: ``pen.money(amount)``, ``pen("Target")``; `narrow` on a phone."""

    def __init__(self, say: Language, *, narrow: bool = False) -> None:
        super().__init__(say.code, currency=say.currency, unit=say.unit)
        self.narrow = narrow
