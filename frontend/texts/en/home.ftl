home-good-morning = Good morning, { $name }
home-good-noon = Hello, { $name }
home-good-afternoon = Good afternoon, { $name }
home-good-evening = Good evening, { $name }
home-hello = Hello, { $name }
home-nothing-waits = Nothing is waiting for you
home-waiting = { $count ->
    [one] { $count } thing is waiting for you
   *[other] { $count } things are waiting for you
}
home-overdue = { $count } overdue
home-to-do = Waiting for me
home-started = Started by me
home-cc = Copied to me
home-handled = Handled by me
home-all-tasks = All tasks
home-all-done = All done
home-all-done-text = New approvals will appear here
home-view = View
home-recent = Recently visited
home-no-apps = No apps yet
home-no-apps-text = Install a template and see real data within a minute
home-no-apps-for-you = No app is open to you yet
home-no-apps-ask = Ask an administrator of this workspace to let you into the apps of your team.
home-no-apps-ask-whom = Ask { $names } to let you into the apps of your team.
home-to-templates = Browse templates
task-due = Due { $at }
checklist-title = Getting started
checklist-dismiss = Don’t show again
checklist-template = Install a template
checklist-people = Invite your colleagues
checklist-flow = Start a first approval
app-draft = Draft
app-no-forms = This app has no forms yet
app-no-forms-text = Create a form, drag fields onto it and start filling it in
app-no-forms-reader = No form of this app is open to you yet
app-no-forms-reader-text = Whoever administers the app can let you see its forms.
app-new-form = New form
app-create-form = Create and design
app-form-name = Form name
app-form-name-example = Such as Leave request
app-form-name-needed = Enter a name for the form
app-first-field = Name
home-from-sheet = Start from a spreadsheet
app-form-blank = Blank
app-form-from-sheet = From a spreadsheet
home-forms = { $count ->
    [one] { $count } form
   *[other] { $count } forms
}
home-submitted-by = from { $name }
home-due-today = { $count } due today
home-favourites = Favourites
app-settings = App settings
app-settings-closed = Only administrators of this app can open this
app-settings-closed-text = Ask one of them if something should change.
app-settings-general = Name and icon
app-name-in = Name ({ $language })
app-settings-admins = App administrators
app-settings-admins-text = They design forms and flows and see every record of this app. Administrators of the workspace always do.
app-delete = Delete app
app-delete-text = The app goes to the recycle bin with all its forms and records. It can be restored from there until it is emptied.
app-delete-question = Delete the app “{ $name }”?
app-delete-type = Type “{ $name }” to confirm
app-deleted = The app is in the recycle bin
checklist-field = Change a field
