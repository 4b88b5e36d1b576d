"""How insights are shown, beside what they ask."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Insights of before have none: they are shown as their page shows things."""
    op.add_column("insights", sa.Column("display", sa.JSON))
    op.add_column("insight_versions", sa.Column("display", sa.JSON))
