"""Knowledge capture: what the registry says of each field."""

from collections.abc import Mapping

from cascade_tools.model import retention as until
from cascade_tools.records.registered import (
    EMPTIED,
    ID,
    KEY,
    STAYS,
    Field,
    Kind,
    Table,
    fact,
    part,
    words,
)

PROGRAMMES = "The event is the programme’s; nobody’s name is on it any more."
UNSIGNED = "Nothing says who wrote it."
RELEASED = "It holds only what may be printed, and nobody’s name is on it."

KNOWLEDGE: Mapping[str, Table] = {
    "knowledge_event": Table(
        (until.KNOWLEDGE,),
        "learning_events",
        STAYS,
        {
            "id": ID,
            "made_by": Field(Kind.FACT, "Who began it", erased=EMPTIED),
            "on": fact("The day"),
            "round": part("Which round of cards is open"),
            "closed_on": fact("When it was closed"),
            "released_on": fact("When its note was released"),
            "key_id": KEY,
            "sealed": words("What it is called and about, its code, and the note being written"),
        },
        stays=PROGRAMMES,
    ),
    "knowledge_theme": Table(
        (until.KNOWLEDGE,),
        "",
        STAYS,
        {
            "id": part("Names the theme: 128 random bits"),
            "event_id": part("Of which event"),
            "round": part("Of which round"),
            "key_id": KEY,
            "sealed": Field(Kind.WORDS, "What those who lead called some cards", not_told=UNSIGNED),
        },
        stays=UNSIGNED,
    ),
    "knowledge_card": Table(
        (until.KNOWLEDGE,),
        "",
        STAYS,
        {
            "id": part("Names the card: 128 random bits, so no order can be told"),
            "event_id": part("Of which event"),
            "round": part("Which question it answers"),
            "theme_id": part("The theme it was put into"),
            "aside": part("Whether it is not to be counted or printed"),
            "kept_in": part("Whether somebody looked, and it names nobody"),
            "token_hash": part("Finds the card its writer takes back, while the event is open"),
            "key_id": KEY,
            "sealed": Field(
                Kind.WORDS, "What a card says, and whether it may be published", not_told=UNSIGNED
            ),
        },
        stays=UNSIGNED,
    ),
    "knowledge_note": Table(
        (until.LEARNING_NOTES,),
        "",
        STAYS,
        {
            "id": part("Which event it was"),
            "released_on": part("When it was released"),
            "key_id": KEY,
            "sealed": Field(Kind.WORDS, "The note as it was released", not_told=RELEASED),
        },
        stays=RELEASED,
    ),
}
