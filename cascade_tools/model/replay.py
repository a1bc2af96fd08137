"""A moment, replayed: one exchange of one's own as a small scene to try again.

Other than in the scenes of the kit, its author wrote everything in it: what was said, what else
might be said, the kind of help in it and what might happen then.  So nothing is judged, and no
order is better than another.  Source: the moment in *After I coach*; six kinds of help (Heron).
"""

from collections.abc import Mapping
from dataclasses import dataclass

REPLAY = "coach/a-moment-replayed"
MOMENT_IN = "coach/after-i-coach"
MOMENT = "moment-they-said"
THEY_SAID, I_SAID, TAKE = "they-said", "i-said", "take"
TO_SAY = (I_SAID, "might-1", "might-2", "might-3")
FEWEST = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to say.  ``id`` is its name in the scene, ``key`` the question that asks for it.

    ``kind`` is the kind of help in plain words and ``then`` what happened or might happen then;
    each is ``""`` where it was not written.
    """

    id: str
    key: str
    words: str
    kind: str
    then: str

    @property
    def said(self) -> bool:
        """Whether this is what was said that day."""
        return self.key == I_SAID


@dataclass(frozen=True, slots=True)
class Replay:
    """The scene as far as it has been written.  ``lines`` are what was said, then the others."""

    they_said: str
    lines: tuple[Line, ...]
    take: str

    @property
    def to_write(self) -> str:
        """The question to answer first, before there is anything to choose; ``""`` if there is."""
        if not self.they_said:
            return THEY_SAID
        if len(self.lines) >= FEWEST:
            return ""
        written = {line.key for line in self.lines}
        return next(key for key in TO_SAY if key not in written)

    def line(self, id: str) -> Line | None:
        return next((line for line in self.lines if line.id == id), None)


def replay_of(words: Mapping[str, str]) -> Replay:
    """The scene from the answers of its sheet, each in words; a key that is missing is empty."""

    def said(key: str) -> str:
        return words.get(key, "").strip()

    lines = tuple(
        Line(id, key, said(key), said(f"{key}-kind"), said(f"{key}-then"))
        for id, key in zip("abcd", TO_SAY, strict=True)
        if said(key)
    )
    return Replay(said(THEY_SAID), lines, said(TAKE))
