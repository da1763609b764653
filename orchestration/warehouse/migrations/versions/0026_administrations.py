"""Three administrations beside a person's other rights; who enters never approves, who grants a login is named.

The database holds what it can judge: rights that go together, and that a membership is granted and ended by an
active person with the right `security`, or by the machine's operator while nobody has it there.
"""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

RIGHTS = (
    "enter", "return", "approve", "sign", "object", "decide", "confirm", "publish", "audit", "system", "security",
)  # fmt: skip


def upgrade() -> None:
    op.execute("alter table ops.person drop constraint person_rights_check")
    op.execute(f"""
        alter table ops.person
            add constraint person_rights_check check (rights <@ array{list(RIGHTS)}),
            add constraint person_two_administrations_check
                check (not rights @> array['system', 'security', 'audit']),
            add constraint person_enters_or_approves_check
                check (not (is_active and rights @> array['enter', 'approve'])) not valid""")
    for function in (ACTING, GRANTED):
        op.execute(function)
    op.execute("""
        create trigger granted before insert or update on ops.membership
        for each row execute function ops.membership_granted()""")


# As before; and one who was registered with both rights before that was refused does not approve either.
ACTING = """
    create or replace function quality.acting(who text, needed text, place text) returns ops.person
    language plpgsql
    set search_path = pg_catalog, pg_temp
    as $body$
    declare
        acting ops.person;
    begin
        select * into acting from ops.person
        where
            code = who and is_active and needed = any(rights)
            and (institution is null or place is null or institution = place);
        perform quality.demand(found, format('%s may not: %s', who, needed));
        perform quality.demand(
            needed <> 'approve' or 'enter' <> all(acting.rights), format('%s enters and never approves', who)
        );
        return acting;
    end $body$"""

# `qingyuan` is the operator of the machine: `warehouse/log.py`.
GRANTED = """
    create function ops.membership_granted() returns trigger language plpgsql
    set search_path = pg_catalog, pg_temp
    as $body$
    declare
        acting text := case when tg_op = 'INSERT' then new.granted_by else new.ended_by end;
    begin
        if tg_op = 'UPDATE' then
            perform quality.demand(
                old.ended_at is null
                and num_nulls(new.ended_by, new.ended_at) = 0
                and (old.login, old.role, old.institution, old.code, old.granted_by, old.granted_at)
                is not distinct from
                (new.login, new.role, new.institution, new.code, new.granted_by, new.granted_at),
                'a membership is ended once and never changed'
            );
        end if;
        perform quality.demand(
            case
                when acting = 'qingyuan' then not exists (
                    select from ops.person
                    where
                        is_active and 'security' = any(rights)
                        and (institution is null or new.institution is null or institution = new.institution)
                )
                else exists (
                    select from ops.person
                    where
                        code = acting and is_active and 'security' = any(rights)
                        and (institution is null or institution = new.institution)
                )
            end,
            format('%s does not administer security', acting)
        );
        return new;
    end $body$"""
