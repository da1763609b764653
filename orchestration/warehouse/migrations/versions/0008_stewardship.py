"""Stewards' acts, and the second person as a constraint: nobody decides on what is theirs, whatever the code does.

Every function raises `insufficient_privilege`. Sentences for persons, and the acts: `orchestration/stewardship/`.
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# What `core/states.py` has as its table; a test compares them.
UNMENDED = ("open", "acknowledged", "returned", "resubmitted")
TRANSITIONS = (
    ("open", "acknowledged"),
    ("open", "returned"), ("acknowledged", "returned"), ("resubmitted", "returned"),
    ("returned", "resubmitted"),
    *((state, to) for state in UNMENDED for to in ("fixed", "waived", "rejected")),
    ("fixed", "open"), ("waived", "open"), ("rejected", "open"),
    ("fixed", "waived"), ("waived", "fixed"),
)  # fmt: skip
REASONS = (
    "system_unavailable", "not_yet_collected", "being_corrected", "organisation_changed", "not_in_scope", "other",
)  # fmt: skip
RIGHTS = ("enter", "return", "approve", "sign", "object", "decide", "confirm", "publish", "audit")


def upgrade() -> None:
    op.execute(f"""
        alter table ops.person
            add column institution text,            -- null: of none in particular
            add column department text,             -- the one that its unit reports as
            add column is_active boolean not null default true,
            add check (rights <@ array{list(RIGHTS)})""")
    op.execute("""
        create table quality.transition (from_state text, to_state text, primary key (from_state, to_state))""")
    op.execute("revoke insert on quality.transition from pipeline")
    for pair in TRANSITIONS:
        op.execute("insert into quality.transition values ('{}', '{}')".format(*pair))
    for table in (WAIVER, OBJECTION, COUNTER_SIGNATURE, READING):
        op.execute(table)
    for is_one in ("decided_at is null", "is_approved and ended_at is null"):
        op.execute(f"create unique index on quality.waiver (issue) where {is_one}")
    op.execute("""
        create unique index on quality.objection (institution, quarter, framework, subject_code, item)
        where state = 'under_review'""")
    decision = "decided_by, decided_at, note"
    op.execute(f"grant update (is_approved, ended_at, {decision}) on quality.waiver to pipeline")
    op.execute(f"grant update (state, {decision}) on quality.objection to pipeline")
    op.execute("""
        alter table quality.issue
            add column series text,                 -- the fingerprint without the quarter
            add column owner text references ops.person,
            add column due_on date,
            add column escalated_at timestamptz,
            add column waiver bigint references quality.waiver""")
    op.execute("create index on quality.issue (series)")
    op.execute("create index on quality.issue (due_on) where state not in ('fixed', 'waived', 'rejected')")
    op.execute("""
        alter table quality.cell_decision
            add column decided_by text references ops.person,
            add column issue bigint references quality.issue,
            add column objection bigint references quality.objection""")
    op.execute(DEMAND)
    op.execute(ACTING)
    op.execute("grant execute on function quality.demand, quality.acting to pipeline")
    for name, table, when, declared, body in TRIGGERS:
        op.execute(f"""
            create function quality.{name}() returns trigger language plpgsql
            set search_path = pg_catalog, pg_temp
            as $body$
            declare
                acting ops.person;
                {declared}
            begin
                {body}
                return new;
            end $body$""")
        op.execute(f"""
            create trigger {name} {when} on quality.{table}
            for each row execute function quality.{name}()""")


WAIVER = f"""
    create table quality.waiver (
        id bigint generated always as identity primary key,
        issue bigint not null references quality.issue,
        reason_code text not null check (reason_code in {REASONS}),
        reason text not null check (btrim(reason) <> ''),
        last_quarter text not null check (last_quarter ~ '^[0-9]{{4}}Q[1-4]$'),
        asked_by text not null references ops.person,
        asked_at timestamptz not null default now(),
        decided_by text references ops.person check (decided_by <> asked_by),
        decided_at timestamptz,
        is_approved boolean,
        note text,
        ended_at timestamptz,                       -- when it ran out, or its issue was reopened
        check (num_nulls(decided_by, decided_at, is_approved) in (0, 3)),
        check (ended_at is null or is_approved)
    )"""
OBJECTION = """
    create table quality.objection (
        id bigint generated always as identity primary key,
        institution text not null,
        quarter text not null,
        framework text not null,
        subject_code text not null,
        item text not null,
        unit text not null,                         -- that objects: the subject, or an office-holder's
        department text not null,                   -- that reported
        reason text not null check (btrim(reason) <> ''),
        raised_by text not null references ops.person,
        raised_at timestamptz not null default now(),
        due_on date not null,                       -- to be decided by
        value double precision,
        denominator double precision,
        submission bigint not null references raw.submission,
        state text not null default 'under_review'
            check (state in ('under_review', 'upheld', 'dismissed', 'withdrawn')),
        decided_by text references ops.person,
        decided_at timestamptz,
        note text,
        check (decided_by <> raised_by or state = 'withdrawn'),
        check (num_nulls(decided_by, decided_at) = case when state = 'under_review' then 2 else 0 end)
    )"""
COUNTER_SIGNATURE = """
    create table quality.counter_signature (        -- of a department's own row, as these values
        institution text not null,
        quarter text not null,
        department text not null,
        framework text not null,
        subject_code text not null,
        values_hash text not null,
        signed_by text not null references ops.person,
        signed_at timestamptz not null default now(),
        primary key (institution, quarter, department, framework, subject_code, values_hash)
    )"""
READING = """
    create table quality.reading (                  -- of one point over all subjects, by its lead unit
        id bigint generated always as identity primary key,
        institution text not null,
        quarter text not null,
        framework text not null,
        indicator text not null,
        score_version text not null,
        verdict text not null check (verdict in ('signed', 'doubted')),
        note text check (note is not null or verdict = 'signed'),
        person text not null references ops.person,
        read_at timestamptz not null default now()
    )"""


DEMAND = """
    create function quality.demand(is_so boolean, what text) returns void language plpgsql
    set search_path = pg_catalog, pg_temp
    as $body$
    begin
        if is_so is not true then
            raise insufficient_privilege using message = what;
        end if;
    end $body$"""
ACTING = """
    create function quality.acting(who text, needed text, place text) returns ops.person language plpgsql
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
        return acting;
    end $body$"""

ISSUE_MOVES = """
    if tg_op = 'INSERT' then
        perform quality.demand(new.state in ('open', 'waived'), 'an issue begins open');
    elsif new.state <> old.state then
        perform quality.demand(
            exists (select from quality.transition where from_state = old.state and to_state = new.state),
            format('an issue does not go from %s to %s', old.state, new.state)
        );
    end if;
    if new.state = 'waived' and (old.state, old.waiver) is distinct from (new.state, new.waiver) then
        perform quality.demand(
            exists (
                select from quality.waiver join quality.issue as waived on waived.id = waiver.issue
                where
                    waiver.id = new.waiver and waiver.is_approved and waiver.ended_at is null
                    and waiver.last_quarter >= new.quarter
                    and (waived.id = new.id or waived.series = new.series and waived.quarter < new.quarter)
            ),
            'no approved waiver covers the issue'
        );
    end if;"""
WAIVER_ASKED = """
    perform quality.demand(num_nonnulls(new.decided_at, new.ended_at) = 0, 'a waiver begins undecided');
    select * into concerned from quality.issue where id = new.issue;
    acting := quality.acting(new.asked_by, 'enter', concerned.institution);
    perform quality.demand(
        concerned.department is null or acting.department = concerned.department,
        'a waiver is asked for by the department that reports'
    );"""
WAIVER_DECIDED = """
    if old.decided_at is not null then
        perform quality.demand(
            (old.decided_by, old.decided_at, old.is_approved, old.note)
            is not distinct from (new.decided_by, new.decided_at, new.is_approved, new.note),
            'a waiver is decided once'
        );
    elsif new.decided_at is not null then
        select * into concerned from quality.issue where id = new.issue;
        acting := quality.acting(new.decided_by, 'approve', concerned.institution);
        perform quality.demand(
            new.decided_by <> new.asked_by and (acting.department = concerned.department) is not true,
            'a waiver is decided by a second person of another department'
        );
    end if;"""
CELL_DECIDED = """
    if new.decision = 'not_applicable' then
        select * into concerned from quality.issue where id = new.issue;
        perform quality.demand(
            found and concerned.rule = 'not_applicable_claimed'
            and concerned.institution = new.institution and concerned.quarter = new.quarter,
            'a cell is not applicable by a claim of its department'
        );
        acting := quality.acting(new.decided_by, 'approve', concerned.institution);
        perform quality.demand(
            (acting.department = concerned.department) is not true, 'a claim is decided by another department'
        );
    else
        perform quality.demand(
            exists (
                select from quality.objection
                where
                    id = new.objection and state in ('under_review', 'upheld')
                    and (institution, quarter, framework, subject_code, item)
                    = (new.institution, new.quarter, new.framework, new.subject_code, new.item)
            ),
            'a cell is under review by an objection'
        );
    end if;"""
COUNTER_SIGNED = """
    acting := quality.acting(new.signed_by, 'sign', new.institution);
    perform quality.demand(acting.department <> new.department, 'an own row is signed by another department');"""
POINT_READ = """
    acting := quality.acting(new.person, 'sign', new.institution);
    perform quality.demand(
        acting.institution = new.institution and exists (
            select from ops.score_version join catalogue.indicators using (catalogue_hash)
            where
                score_version.score_version = new.score_version
                and (score_version.institution, score_version.quarter) = (new.institution, new.quarter)
                and (indicators.framework, indicators.code) = (new.framework, new.indicator)
                and indicators.lead_unit = acting.unit
        ),
        'a point is read by its lead unit'
    );"""
OBJECTION_RAISED = """
    acting := quality.acting(new.raised_by, 'object', new.institution);
    perform quality.demand(
        new.state = 'under_review' and acting.institution = new.institution and acting.unit = new.unit,
        'a unit objects through a person of its own'
    );"""
OBJECTION_DECIDED = """
    if old.state <> 'under_review' then
        perform quality.demand(
            (old.state, old.decided_by, old.decided_at, old.note)
            is not distinct from (new.state, new.decided_by, new.decided_at, new.note),
            'an objection is decided once'
        );
    elsif new.state = 'withdrawn' then
        acting := quality.acting(new.decided_by, 'object', new.institution);
        perform quality.demand(
            acting.institution = new.institution and acting.unit = new.unit,
            'an objection is withdrawn by the unit that raised it'
        );
    elsif new.state <> 'under_review' then
        acting := quality.acting(new.decided_by, 'decide', new.institution);
        perform quality.demand(
            new.decided_by <> new.raised_by and acting.unit <> new.unit
            and (acting.department = new.department) is not true,
            'an objection is decided by a third person'
        );
    end if;"""
CONCERNED = "concerned quality.issue;"
TRIGGERS = (  # `after insert`: a row met again is proposed for insertion first, in whatever state
    ("issue_begins", "issue", "after insert", "", ISSUE_MOVES),
    ("issue_moves", "issue", "before update of state, waiver", "", ISSUE_MOVES),
    ("waiver_asked", "waiver", "before insert", CONCERNED, WAIVER_ASKED),
    ("waiver_decided", "waiver", "before update", CONCERNED, WAIVER_DECIDED),
    ("cell_decided", "cell_decision", "before insert or update", CONCERNED, CELL_DECIDED),
    ("counter_signed", "counter_signature", "before insert", "", COUNTER_SIGNED),
    ("point_read", "reading", "before insert", "", POINT_READ),
    ("objection_raised", "objection", "before insert", "", OBJECTION_RAISED),
    ("objection_decided", "objection", "before update", "", OBJECTION_DECIDED),
)
