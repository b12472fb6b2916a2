fill-no-access = No access
fill-no-access-help = You may not see this record, or it was deleted
fill-drop-files = Drop files here
fill-faults = { $count ->
    [one] One thing needs attention
   *[other] { $count } things need attention
}
fill-row = row { $row }
fill-add-row = Add a row
fill-remove-row = Remove this row
fill-row-removed = Row { $row } removed
fill-paste-hint = Tab in the last cell adds a row; blocks paste from Excel
fill-file-download = Download
fill-computed = Computed by a formula
fill-serial-later = Given when saved
fill-total = Total
fill-no-rows = No rows
