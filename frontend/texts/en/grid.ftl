grid-new = New
grid-filter = Filter
grid-columns = Columns
grid-count = { $number ->
    [one] { $count } record
   *[other] { $count } records
}
grid-count-about = about { $count } records
grid-empty = Nothing here yet
grid-empty-text = Make the first record, or import a table.
grid-empty-create = Make the first record.
grid-empty-import = Import a table to begin with.
grid-empty-reader = No records to see yet
grid-empty-reader-text = You may read this list, but not add to it. Records show here as soon as somebody adds one that you may see.
grid-nothing-found = No record matches the filter
grid-clear-filter = Clear the filter
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
grid-bin = Recycle bin
grid-bin-empty = The recycle bin is empty
grid-bin-empty-text = Deleted records of this list lie here for some time, and can be brought back.
grid-bin-deleted = Deleted { $at }
grid-bin-deleted-by = Deleted by { $who }, { $at }
grid-bin-restore = Restore
grid-bin-restored = Restored
grid-bulk-edit = Change all these records
grid-bin-empty-it = Empty the recycle bin
grid-bin-empty-question = Delete everything in this recycle bin for good?
grid-bin-emptied = { $count ->
    [one] { $count } record deleted for good
   *[other] { $count } records deleted for good
}
grid-all-groups = All data that I may see
grid-group = Permission group
