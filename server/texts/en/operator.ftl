# What to do when a command was refused: it stands behind the reason, on the same line
next-administrator = Run “formwork admin create” again with another address, name or password; “formwork admin create --help” tells of each.
next-workspace = Run “formwork workspace create” again with another name, zone or currency; “formwork workspace create --help” tells of each.
next-template = “formwork template list” prints the templates; those with a * are installed.
next-token = Run “formwork token create” again with the address of an active member; “formwork token create --help” tells of the rest.

# What “formwork migrate-to” says
move-examining = Looking at what is copied from …
move-copied = { $done }/{ $of } { $table }: { $rows } rows
move-proving = Comparing both databases, and looking at the copy …
move-equal = equal
move-different = DIFFERENT from
move-differs = The copy is not proved, and no server starts on it. What it was copied from is as it was: start “formwork serve” on that, or run “formwork migrate-to” again, which begins anew.
move-found-before = Not as it should be, before as now:
move-proved = Both databases hold the same: { $tables } tables, { $rows } rows. Forms, aggregate tables, requests and the audit trail were looked at in the copy.
move-next = Next: start “formwork serve” with --database and the address that you gave here (or FORMWORK_DATABASE, or “database” in formwork.toml), and the same data folder: attachments and the key stay in it. What was copied from is as it was; put it away once the new database has proved itself, so that nobody goes on in both.
