"""Documents in any form: what stands on them (`model`), drawn as HTML, DOCX, PDF, and their figures as XLSX.

Not here: what a diagnosis or a report says (`publishing.diagnosis`, `publishing.annual`), where files go.
"""
