bulk-edit-step-change = What changes
bulk-edit-step-preview = Preview
bulk-edit-step-done = Result
bulk-edit-of-chosen = All selected records are changed.
bulk-edit-of-filter = All records that match the filter are changed.
bulk-edit-of-all = All records of this list are changed. Set a filter first to change only some.
bulk-edit-of-group = All records that the permission group “{ $group }” shows are changed.
bulk-edit-of-group-filter = All records that the permission group “{ $group }” shows and that match the filter are changed.
bulk-edit-field = Field
bulk-edit-how = What the field is set to
bulk-edit-value = A value
bulk-edit-formula = A formula
bulk-edit-nothing = Clear it
bulk-edit-formula-help = It reads each record as it is before the change, such as Amount * 1.1
bulk-edit-more = Another field
bulk-edit-take-out = Do not set this field
bulk-edit-no-field = Choose a field
bulk-edit-no-value = Enter a value, or choose to clear the field
bulk-edit-no-formula = Write a formula
bulk-edit-try = Preview
bulk-edit-trying = Checking what would happen; nothing is changed
bulk-edit-running = Changing records
bulk-edit-undoing = Undoing
bulk-edit-run = { $count ->
    [one] Change { $count } record
   *[other] Change { $count } records
}
bulk-edit-none = Nothing would change
bulk-edit-good = { $count ->
    [one] { $count } record can be changed. Nothing is changed yet.
   *[other] { $count } records can be changed. Nothing is changed yet.
}
bulk-edit-bad = { $count ->
    [one] { $count } record can’t be changed; the others can. Nothing is changed yet.
   *[other] { $count } records can’t be changed; the others can. Nothing is changed yet.
}
bulk-edit-matched = Records
bulk-edit-would-change = Would change
bulk-edit-would-fail = Can’t be changed
bulk-edit-changed = Changed
bulk-edit-unchanged = Already up to date
bulk-edit-failed = Failed
bulk-edit-failed-so-far = { $count ->
    [one] { $count } record could not be saved so far
   *[other] { $count } records could not be saved so far
}
bulk-edit-samples = The first records that change
bulk-edit-record = Record
bulk-edit-records = Records
bulk-edit-before = Before
bulk-edit-after = After
bulk-edit-reason = Why
bulk-edit-rows = { $count ->
    [one] { $count } row
   *[other] { $count } rows
}
bulk-edit-failures = Show { $count } of them
bulk-edit-first-failures = Only the first { $count } are shown.
bulk-edit-toast = { $count ->
    [one] { $count } record changed
   *[other] { $count } records changed
}
bulk-edit-undone = { $count ->
    [one] { $count } record is as it was
   *[other] { $count } records are as they were
}
bulk-edit-restored = As they were
bulk-edit-skipped = Changed since, not undone
bulk-edit-preview-cancelled = Cancelled. Nothing was changed.
bulk-edit-cancelled = Cancelled. What was changed until then stays; it can be undone.
bulk-edit-undo-cancelled = Cancelled. What was undone until then stays undone.
