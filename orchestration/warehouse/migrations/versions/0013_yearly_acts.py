"""Key tasks of a year with their reports, and the leading group's assessments: nobody decides on what is theirs.

A task's state follows from its last report, an assessment's from its signatures; neither is a column that could say
otherwise. Sentences for persons, and the acts: `orchestration/stewardship/`.
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SIGNATURES = 2


def upgrade() -> None:
    for statement in (KEY_TASK, REPORT, TASK_NOW, ASSESSMENT, SIGNATURE, ASSESSMENT_NOW):
        op.execute(statement)
    for column in ("decided_on is null", "is_accepted"):
        op.execute(f"create unique index on quality.key_task_report (institution, year, task) where {column}")
    register = "framework, point, lead_unit, due_on, name_zh, name_en, is_listed"
    op.execute(f"grant update ({register}) on quality.key_task to pipeline")
    op.execute(
        "grant update (decided_by, decided_on, is_accepted, note) on quality.key_task_report to pipeline"
    )
    for view in ("key_task_now", "assessment_now"):
        op.execute(f"revoke insert on quality.{view} from pipeline")
        op.execute(f"grant select on quality.{view} to mart_owner")
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
    op.execute("""
        create function quality.kept() returns trigger language plpgsql
        set search_path = pg_catalog, pg_temp
        as $body$
        begin
            raise insufficient_privilege using message = format('%s is never changed', tg_table_name);
        end $body$""")
    for table in ("assessment", "assessment_signature"):
        op.execute(f"""
            create trigger never_changed before update or delete or truncate on quality.{table}
            for each statement execute function quality.kept()""")


KEY_TASK = """
    create table quality.key_task (                 -- the register as it was last read
        institution text not null,
        year text not null check (year ~ '^[0-9]{4}$'),
        task text not null,
        framework text not null,
        point text not null,
        lead_unit text not null,
        due_on date not null,
        name_zh text not null,
        name_en text not null,
        is_listed boolean not null default true,    -- false: a later register has no such row
        primary key (institution, year, task)
    )"""
REPORT = """
    create table quality.key_task_report (
        id bigint generated always as identity primary key,
        institution text not null,
        year text not null,
        task text not null,
        document text not null check (btrim(document) <> ''),   -- its number in a system of record
        document_on date not null,
        unit text not null,                         -- that led the task when it reported
        reported_by text not null references ops.person,
        reported_on date not null check (document_on <= reported_on),
        decided_by text references ops.person check (decided_by <> reported_by),
        decided_on date check (decided_on >= reported_on),
        is_accepted boolean,
        note text,
        foreign key (institution, year, task) references quality.key_task,
        check (num_nulls(decided_by, decided_on, is_accepted) in (0, 3)),
        check (is_accepted is not false or coalesce(btrim(note), '') <> '')
    )"""
TASK_NOW = """
    create view quality.key_task_now as
    select
        key_task.institution, key_task.year, key_task.task, key_task.framework, key_task.point,
        key_task.lead_unit, key_task.due_on, key_task.name_zh, key_task.name_en,
        case
            when report.id is null then 'open'
            when report.decided_on is null then 'reported'
            when report.is_accepted then 'struck_off'
            else 'returned'
        end as state,
        report.document, report.document_on, report.reported_on,
        case when report.is_accepted then report.decided_on end as struck_off_on
    from quality.key_task
    left join lateral (
        select * from quality.key_task_report as own
        where (own.institution, own.year, own.task) = (key_task.institution, key_task.year, key_task.task)
        order by id desc
        limit 1
    ) as report on true
    where key_task.is_listed"""
ASSESSMENT = """
    create table quality.assessment (
        id bigint generated always as identity primary key,
        institution text not null,
        year text not null check (year ~ '^[0-9]{4}$'),
        framework text not null,
        subject_kind text not null check (subject_kind in ('institution', 'unit')),
        subject_code text not null,
        members text[] not null check (cardinality(members) > 0),   -- posts
        held_on date not null,
        band text not null,                         -- the group's own judgement
        machine_band text not null,                 -- the machine's, at that moment
        machine_score double precision,
        score_version text not null,
        reason text,
        recorded_by text not null references ops.person,
        recorded_on date not null check (held_on <= recorded_on),
        check (band = machine_band or coalesce(btrim(reason), '') <> '')
    )"""
SIGNATURE = f"""
    create table quality.assessment_signature (
        assessment bigint not null references quality.assessment,
        place smallint not null check (place between 1 and {SIGNATURES}),
        person text not null references ops.person,
        signed_on date not null,
        primary key (assessment, place),
        unique (assessment, person)
    )"""
ASSESSMENT_NOW = f"""
    create view quality.assessment_now as
    with signed as (
        select assessment as id, max(signed_on) as signed_on from quality.assessment_signature
        group by assessment
        having count(*) = {SIGNATURES}
    )
    select
        assessment.id as assessment, assessment.institution, assessment.year, assessment.framework,
        assessment.subject_kind, assessment.subject_code, array_to_string(assessment.members, ' ') as members,
        assessment.held_on, assessment.band, assessment.machine_band, assessment.machine_score,
        assessment.score_version, assessment.band = assessment.machine_band as is_agreed, assessment.reason,
        assessment.recorded_on, signed.signed_on,
        (select count(*)::integer from quality.assessment_signature where assessment = assessment.id) as signatures,
        case
            when exists (
                select from quality.assessment as later join signed on signed.id = later.id
                where
                    later.id > assessment.id
                    and (later.institution, later.year, later.framework, later.subject_kind, later.subject_code)
                    = (assessment.institution, assessment.year, assessment.framework, assessment.subject_kind,
                        assessment.subject_code)
            ) then 'superseded'
            when signed.id is null then 'recorded'
            else 'signed'
        end as state
    from quality.assessment
    left join signed on signed.id = assessment.id"""

# The task's lock makes a report and a decision on the one before wait for each other.
TAKE_TASK = """
    select * into concerned from quality.key_task
    where (institution, year, task) = (new.institution, new.year, new.task)
    for update;"""
TASK_REPORTED = f"""
    {TAKE_TASK}
    acting := quality.acting(new.reported_by, 'enter', new.institution);
    perform quality.demand(
        acting.institution = new.institution and acting.unit = concerned.lead_unit and new.unit = acting.unit,
        'a task is reported by the unit that leads it'
    );
    perform quality.demand(
        new.decided_on is null and concerned.is_listed and not exists (
            select from quality.key_task_report as own
            where
                (own.institution, own.year, own.task) = (new.institution, new.year, new.task)
                and own.is_accepted is not false
        ),
        'a task is reported while it is open or returned'
    );"""
TASK_DECIDED = f"""
    if old.decided_on is not null then
        perform quality.demand(
            (old.decided_by, old.decided_on, old.is_accepted, old.note)
            is not distinct from (new.decided_by, new.decided_on, new.is_accepted, new.note),
            'a report is decided once'
        );
    elsif new.decided_on is not null then
        {TAKE_TASK}
        acting := quality.acting(new.decided_by, 'approve', new.institution);
        perform quality.demand(
            new.decided_by <> new.reported_by and acting.unit not in (new.unit, concerned.lead_unit),
            'a report is decided by a second person of another unit'
        );
    end if;"""
ASSESSED = """
    acting := quality.acting(new.recorded_by, 'confirm', new.institution);
    perform quality.demand(
        not exists (
            select from unnest(new.members) as member
            where not exists (
                select from catalogue.posts where posts.institution = new.institution and posts.code = member
            )
        ),
        'members are posts of the institution'
    );"""
SIGNED = """
    select * into strict concerned from quality.assessment where id = new.assessment;
    acting := quality.acting(new.person, 'confirm', concerned.institution);
    perform pg_advisory_xact_lock(hashtext('qingyuan assessment'), hashtext(concat_ws(
        ' ', concerned.institution, concerned.year, concerned.framework, concerned.subject_kind,
        concerned.subject_code
    )));
    perform quality.demand(
        not exists (select from quality.assessment_now where assessment = new.assessment and state = 'superseded'),
        'a later assessment of the subject has been signed'
    );"""
TASK, OF_SUBJECT = "concerned quality.key_task;", "concerned quality.assessment;"
TRIGGERS = (
    ("task_reported", "key_task_report", "before insert", TASK, TASK_REPORTED),
    ("task_decided", "key_task_report", "before update", TASK, TASK_DECIDED),
    ("assessed", "assessment", "before insert", "", ASSESSED),
    ("signed", "assessment_signature", "before insert", OF_SUBJECT, SIGNED),
)
