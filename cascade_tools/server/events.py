"""The knowledge capture events of somebody who leads, listed in the workbook about them."""

from markupsafe import Markup

from cascade_tools.draw.templates import render
from cascade_tools.model.entry import Entry
from cascade_tools.model.knowledge import Event
from cascade_tools.model.people import Person, Role
from cascade_tools.model.typed import day_in_words
from cascade_tools.server.serving import Serving


def events(serving: Serving, person: Person, entry: Entry) -> Markup:
    """Each event with how it stands, and the way to begin one; nothing for who leads no more."""
    if Role.LEAD not in person.roles:
        return Markup("")
    to = serving.addresses.to
    return render(
        "parts/listing-events.html",
        events=[
            (to(f"knowledge/{event.id}"), event.title, day_in_words(event.on), _stands(event))
            for event in serving.records.knowledge.all(person.id)
        ],
        begin=to("knowledge"),
    )


def _stands(event: Event) -> str:
    if event.released:
        return "The note is out"
    if event.closed:
        return "Closed, and the note is still to come"
    return f"Open, round {event.round}" if event.round else "Not open yet"
