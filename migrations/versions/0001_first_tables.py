"""First tables: the audit log with its triggers, cases, milestones, people and settings."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

POSITION = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "access_read",
        sa.Column("person_token", sa.String(length=34), nullable=False),
        sa.Column("case_token", sa.String(length=34), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "person_token", "case_token", "began_at", name=op.f("pk_access_read")
        ),
    )
    op.create_table(
        "audit_event",
        sa.Column("seq", POSITION, autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("actor", sa.String(length=34), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("case_token", sa.String(length=34), nullable=True),
        sa.Column("req", sa.String(length=64), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_event")),
        sa.UniqueConstraint("id", name=op.f("uq_audit_event_id")),
        sa.UniqueConstraint("req", "part", name=op.f("uq_audit_event_req_part")),
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_event_action"), ["action"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_event_actor"), ["actor"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_event_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_event_case_token"), ["case_token"], unique=False)

    op.create_table(
        "audit_node",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", POSITION, autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("level", "position", name=op.f("pk_audit_node")),
    )
    op.create_table(
        "case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=34), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("workflow", sa.String(length=40), nullable=False),
        sa.Column("workflow_version", sa.String(length=20), nullable=False),
        sa.Column("workflow_hash", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("acknowledged_on", sa.Date(), nullable=True),
        sa.Column("validated_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("force", sa.String(length=40), nullable=True),
        sa.Column("route", sa.String(length=20), nullable=True),
        sa.Column("waiting_for", sa.String(length=20), nullable=True),
        sa.Column("assignee", sa.String(length=34), nullable=True),
        sa.Column("force_reference", sa.Text(), nullable=True),
        sa.Column("complainant_name", sa.Text(), nullable=True),
        sa.Column("complainant_email", sa.Text(), nullable=True),
        sa.Column("complainant_address", sa.Text(), nullable=True),
        sa.Column("grounds", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case")),
        sa.UniqueConstraint("reference", name=op.f("uq_case_reference")),
        sa.UniqueConstraint("token", name=op.f("uq_case_token")),
    )
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.create_index(
            "ix_case_assignee_open", ["assignee", "closed_on", "received_on"], unique=False
        )
        batch_op.create_index("ix_case_open", ["closed_on", "received_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_received_on"), ["received_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_state"), ["state"], unique=False)

    op.create_table(
        "milestone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_token", sa.String(length=34), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("is_estimated", sa.Boolean(), nullable=False),
        sa.Column("since_seq", POSITION, nullable=False),
        sa.Column("until_seq", POSITION, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone")),
    )
    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.create_index("ix_milestone_case_token", ["case_token", "until_seq"], unique=False)
        batch_op.create_index(
            "ix_milestone_kind_from", ["kind", "from_on", "case_token"], unique=False
        )
        batch_op.create_index("ix_milestone_kind_to", ["kind", "to_on", "case_token"], unique=False)

    op.create_table(
        "office_setting",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("since_seq", POSITION, autoincrement=False, nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", "since_seq", name=op.f("pk_office_setting")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=34), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("session_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
        sa.UniqueConstraint("token", name=op.f("uq_person_token")),
    )
    op.create_table(
        "reference_counter",
        sa.Column("prefix", sa.String(length=60), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", name=op.f("pk_reference_counter")),
    )
    op.create_table(
        "register_row",
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_register_row")),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("email_hash", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("email_hash", name=op.f("pk_sign_in_attempt")),
    )
    op.create_table(
        "audit_detail",
        sa.Column("seq", POSITION, autoincrement=False, nullable=False),
        sa.Column("salt", sa.LargeBinary(length=32), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["audit_event.seq"], name=op.f("fk_audit_detail_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_detail")),
    )
    op.create_table(
        "person_role",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_role_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "role", name=op.f("pk_person_role")),
    )
    op.create_table(
        "set_password_link",
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_set_password_link_person_id")
        ),
        sa.PrimaryKeyConstraint("secret_hash", name=op.f("pk_set_password_link")),
    )
    for statement in append_only(op.get_bind().dialect.name):
        op.execute(statement)


def append_only(dialect: str) -> list[str]:
    """Statements that make the log append-only: a speed bump with an alarm, not the proof."""
    return _sqlite_triggers() if dialect == "sqlite" else _postgres_triggers()


def _sqlite_triggers() -> list[str]:
    refuse = "SELECT RAISE(ABORT, 'The audit log is append-only. Nothing was changed.')"
    statements = [
        f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} BEGIN {refuse}; END"
        for table in ("audit_event", "audit_node")
        for action in ("UPDATE", "DELETE")
    ]
    # INSERT OR REPLACE deletes without firing a DELETE trigger unless the row is looked for first.
    statements.append(
        "CREATE TRIGGER audit_event_no_replace BEFORE INSERT ON audit_event "
        "WHEN EXISTS (SELECT 1 FROM audit_event WHERE seq = NEW.seq OR id = NEW.id "
        f"OR (req = NEW.req AND part = NEW.part)) BEGIN {refuse}; END"
    )
    statements.append(
        "CREATE TRIGGER audit_node_no_replace BEFORE INSERT ON audit_node "
        "WHEN EXISTS (SELECT 1 FROM audit_node WHERE level = NEW.level "
        f"AND position = NEW.position) BEGIN {refuse}; END"
    )
    statements.append(
        f"CREATE TRIGGER audit_detail_no_update BEFORE UPDATE ON audit_detail BEGIN {refuse}; END"
    )
    return statements


def _postgres_triggers() -> list[str]:
    statements = [
        "CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'The audit log is append-only. Nothing was changed.'; END $$"
    ]
    for table, actions in (
        ("audit_event", "UPDATE OR DELETE"),
        ("audit_node", "UPDATE OR DELETE"),
        ("audit_detail", "UPDATE"),
    ):
        statements += [
            f"CREATE TRIGGER {table}_append_only BEFORE {actions} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION audit_append_only()",
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_append_only",
        ]
    for table in ("audit_event", "audit_node"):
        statements += [
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()",
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_truncate",
        ]
    return statements


def downgrade() -> None:
    """Undo, and with people take their second factors, which 0016 leaves for the way back."""
    for left in ("recovery_code", "second_factor"):
        op.drop_table(left, if_exists=True)
    for table in (
        *("set_password_link", "person_role", "audit_detail", "sign_in_attempt"),
        *("register_row", "reference_counter", "person", "office_setting"),
    ):
        op.drop_table(table)
    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.drop_index("ix_milestone_kind_to")
        batch_op.drop_index("ix_milestone_kind_from")
        batch_op.drop_index("ix_milestone_case_token")

    op.drop_table("milestone")
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_state"))
        batch_op.drop_index(batch_op.f("ix_case_received_on"))
        batch_op.drop_index("ix_case_open")
        batch_op.drop_index("ix_case_assignee_open")

    op.drop_table("case")
    op.drop_table("audit_node")
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_event_case_token"))
        batch_op.drop_index(batch_op.f("ix_audit_event_at"))
        batch_op.drop_index(batch_op.f("ix_audit_event_actor"))
        batch_op.drop_index(batch_op.f("ix_audit_event_action"))

    op.drop_table("audit_event")
    op.drop_table("access_read")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_append_only()")
