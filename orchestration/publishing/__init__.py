"""What people read: frozen page models, drawn by Jinja2 templates and openpyxl. Reads marts only.

Not here: figures (dbt), texts (`report_templates/messages/`), the portal.
"""
