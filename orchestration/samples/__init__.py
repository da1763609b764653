"""Sample deliveries: real workbooks of a fictional school, as seven departments would make them.

Figures by hashing, a story in `story.yml`, ways of making a file in `habits.yml`. Nothing is scored here.
"""
