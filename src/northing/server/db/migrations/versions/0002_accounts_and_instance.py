"""The project that answers for an account, and the name of the installation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Accounts that are there already were made in the first project that they belong to, as far as anyone knows."""
    op.create_table(
        "instance",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.add_column("users", sa.Column("home_project_id", sa.Integer))
    op.execute(
        "UPDATE users SET home_project_id = "
        "(SELECT min(memberships.project_id) FROM memberships WHERE memberships.user_id = users.id)"
    )
