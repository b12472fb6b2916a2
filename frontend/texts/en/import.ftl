import-title = Import into { $form }
import-step-file = File
import-step-columns = Columns
import-step-check = Check
import-step-done = Done
import-drop = Drop a CSV file here
import-file-help = The first line names the columns. UTF-8, GB18030 and Big5 are read. Save an Excel workbook as CSV first.
import-no-workbooks = This is a workbook. Save it in Excel as CSV and drop that file.
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
import-first-faults = The first { $count } are listed.
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
sheet-fields-help = Kinds are guessed from the values; change what is wrong and untick what is not needed.
sheet-misfits = { $count ->
    [one] One value does not fit: “{ $value }” in line { $line }. Its row is left out.
   *[other] { $count } values do not fit, the first is “{ $value }” in line { $line }. Their rows are left out.
}
sheet-rows = { $count ->
    [one] { $count } row
   *[other] { $count } rows
}
sheet-label = Name
sheet-kind = Kind
sheet-take = Take column { $column }
sheet-label-of = Name of { $column }
sheet-kind-of = Kind of { $column }
sheet-nameless-field = Every field needs a name.
sheet-field-fault = { $field }: { $fault }
sheet-create = Create and import { $count ->
    [one] { $count } row
   *[other] { $count } rows
}
sheet-open-form = Open the form
import-start-flow = Start the flow for every new record
