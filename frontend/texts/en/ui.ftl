ui-close-question = What you entered would be gone.
ui-go-on = Go on entering
ui-close-anyway = Close anyway
ui-close = Close
ui-cancel = Cancel
ui-save = Save
ui-remove = Remove
ui-clear = Clear
ui-choose = Choose
ui-search = Search
ui-new = New
ui-new-named = New “{ $name }”
ui-nothing-found = Nothing found for “{ $query }”
ui-nothing-there = There is nothing here yet
ui-retry = Try again
ui-show-password = Show password
ui-breadcrumb = You are here
ui-back = Back
ui-open-calendar = Open calendar
ui-open-calendar-key = Open calendar (F4)
ui-drop-hint = Or click to choose, or paste
calendar-month-before = Previous month
calendar-month-after = Next month
calendar-year-before = Previous year
calendar-year-after = Next year
calendar-week = Wk
calendar-month = { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[other] Dec
}
calendar-year = { $year }
date-month-year = { $month } { $year }
date-day = { $weekday }, { $month } { $day }
weekday-1 = Monday
weekday-2 = Tuesday
weekday-3 = Wednesday
weekday-4 = Thursday
weekday-5 = Friday
weekday-6 = Saturday
weekday-7 = Sunday
weekday-short-1 = M
weekday-short-2 = T
weekday-short-3 = W
weekday-short-4 = T
weekday-short-5 = F
weekday-short-6 = S
weekday-short-7 = S
ago-now = just now
ago-minutes = { $count ->
    [one] { $count } minute ago
   *[other] { $count } minutes ago
}
ago-today = today { $time }
ago-yesterday = yesterday { $time }
around-tomorrow = tomorrow { $time }
ago-days = { $count ->
    [one] { $count } day ago
   *[other] { $count } days ago
}
problem-unreachable-title = Can’t reach the server
problem-unreachable = Nothing was saved. Check your connection and try again; what you entered is still here.
problem-not-understood-title = This page is out of date
problem-not-understood = The server’s answer could not be read. Reload the page and try again.
ui-copy-code = Copy the code
ui-code-copied = Code copied
ui-undo = Undo
lasting-seconds = { $count ->
    [one] { $count } second
   *[other] { $count } seconds
}
lasting-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}
lasting-hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
}
lasting-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
part-missing-title = This page did not load
part-unreachable = The server cannot be reached. As soon as it answers, the page is asked for again.
part-broken = A part of the program did not arrive. Try again; if that does not help, reload the page.
part-replaced-title = Formwork was updated
part-replaced = The page is reloaded in a moment, with the new version.
part-reload = Reload the page
ui-sign-here = Sign here
ui-sign-done = Use this signature
ui-actions = Actions
ui-tools = Tools
ui-open-times = Choose a time
ui-open-times-key = Choose a time (F4)
ui-range-from = From
ui-range-to = To
ui-range-choose = Choose a range
ui-range-first = Choose the first day
ui-range-last = Choose the last day
ui-range-names = Ranges by name
ui-search-or-other = Search, or type another
ui-other = Add “{ $choice }”
ui-done = Done
ui-time-of-day = Time
ui-scan = Scan a code
ui-scan-hint = Hold the code before the camera
ui-scan-no-camera = There is no camera to use here. Allow it in the browser, or type the code.
ui-scanned = { $code } read, { $count } so far
ui-split-hint = Drag, or move with the arrows; two presses give the usual width
