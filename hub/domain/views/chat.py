"""What residents and officers wrote to each other."""

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.clock import milliseconds
from hub.domain.models import ChatLine, key
from hub.domain.snapshots import ChatView

LINES_AT_MOST = 50
"""Of one conversation, the newest."""


async def chats_of(
    session: AsyncSession, meeting_id: int, registration_id: int | None = None
) -> dict[int, list[ChatView]]:
    """Conversations of a meeting by registration, or one of them, the newest line last."""
    lines = select(ChatLine).where(ChatLine.meeting_id == meeting_id).order_by(col(ChatLine.id))
    if registration_id is not None:
        lines = lines.where(ChatLine.registration_id == registration_id)
    chats: dict[int, list[ChatView]] = {}
    for line in (await session.exec(lines)).all():
        view = ChatView(id=key(line), officer=line.officer, text=line.text, at_ms=milliseconds(line.at))
        chats.setdefault(line.registration_id, []).append(view)
    return {number: chat[-LINES_AT_MOST:] for number, chat in chats.items()}
