grid-new = New
grid-filter = Filter
grid-columns = Columns
grid-columns-hidden = { $count } hidden
grid-count = { $number ->
    [one] { $count } record
   *[other] { $count } records
}
grid-count-about = about { $count } records
grid-count-left = { $number ->
    [one] { $count } record
   *[other] { $count } records
}
grid-count-of = { $left } of { $all }
grid-count-of-about = { $left } of about { $all }
grid-empty = Nothing here yet
grid-empty-text = Create the first record, or import a table.
grid-empty-create = Create the first record.
grid-empty-import = Import a table to begin with.
grid-empty-reader = No records to see yet
grid-empty-reader-text = You may read this list, but not add to it. Records show here as soon as somebody adds one that you may see.
grid-nothing-found = No record matches the filter
grid-clear-filter = Clear the filter
grid-search = Search this list
grid-nothing-found-for = Nothing found for “{ $words }”
grid-clear-search = Clear the search
grid-open = Open as a page
grid-design = Design
grid-import = Import
grid-export = Export
grid-record-before = Record before
grid-record-after = Next record
grid-no-record-before = This is the first
grid-no-record-after = This is the last
grid-sort = Sort
grid-sort-by = Sort by
grid-sort-up = Ascending
grid-sort-down = Descending
grid-sort-hint = Click to sort; with Shift by several columns
grid-total = Total
grid-total-of = { $total } { $value }
grid-total-mixed = several currencies
grid-total-none = None
grid-total-sum = Sum
grid-total-avg = Average
grid-total-min = Minimum
grid-total-max = Maximum
grid-total-count = Count
grid-record-details = Details
grid-row-locked = You may not change this record
grid-clear-sort = Clear the sorting
grid-more = More for this list
grid-drafts = My drafts
grid-drafts-empty = No drafts
grid-drafts-empty-text = What you save as a draft of this list lies here until you submit it.
grid-draft-saved = Saved { $at }
grid-bin = Recycle bin
grid-bin-empty = The recycle bin is empty
grid-bin-empty-text = Deleted records of this list lie here for some time, and can be brought back.
grid-bin-deleted = Deleted { $at }
grid-bin-deleted-by = Deleted by { $who }, { $at }
grid-bin-restore = Restore
grid-bin-restored = Restored
grid-left-behind = { $count ->
    [one] One record that went with it could not be brought back as it was.
   *[other] { $count } records that went with it could not be brought back as they were.
}
grid-bulk-edit = Edit all these records
grid-bin-empty-it = Empty the recycle bin
grid-bin-empty-question = Delete everything in this recycle bin for good?
grid-bin-emptied = { $count ->
    [one] { $count } record deleted for good
   *[other] { $count } records deleted for good
}
grid-all-groups = All data that I may see
grid-clear-group = Show everything that I may see
grid-group = Permission group
grid-choose = Select records
grid-choose-row = Select record { $number }
grid-choose-all = Select all records
grid-choose-these = Select all { $count }
grid-choose-none = Select none
grid-choose-first = Select records first
grid-choose-most = At most { $count } records can be selected one by one. The box at the top selects all that match the filter.
grid-chosen = { $count } selected
grid-chosen-tools = Actions for the selected records
grid-chosen-edit = Edit
grid-chosen-delete = Delete
grid-give-question = { $number ->
    [one] Give { $count } record to somebody else
   *[other] Give { $count } records to somebody else
}
grid-give-text = They lie in the department of their new owner from then on.
grid-give-most = At most { $count } records can be given at once. Filter for fewer.
grid-given = { $count ->
    [one] { $count } record is { $name }’s now
   *[other] { $count } records are { $name }’s now
}
grid-give-refused = { $count ->
    [one] { $count } record could not be given: { $reason }
   *[other] { $count } records could not be given: { $reason }
}
grid-delete-question = { $number ->
    [one] Delete { $count } record?
   *[other] Delete { $count } records?
}
grid-delete-text = They go to the recycle bin of this list, from where they can be brought back.
grid-delete-running = Approvals of theirs that are running end.
grid-delete-most = At most { $count } records can be deleted at once. Filter for fewer.
grid-deleting = { $done } of { $count } are through
grid-deleted = { $count ->
    [one] { $count } record deleted
   *[other] { $count } records deleted
}
grid-delete-refused = { $count ->
    [one] { $count } record could not be deleted: { $reason }
   *[other] { $count } records could not be deleted: { $reason }
}
grid-restored = { $count ->
    [one] { $count } record restored
   *[other] { $count } records restored
}
grid-restore-refused = { $count ->
    [one] { $count } record could not be restored: { $reason }
   *[other] { $count } records could not be restored: { $reason }
}
grid-bin-choose = Select { $name }
grid-bin-choose-all = Select all
grid-bin-restore-chosen = Restore selected ({ $count })
grid-cells = Cells of the list
grid-cell-label = { $column }, row { $row }: { $value }
grid-cell-where = { $column }, row { $row }:
grid-cell-pending = Being saved
grid-cell-computed = This cell is computed and can’t be typed into
grid-cell-fixed = You may not change this cell
grid-cell-gone = Somebody deleted this record meanwhile
grid-cell-theirs = Somebody else changed this cell meanwhile
grid-cell-theirs-is = Somebody else saved “{ $value }” here meanwhile.
grid-cell-emptied = Somebody else emptied this cell meanwhile.
grid-cell-mine = Keep mine
grid-cell-take-theirs = Take theirs
grid-cell-give-up = Put the saved value back
grid-cell-sign = Press: { $what }
grid-cell-go = Go there
grid-cells-give-up = Put all { $count } back
grid-cells-fixed = { $count ->
    [one] { $count } cell can’t be changed and stayed as it is
   *[other] { $count } cells can’t be changed and stayed as they are
}
grid-cells-most = At most { $count } cells at once
grid-copied = { $count } rows copied
grid-list-changed = The list has changed meanwhile. Please try again.
grid-nothing-to-undo = Nothing to undo
grid-nothing-to-redo = Nothing to redo
grid-rows-added = { $count ->
    [one] { $count } record added
   *[other] { $count } records added
}
grid-rows-may-not = You may not add records: { $count } rows were left out
grid-rows-refused = { $count ->
    [one] { $count } row was not added: { $reason }
   *[other] { $count } rows were not added: { $reason }
}
grid-rows-copy = Copy them
grid-saved = Saved { $at }
grid-saving = { $done } of { $count } cells
grid-saving-cells = Cells that are saved
grid-saving-stop = Stop
grid-published = This form has just been changed.
grid-published-load = Load the new version
grid-rows-need-people = whoever submits says who decides. Fill them in one by one.
