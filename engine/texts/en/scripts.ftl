# What scripts are offered
script-topic-given = Given to every script
script-topic-reading = Reading
script-topic-writing = Writing
script-topic-ending = Refusing and telling
script-topic-around = What surrounds the save
script-topic-values = Numbers and lists
script-fn-record = The record that is saved. record.field reads a field, record.field = value sets one that is marked as set by scripts. Rows of a sub-form are a list.
script-fn-old = The record as it was before; () for a new one.
script-fn-get = The record of a form with this id; () where it is gone. Nobody changes it until the save ends.
script-fn-find = The records of a form that meet what the second argument says: fields that are equal, or a condition. #{"{"}aggregate: "key"{"}"} in the place of the form reads an aggregate table.
script-fn-first = The first record that find would give; () where there is none.
script-fn-count = How many records there are, exactly.
script-fn-sum = The exact sum of a field over records.
script-fn-aggregate = The group of an aggregate table with these dimensions, as it was before this save; () where there is none. group["dimension.field"] reads behind a link.
script-fn-create = Makes a record, held to all rules of its form; gives its id. It starts the form’s flow, unless it says not to.
script-fn-update = Changes fields of a record, held to all rules of its form.
script-fn-remove = Puts a record into the recycle bin.
script-fn-refuse = Ends the save with a code, whose words stand in the package: 409 for how things stand, 422 where the input is wrong. Nothing is stored.
script-fn-log = Tells a value to who tries the script out. In a save it does nothing.
script-fn-param = A parameter of the app.
script-fn-today = The day of the save, in the zone of the workspace.
script-fn-now = The moment of the save.
script-fn-user = The id of whoever saves; () where it is the product itself.
script-fn-round = Rounds half away from zero.
script-fn-split = Splits a total by shares so that the parts add up to it exactly.
script-fn-len = How many items a list has, or characters a text.
script-fn-contains = Whether a list has a value, or a map an entry.
