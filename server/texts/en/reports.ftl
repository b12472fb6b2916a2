# A report as a file
report-file-report = Report
report-file-as-of = As of
report-file-scope = Data
report-file-all = All records
report-file-own = Only what you may see
report-file-part = Only what you may see of: { $forms }
report-file-any = All
report-file-figures = Figures
report-file-figure = Figure
report-file-value = Value
report-file-unit = Unit
report-file-definition = Definition
report-file-total = Total
report-file-cut = { $count } more rows are not shown.
report-file-closed = { $columns }: not shown, because you may not see all that is behind it
report-file-closed-of = { $columns }: not shown, because you may not see: { $forms }
