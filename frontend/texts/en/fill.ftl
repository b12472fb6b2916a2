fill-no-access = No access
fill-no-access-help = You may not see this record, or it was deleted
fill-choices-closed = You may not see the records to choose from. Ask who manages this app.
fill-drop-files = Drop files here
fill-faults = { $count ->
    [one] One thing needs attention
   *[other] { $count } things need attention
}
fill-cannot-save = This can't be saved now
fill-cannot-submit = This can't be submitted now
fill-cannot-approve = This can't be approved now
fill-stuck-reject-or-return = Nothing here can fix it: you can reject it, or return it with your reason.
fill-stuck-reject = Nothing here can fix it: you can reject it with your reason.
fill-stuck-return = Nothing here can fix it: you can return it with your reason.
fill-row = row { $row }
fill-add-row = Add a row
fill-remove-row = Remove this row
fill-row-removed = Row { $row } removed
fill-row-up = Move up
fill-row-down = Move down
fill-row-menu = Row { $row }: move or remove
fill-paste-hint = Tab in the last cell adds a row, Alt ↑ ↓ moves one; blocks paste from Excel
fill-file-download = Download
fill-computed = Computed by a formula
fill-not-computed = Can't be computed
fill-undetermined = Computed again once what it is made of is mended
fill-waits = Computed once what it is made of is filled in
fill-former = Was “{ $value }”, which does not fit the field as it is now. It is kept until { $until }, in case the field becomes again what it was.
fill-serial-later = Given when saved
fill-total = Total
fill-no-rows = No rows
fill-rich-bold = Bold
fill-rich-italic = Italic
fill-rich-underline = Underline
fill-rich-strike = Strike through
fill-rich-heading = Heading
fill-rich-paragraph = Paragraph
fill-rich-list = List
fill-rich-numbers = Numbered list
fill-position = Where I am
fill-no-position = The browser does not say where you are. Allow it, or type the place.
fill-place-name = Name of the place
fill-part-province = Province
fill-part-city = City
fill-part-district = District
fill-part-detail = Street and number
fill-sign-again = Sign again
fill-signature = Signature
fill-query-later = Shown once the record is saved
fill-query-empty = Nothing here yet
fill-query-more = Show more
fill-query-record = Record
fill-query-count = { $count ->
    [one] { $count } record
   *[other] { $count } records
}
fill-row-copy = Copy this row
fill-row-choose = Select
fill-rows-chosen = { $count ->
    [one] { $count } row selected
   *[other] { $count } rows selected
}
fill-rows-removed = { $count ->
    [one] { $count } row removed
   *[other] { $count } rows removed
}
fill-rows-copy = Copy
fill-rows-remove = Remove
fill-rows-all = Select all
fill-rows-none = Select none
fill-take-photo = Take a photo
fill-file-look = Look at { $name }
fill-scan-rows = Scan
fill-cell-hidden = Not shown in this row
fill-file-before = Previous file
fill-file-after = Next file
fill-file-first = This is the first file
fill-file-last = This is the last file
fill-file-open = Open in a new tab
fill-file-long = This text is too long to be shown here. Open or download it.
fill-file-unseen = This kind of file is not shown here. Open or download it.
