"""What a restricted item may be called in public."""

from hub.domain.models import AgendaItem

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
