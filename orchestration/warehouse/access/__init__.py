"""Who may do what in the database: as it was declared, as it stands, and the way back from one to the other.

A fact is a row (kind, object, name, value): the privileges of a role on a table, a policy, an owner. What was declared
lies in `ops.declared_access`: of tables and functions as the migrations left them, of marts as the dbt project has
them. Memberships, attributes of roles and what nobody may have are rules, which no record can lift.
Not here: making roles and logins (`warehouse.roles`), and the policies themselves (the migrations).
"""
