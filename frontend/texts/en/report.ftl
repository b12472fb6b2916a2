report-records = Records behind it
report-total = Total
report-without = (none)
report-csv = Download csv
report-behind = Records behind this number
report-made-of = What it was made of
report-counted = At the right stands what counts of each record: { $field }
report-no-records = No records
report-no-rows = Nothing to list.
report-cut =
    { $count ->
        [one] One more row is not shown.
       *[other] { $count } more rows are not shown.
    }
report-as-of = As of { $at }
reason-cost-zero = There is no cost
reason-gain-missing = No gain was entered
reason-insufficient-data = Not enough data
reason-source-not-installed = The app that has this data is not installed
reason-no-customers = No customers
reason-rate-missing = An exchange rate is missing
reason-period-open = The period is not over
reason-target-zero = The target is 0
reason-not-within-horizon = Not paid back within the period
report-period = Period
report-at = As of
report-scope = Data
report-scope-all = All records
report-scope-part = Only what you may see of: { $forms }
report-again = Refresh
report-print = Print
report-more = Show more
report-show-records = Show the records
reason-not-readable = You may not see the data that this needs
reason-not-readable-of = You may not see: { $forms }
reason-none-visible = None that you may see
reason-none-visible-of = None that you may see: { $forms }
report-unknown-columns = { $columns }: { $reason }
report-period-all = All time
report-period-this-month = This month
report-period-previous-month = Last month
report-period-this-quarter = This quarter
report-period-previous-quarter = Last quarter
report-period-this-year = This year
report-period-previous-year = Last year
report-period-last-n-days = Last { $n } days
report-period-since = Since { $from }
report-period-until = Until { $to }
filter-all = All
chart-rest = { $count } others
chart-dashed = Dashed: { $label }, which runs along another line in part
dashboard-empty = There is nothing on this dashboard yet
dashboard-nothing = Nothing here
dashboard-report = Open the report
dashboard-cut = The first { $shown } of { $all } rows
dashboard-before = before: { $value }
dashboard-spark = The last { $count } periods, from { $first } to { $last }
dashboard-target = target: { $value }
dashboard-target-percent = { $percent } % of { $value }
dashboard-target-reached = Target reached
dashboard-target-not-reached = Below target
dashboard-target-kept = Within the limit
dashboard-target-passed = Over the limit
dashboard-target-unknown = No figure for the target
dashboard-last-year = a year ago: { $value }
dashboard-part = In part
dashboard-scope-part = Only what you may see
dashboard-all-withheld = Nothing on this dashboard is yours to see
dashboard-withheld = { $count ->
    [one] { $count } card is left out: you may not see its data.
   *[other] { $count } cards are left out: you may not see their data.
}
report-export = Export
