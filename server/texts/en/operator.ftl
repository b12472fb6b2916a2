# What to do when a command was refused: it stands behind the reason, on the same line
next-administrator = Run “formwork admin create” again with another address, name or password; “formwork admin create --help” tells of each.
next-workspace = Run “formwork workspace create” again with another name, zone or currency; “formwork workspace create --help” tells of each.
next-template = “formwork template list” prints the templates; those with a * are installed.
next-token = Run “formwork token create” again with the address of an active member; “formwork token create --help” tells of the rest.
