"""The fictional programme's knowledge capture event: the cards of a room, and the note of it."""

from collections.abc import Iterator

from cascade_tools.model.knowledge import ROUNDS, Note
from cascade_tools.programme.story import Doc, Story


def tell(story: Story, event: Doc) -> None:
    """One afternoon, from the first card to the note that is released."""
    story.at(story.calendar.moment(event["day"], "knowledge"), lambda: _live(story, event))


def _live(story: Story, event: Doc) -> None:
    knowledge, lead = story.records.knowledge, story.people[event["lead"]]
    made = knowledge.begin(lead, event["title"], event["where"])
    knowledge.describe(
        lead, made, title=event["title"], where=event["where"], people=event["people"]
    )
    knowledge.open_round(lead, made, len(ROUNDS))
    code, quotes = knowledge.get(lead, made).code, []
    for round, group in _groups(event):
        before = {card.id for card in knowledge.get(lead, made).cards}
        for words in group["cards"]:
            knowledge.add(code, round, words, publish=True)
        cards = [c for c in knowledge.get(lead, made).cards if c.id not in before]
        theme = knowledge.make_theme(lead, made, round, group["theme"])
        knowledge.place(lead, made, [c.id for c in cards], theme)
        wanted = group["cards"][: group.get("quote", 0)]
        quotes += [c.id for c in cards if c.words in wanted]
    said = {round: group["summary"] for round, group in _groups(event) if "summary" in group}
    knowledge.write_note(lead, made, Note(said, tuple(quotes)))
    knowledge.close(lead, made)
    knowledge.release(lead, made)


def _groups(event: Doc) -> Iterator[tuple[str, Doc]]:
    """Each theme with its cards, and the round it belongs to."""
    for round in ROUNDS:
        for group in event["rounds"][round]:
            yield round, group
