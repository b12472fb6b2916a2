import-title = Import into { $form }
import-step-file = File
import-step-columns = Columns
import-step-check = Check
import-step-done = Done
import-drop = Drop an Excel or CSV file here
import-file-help = The first row names the columns. Excel workbooks (.xlsx), CSV in UTF-8, GB18030 or Big5, and lists in JSON are read.
import-no-workbooks = This kind of workbook can’t be read. Save it as .xlsx or CSV and drop that file.
import-reading = Reading the file
import-file-rows = { $file }, { $count ->
    [one] { $count } row
   *[other] { $count } rows
}
import-column = Column in the file
import-samples = First values
import-field = Field
import-field-of = Field for column { $column }
import-leave-out = Leave out
import-mode = Records that are there already
import-mode-create = Add only
import-mode-update = Update only
import-mode-upsert = Update or add
import-mode-create-help = Every row becomes a new record.
import-mode-update-help = Records are found by the key fields and updated; rows without a match are refused.
import-mode-upsert-help = Records are found by the key fields and updated; rows without a match are added.
import-key = Key fields
import-key-help = A row and a record belong together when all of these are equal.
import-nothing-mapped = Choose a field for at least one column.
import-no-key = Choose the key fields by which records are found.
import-required-missing = Required, but no column is chosen for: { $fields }
import-back = Back
import-check = Check
import-checking = Checking; nothing is stored yet
import-check-good = { $count ->
    [one] The row can be imported.
   *[other] All { $count } rows can be imported.
}
import-check-some = { $count ->
    [one] One row has a fault and will be left out; the others can be imported.
   *[other] { $count } rows have faults and will be left out; the others can be imported.
}
import-check-bad = { $count ->
    [one] No row can be imported: the only one has a fault.
   *[other] No row can be imported: { $count } have faults.
}
import-check-nothing = Nothing would change: { $count ->
    [one] the row equals its record.
   *[other] { $count } rows equal their records.
}
import-would-create = To be added
import-would-update = To be updated
import-created = Added
import-updated = Updated
import-unchanged = Unchanged
import-refused = With faults
import-line = Line
import-value = Value in the file
import-reason = What is wrong
import-lines-all = { $count } rows: { $lines }
import-lines-first = { $count } rows: { $lines } …
import-first-faults = The { $count } most frequent ones are listed; the file has all of them.
import-error-file = Download the rows with faults
import-refused-so-far = { $count ->
    [one] { $count } row with a fault so far
   *[other] { $count } rows with faults so far
}
import-run = Import { $count ->
    [one] { $count } row
   *[other] { $count } rows
}
import-running = Importing
import-busy = Wait until it is done, or cancel it
import-nothing-to-do = There is nothing to import
import-toast = { $count ->
    [one] { $count } record imported
   *[other] { $count } records imported
}
import-cancelled = Cancelled. What was imported until then stays.
import-failed = It did not finish. Try again.
import-close = Done
sheet-fields = Fields
sheet-fields-help = Types are guessed from the values; change what is wrong and untick what is not needed.
sheet-misfits = { $count ->
    [one] One value does not fit: “{ $value }” in line { $line }. Its row is left out.
   *[other] { $count } values do not fit, the first is “{ $value }” in line { $line }. Their rows are left out.
}
sheet-rows = { $count ->
    [one] { $count } row
   *[other] { $count } rows
}
sheet-label = Name
sheet-kind = Type
sheet-taken = Taken
sheet-take = Take column { $column }
sheet-label-of = Name of { $column }
sheet-kind-of = Type of { $column }
sheet-nameless-field = Every field needs a name.
sheet-field-fault = { $field }: { $fault }
sheet-create = Create and import { $count ->
    [one] { $count } row
   *[other] { $count } rows
}
sheet-open-form = Open the form
import-start-flow = Start the flow for every new record
import-encoding = The file was read as { $encoding }. If letters look wrong, save it as UTF-8 and choose it again.
import-sheet = Sheet
import-undo = Undo this import
import-undoing = Undoing
import-undo-cancelled = Cancelled. What was undone until then stays undone.
import-undone-deleted = Moved to the bin
import-undone-restored = As before again
import-undone-kept = Not undone
export-title = Export { $form }
export-format = Format
export-xlsx = Excel
export-csv = CSV
export-json = JSON
export-xlsx-help = Numbers stay numbers and dates stay dates.
export-csv-help = UTF-8 with commas; any program reads it.
export-json-help = For programs: fields by their codes.
export-fields = Fields
export-view = This view
export-all = All fields
export-filtered = The records that the filter shows, in the order of the list.
export-unfiltered = All records that you may see, in the order of the list.
export-group = The records that the permission group “{ $group }” shows, in the order of the list.
export-group-filtered = The records of the permission group “{ $group }” that the filter shows, in the order of the list.
export-labels = Names of fields, choices and linked records instead of codes
export-start = Export
export-running = Exporting
export-cancelled = Cancelled. There is no file.
export-ready = { $count ->
    [one] { $count } record is in the file.
   *[other] { $count } records are in the file.
}
export-cut = { $count ->
    [one] One text was too long for a cell and was cut.
   *[other] { $count } texts were too long for a cell and were cut.
}
export-download = Download { $name }
