"""What all parts of a rule set have in common."""

from pydantic import BaseModel, ConfigDict


class Rule(BaseModel):
    """Frozen. A word that nobody knows is an error: a misspelt rule must not be a rule that is not there."""

    model_config = ConfigDict(frozen=True, extra="forbid")
