"""Who may do what with what.

| thing | used by | changed by | given to a group by | given to everyone by |
| --- | --- | --- | --- | --- |
| model, tool server | its audience | administrators | administrators | administrators |
| collection, assistant, prompt | its owner and its audience | its owner | its owner, if a member of the group or an administrator | its owner, if an administrator |
| group | its members see it | administrators; its managers its members | – | – |

Services ask the functions of `rules`. Statements that look through many rows have the same rule as SQL, from `conditions`;
tests/security/test_permissions.py holds both, and the API, against one table.
"""
