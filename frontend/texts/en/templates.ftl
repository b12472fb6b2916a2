template-title = Start from a template
template-subtitle = Ready to use, with sample data; change anything later
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
template-along = Installed with it: { $names }
template-installing = Installing
template-install-done = “{ $name }” was installed
template-install-cancelled = The installation was cancelled; nothing was left behind.
template-install-failed = It was not installed and nothing was left behind. Please try again.
