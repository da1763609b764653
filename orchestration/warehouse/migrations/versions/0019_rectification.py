"""Rectification tasks: every step is an inserted row, which the database judges and carries out itself.

The pipeline may insert a task and its steps and change neither; a task's state, dates and persons are written by
the trigger of its steps. Sentences for persons, and the acts: `orchestration/stewardship/rectification/`.
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

# What `core/rectification.py` has as its table; a test compares them.
OPEN = ("assigned", "in_progress", "submitted", "rechecked", "returned")
TRANSITIONS = (
    ("start", "assigned", "in_progress"), ("start", "returned", "in_progress"),
    ("submit", "in_progress", "submitted"), ("submit", "returned", "submitted"),
    ("recheck", "submitted", "rechecked"),
    ("strike", "rechecked", "struck_off"),
    ("return", "submitted", "returned"), ("return", "rechecked", "returned"),
    *((act, state, state) for act in ("extend", "approve", "refuse", "consult", "raise") for state in OPEN),
)  # fmt: skip
SOURCES = ("warning", "diagnosis", "inspection", "audit", "supervision", "hand")
# No person and no person's words: marts have neither.
READABLE = {
    "rectification": (
        "id, institution, framework, unit, indicator, severity, severity_rank, source, source_ref,"
        " supervision_mode, task, measure, responsible_post, state, opened_at, opened_on, due_on, original_due_on,"
        " asked_due_on, submitted_on, document, document_on, rechecked_on, struck_off_on, extensions,"
        " consultations, needs_consultation"
    ),
    "rectification_step": (
        "id, rectification, act, from_state, to_state, unit, at, done_on, document, document_on, due_on, severity,"
        " held_on, units, conclusion"
    ),
}


def upgrade() -> None:
    op.execute("""
        create table quality.rectification_move (
            act text, from_state text, to_state text, primary key (act, from_state)
        )""")
    op.execute("revoke insert on quality.rectification_move from pipeline")
    for triple in TRANSITIONS:
        op.execute("insert into quality.rectification_move values ('{}', '{}', '{}')".format(*triple))
    for statement in (RECTIFICATION, STEP):
        op.execute(statement)
    open_ones = "where state <> 'struck_off'"
    matter = "institution, framework, unit, indicator"
    op.execute(
        f"create unique index on quality.rectification ({matter}) nulls not distinct"
        f" {open_ones} and source = 'warning'"
    )
    op.execute(f"create index on quality.rectification ({matter}) {open_ones}")
    op.execute("create index on quality.rectification_step (rectification)")
    for act in ("open", "strike"):
        op.execute(f"create unique index on quality.rectification_step (rectification) where act = '{act}'")
    for table, columns in READABLE.items():
        op.execute(f"grant select ({columns}) on quality.{table} to mart_owner")
        op.execute(f"alter table quality.{table} enable row level security")
        op.execute(f"create policy pipeline_all on quality.{table} to pipeline using (true) with check (true)")
    op.execute(f"create policy marts_read on quality.rectification for select to mart_owner using ({READS})")
    op.execute("""
        create policy marts_read on quality.rectification_step for select to mart_owner using (
            exists (select from quality.rectification as task where task.id = rectification)
        )""")
    for name, table, when, declared, body in TRIGGERS:
        op.execute(f"""
            create function quality.{name}() returns trigger language plpgsql security definer
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
    op.execute("""
        create trigger never_changed before update or delete or truncate on quality.rectification_step
        for each statement execute function quality.kept()""")


RECTIFICATION = f"""
    create table quality.rectification (
        id bigint generated always as identity primary key,
        institution text not null,
        framework text,
        unit text not null,                         -- that is responsible
        indicator text,
        severity text not null,                     -- a band's code
        severity_rank smallint not null,            -- its rank: a task only grows graver
        needs_consultation boolean not null,        -- the gravest band: none is struck off without one
        source text not null check (source in {SOURCES}),
        source_ref text,
        supervision_mode text check (supervision_mode is not null or source <> 'supervision'),
        task text not null check (btrim(task) <> ''),
        measure text check (btrim(measure) <> ''),
        responsible_post text,                      -- by portfolio; a post, never a person
        state text not null default 'assigned' check (state in {(*OPEN, "struck_off")}),
        opened_by text references ops.person,       -- null: opened by a warning
        opened_at timestamptz not null default now(),
        opened_on date not null,
        due_on date not null check (due_on >= opened_on),
        original_due_on date not null,
        asked_due_on date,                          -- of an extension not yet decided on
        asked_by text references ops.person,
        submitted_by text references ops.person,
        submitted_on date,
        document text check (btrim(document) <> ''),    -- its number in a system of record
        document_on date check (document_on <= submitted_on),
        rechecked_by text references ops.person check (rechecked_by <> submitted_by),
        rechecked_on date check (rechecked_on >= submitted_on),
        struck_off_by text references ops.person check (struck_off_by not in (submitted_by, rechecked_by)),
        struck_off_on date check (struck_off_on >= rechecked_on),
        extensions integer not null default 0,
        consultations integer not null default 0,
        last_on date not null,                      -- of the last step
        check ((opened_by is null) = (source = 'warning')),
        check (num_nulls(asked_due_on, asked_by) in (0, 2)),
        check (num_nulls(submitted_by, submitted_on, document, document_on) in (0, 4)),
        check (
            num_nulls(rechecked_by, rechecked_on) = case when state in ('rechecked', 'struck_off') then 0 else 2 end
        ),
        check (num_nulls(struck_off_by, struck_off_on) = case when state = 'struck_off' then 0 else 2 end),
        check (submitted_by is not null or state in ('assigned', 'in_progress')),
        check (state <> 'struck_off' or consultations > 0 or not needs_consultation)
    )"""
STEP = """
    create table quality.rectification_step (
        id bigint generated always as identity primary key,
        rectification bigint not null references quality.rectification,
        act text not null,
        from_state text,                            -- this and the next two are filled in by the trigger
        to_state text not null,
        unit text,                                  -- of the person
        person text references ops.person,
        at timestamptz not null default now(),
        done_on date not null,                      -- the day in the office
        note text check (btrim(note) <> ''),
        measure text check (btrim(measure) <> ''),
        document text check (btrim(document) <> ''),
        document_on date check (document_on <= done_on),
        due_on date,
        severity text,
        severity_rank smallint,
        needs_consultation boolean,
        held_on date check (held_on <= done_on),
        units text[] check (cardinality(units) > 1),
        conclusion text check (btrim(conclusion) <> '' and conclusion !~ '[\\n\\r]'),
        check (num_nulls(document, document_on) = case when act = 'submit' then 0 else 2 end),
        check (num_nulls(held_on, units, conclusion) = case when act = 'consult' then 0 else 3 end),
        check (
            num_nulls(severity, severity_rank, needs_consultation)
            = case when act in ('open', 'raise') then 0 else 3 end
        ),
        check ((due_on is null) = (act not in ('open', 'raise', 'extend', 'approve'))),
        check (measure is null or act in ('open', 'start')),
        check (note is not null or act not in ('return', 'extend', 'refuse'))
    )"""
READS = """
    current_user in ('pipeline', 'owner') or framework is null
    or not exists (
        select 1 from catalogue.frameworks as frameworks
        where frameworks.code = rectification.framework and frameworks.subject_kind = 'office_holder'
    )"""

OPENED = """
    if new.opened_by is not null then
        acting := quality.acting(new.opened_by, 'approve', new.institution);
    end if;
    perform quality.demand(
        new.state = 'assigned' and new.original_due_on = new.due_on and new.last_on = new.opened_on
        and num_nonnulls(new.asked_due_on, new.submitted_on, new.rechecked_on, new.struck_off_on) = 0
        and (new.extensions, new.consultations) = (0, 0),
        'a task begins assigned'
    );"""
OPENED_STEP = """
    select * into acting from ops.person where code = new.opened_by;
    insert into quality.rectification_step
        (rectification, act, to_state, unit, person, at, done_on, measure, due_on, severity, severity_rank,
            needs_consultation)
    values (
        new.id, 'open', new.state, acting.unit, new.opened_by, new.opened_at, new.opened_on, new.measure, new.due_on,
        new.severity, new.severity_rank, new.needs_consultation
    );"""
# The task's lock makes two steps wait for each other: the second finds the state that the first left.
STEPPED = """
    select * into concerned from quality.rectification where id = new.rectification for no key update;
    perform quality.demand(found, 'a step is of a task');
    if new.act = 'open' then  -- written by the task's own trigger; a unique index refuses a second
        return new;
    end if;
    select to_state into reached from quality.rectification_move
    where act = new.act and from_state = concerned.state;
    perform quality.demand(found, format('a task does not %s from %s', new.act, concerned.state));
    perform quality.demand(new.done_on >= concerned.last_on, 'a step is not before the last one');
    new.from_state := concerned.state;
    new.to_state := reached;
    new.at := clock_timestamp();
    if new.act = 'raise' then
        perform quality.demand(
            new.person is null and new.severity_rank > concerned.severity_rank and new.due_on <= concerned.due_on,
            'a task only grows graver, and is due no later'
        );
    elsif new.act in ('start', 'submit', 'extend') then
        acting := quality.acting(new.person, 'enter', concerned.institution);
        perform quality.demand(
            acting.institution = concerned.institution and acting.unit = concerned.unit,
            'a task is mended by the unit that is responsible'
        );
    else
        acting := quality.acting(new.person, 'approve', concerned.institution);
        perform quality.demand(acting.unit <> concerned.unit, 'a task is judged by another unit');
    end if;
    new.unit := acting.unit;
    if new.act in ('recheck', 'strike') then
        perform quality.demand(
            not exists (
                select from quality.rectification_step as earlier
                where earlier.rectification = new.rectification and earlier.act = 'submit'
                    and earlier.person = new.person
            ) and (new.act = 'recheck' or new.person <> concerned.rechecked_by),
            'a task is struck off by a second person, who neither submitted nor re-checked it'
        );
        perform quality.demand(
            new.act = 'recheck' or not concerned.needs_consultation or concerned.consultations > 0,
            'a grave task is struck off after a consultation'
        );
    elsif new.act = 'extend' then
        perform quality.demand(
            concerned.asked_by is null and new.done_on <= concerned.due_on and new.due_on > concerned.due_on,
            'an extension is asked for before the deadline'
        );
    elsif new.act in ('approve', 'refuse') then
        perform quality.demand(concerned.asked_by <> new.person, 'an extension is decided by a second person');
        perform quality.demand(
            new.act = 'refuse' or new.done_on <= concerned.due_on and new.due_on = concerned.asked_due_on,
            'an extension is approved before the deadline'
        );
    end if;"""
STEP_DONE = """
    if new.act = 'open' then
        return new;
    end if;
    update quality.rectification as task set
        state = new.to_state,
        last_on = new.done_on,
        measure = coalesce(new.measure, task.measure),
        severity = coalesce(new.severity, task.severity),
        severity_rank = coalesce(new.severity_rank, task.severity_rank),
        needs_consultation = task.needs_consultation or coalesce(new.needs_consultation, false),
        due_on = case when new.act in ('approve', 'raise') then new.due_on else task.due_on end,
        asked_due_on = case when new.act = 'extend' then new.due_on
            when new.act not in ('approve', 'refuse') then task.asked_due_on end,
        asked_by = case when new.act = 'extend' then new.person
            when new.act not in ('approve', 'refuse') then task.asked_by end,
        submitted_by = case when new.act = 'submit' then new.person else task.submitted_by end,
        submitted_on = case when new.act = 'submit' then new.done_on else task.submitted_on end,
        document = case when new.act = 'submit' then new.document else task.document end,
        document_on = case when new.act = 'submit' then new.document_on else task.document_on end,
        rechecked_by = case when new.act = 'recheck' then new.person
            when new.to_state in ('rechecked', 'struck_off') then task.rechecked_by end,
        rechecked_on = case when new.act = 'recheck' then new.done_on
            when new.to_state in ('rechecked', 'struck_off') then task.rechecked_on end,
        struck_off_by = case when new.act = 'strike' then new.person end,
        struck_off_on = case when new.act = 'strike' then new.done_on end,
        extensions = task.extensions + cast(new.act = 'approve' as integer),
        consultations = task.consultations + cast(new.act = 'consult' as integer)
    where task.id = new.rectification;"""
MOVING = "concerned quality.rectification; reached text;"
TRIGGERS = (
    ("rectification_opened", "rectification", "before insert", "", OPENED),
    ("rectification_told", "rectification", "after insert", "", OPENED_STEP),
    ("rectification_stepped", "rectification_step", "before insert", MOVING, STEPPED),
    ("rectification_moved", "rectification_step", "after insert", "", STEP_DONE),
)
