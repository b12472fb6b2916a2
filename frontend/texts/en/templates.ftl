template-title = Start from a template
template-subtitle = Ready to use, with sample data; change anything later, and clear the samples at once
template-search = Search templates, such as quotation
template-blank = Blank app
template-installed = Installed
template-forms = { $count ->
    [one] { $count } form
   *[other] { $count } forms
}
template-install = Install
template-install-title = Install “{ $name }”
template-language = Language of the sample data
template-language-help = Forms and fields come in three languages and follow each person’s setting
template-demo = Include sample data
template-demo-help = See what it looks like when filled; delete it later
template-installers = Administrators of this workspace install templates.
template-installers-named = { $names } can install templates here.
template-along = Installed with it: { $names }
template-installing = Installing
template-install-done = “{ $name }” was installed
template-install-cancelled = The installation was cancelled; nothing was left behind.
template-install-failed = It was not installed and nothing was left behind. Please try again.
template-category-all = All
template-category-sales = Sales and customers
template-category-stock = Purchasing and stock
template-category-service = Customer service
template-category-finance = Finance and expenses
template-category-people = People and office
template-category-shops = Shops and inspections
template-category-other = Shared data
template-categories = Categories
template-flows = { $count ->
    [one] { $count } approval
   *[other] { $count } approvals
}
template-dashboards = { $count ->
    [one] { $count } dashboard
   *[other] { $count } dashboards
}
template-inside = What is in it
template-fields = { $count ->
    [one] { $count } field
   *[other] { $count } fields
}
template-approved = approved
template-samples = { $count ->
    [one] { $count } sample record
   *[other] { $count } sample records
}
template-has-dashboards = Dashboards: { $names }
template-has-reports = Reports: { $names }
template-open = Open the app
template-demo-title = Sample data
template-demo-none = No sample records are left.
template-demo-unchanged = { $count ->
    [one] { $count } sample record that nobody has changed goes to the recycle bin.
   *[other] { $count } sample records that nobody has changed go to the recycle bin.
}
template-demo-changed = { $count ->
    [one] { $count } that somebody has changed stays.
   *[other] { $count } that somebody has changed stay.
}
template-demo-linked = What your own records link to stays, too.
template-demo-clear = Clear sample data
template-demo-clear-now = { $count ->
    [one] Clear { $count } record
   *[other] Clear { $count } records
}
template-demo-clearing = Clearing
template-demo-cleared = { $count ->
    [one] { $count } sample record is in the recycle bin.
   *[other] { $count } sample records are in the recycle bin.
}
template-demo-stay = { $count ->
    [one] { $count } stays: it was changed, or something that stays links to it.
   *[other] { $count } stay: they were changed, or something that stays links to them.
}
template-demo-undone = The sample data is back.
