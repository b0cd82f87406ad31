"""What items and people are called in public."""

from hub.domain.models import AgendaItem, Registration

PRIVATE_SESSION = "Private session"


def published_title(item: AgendaItem) -> str:
    """The title as the agenda system publishes it; "" for an item whose title it withholds.

    The import stores no title that is not published, so there is nothing here to forget.
    """
    return item.title


def index_label(item: AgendaItem) -> str:
    """The item in the index and the chapters."""
    title = published_title(item) or PRIVATE_SESSION
    return f"{item.number} {title}".strip()


def item_label(item: AgendaItem) -> str:
    """The item for officers: one whose title is withheld is no private session before it is made one."""
    return f"{item.number} {published_title(item) or '(title not published)'}".strip()


def speaker_label(registration: Registration) -> str:
    """Who spoke in the index and the chapters."""
    return f"{registration.name}, {registration.capacity}" + (" (read out)" if registration.written else "")


def name_caption(registration: Registration, item: AgendaItem | None) -> str:
    """Who speaks, as in the picture: "Sam Lee, resident, item 7". Never the item's title."""
    # A comma in the name would end it there.
    name = " ".join(registration.name.replace(",", " ").split())
    number = item.number.rstrip(". ") if item is not None else ""
    who = f"{name}, {registration.capacity}"
    return f"{who}, item {number}" if number else who
