"""What all snapshots have in common."""

from pydantic import BaseModel, ConfigDict


class Snapshot(BaseModel):
    """Common to all of them."""

    model_config = ConfigDict(frozen=True)
