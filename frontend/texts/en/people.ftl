settings-roles = Roles
settings-workspace = Workspace
members-search = Search by name, e-mail or title
members-none = Nobody here
members-none-add = Add somebody here, or choose another department, role or state above.
members-none-ask = Choose another department, role or state above.
members-of-role = Filter by role
members-any-role = Every role
members-in-state = Filter by state
members-any-state = Every state
members-several = Add several
members-several-lines = People, one a line
members-several-help = A name and an e-mail address in each line, as copied from a letter or a sheet.
members-several-unread = There is no e-mail address in “{ $line }”.
members-several-nobody = Enter at least one e-mail address
members-several-send = Send each of them an invitation by mail
members-several-links = Each gets an invitation link: it is in the menu of their line afterwards.
member-departments = Departments
member-title = Title
member-phone = Telephone
member-manager = Manager
member-administrator = Administers the workspace
member-edit = Edit member
member-invite = Invitation link
member-hand-over = Hand over
member-invitation-of = Invitation for { $name }
member-invitation-link = Link
member-invitation-help = Send it to them. It is good once, until { $until }, and shown only now; a new link makes it worthless.
member-invitation-copy = Copy link
member-invitation-copied = Link copied
member-invitation-mail = Send by mail
member-invitation-sent = An invitation is on its way to { $email }. It takes the place of the link that was shown here.
member-password-link = Link for a new password
member-password-link-of = New password for { $name }
member-password-link-help = Hand it to them yourself: whoever has it chooses the password. It is good once, until { $until }, and shown only now; a new link makes it worthless.
member-password-link-sent = A link for a new password is on its way to { $email }.
departments-title = Departments
departments-none = No departments yet. Permission groups and flows can ask a department, or its head, in place of single people.
department-add = Add department
department-edit = Edit department
department-delete = Delete department
department-deleted = The department was deleted; its members stay
department-name = Name of the department
department-parent = Part of
department-head = Head
department-moved = Department moved
department-top = To the top
role-add = Add role
role-edit = Edit role
role-delete = Delete role
role-name = Name
role-group = Group
role-members = Members
role-group-add = Add group
role-group-none = In no group
role-group-delete = Delete group
role-group-delete-question = Delete the group “{ $name }”?
role-group-delete-text = Its roles stay, in no group.
role-uses = What this role may do, and where
role-uses-none = Nothing names this role yet. Choose it in a permission group of a form, or as approver at a step of a flow.
role-uses-group = Permission group “{ $name }”: { $operations }
role-uses-step = Asked at step “{ $name }”
role-uses-app = Administers the app
role-uses-form = Administers the form
role-uses-off = Switched off
role-nobody = Nobody has it yet
roles-none = No roles yet
roles-none-text = A role says what people are responsible for, such as Finance. Permission groups and flows ask the role, so that nothing has to be changed when somebody else takes over.
members-import = Import
members-import-begin = Import members
members-import-nothing = No row brings or changes a member
members-import-departments = Create departments that are missing
members-import-makes = New departments: { $names }
members-import-seen = { $created } new, { $updated } changed, { $unchanged } unchanged, { $failed } left out
members-import-done = Done: { $created } new, { $updated } changed, { $unchanged } unchanged, { $failed } left out
members-import-line = Line { $line }
members-importing = Importing members
members-row-created = New
members-row-updated = Changed
members-row-unchanged = Unchanged
members-row-refused = Left out
hand-over-of = Hand over from { $name }
hand-over-to = Who takes over
hand-over-to-missing = Choose who takes over
hand-over-disable = Disable the member: they can’t sign in any more, and what would be asked of them is asked of whoever takes over
hand-over-begin = Hand over
hand-over-running = Handing over
hand-over-cancelled = The hand-over was stopped; what went over stays there
hand-over-nothing = There is nothing to hand over
hand-over-records =
    { $count ->
        [one] { $count } record
       *[other] { $count } records
    }
hand-over-tasks = Waiting tasks
hand-over-apps = Administers
hand-over-departments = Heads
hand-over-reports = Reporting to them
hand-over-delegations = Delegate of
hand-over-done = Handed over:
hand-over-failed =
    { $count ->
        [one] One thing stays with the member
       *[other] { $count } things stay with the member
    }
invitation-title = Invitation
invitation-heading = Join { $workspace }
invitation-password-help = At least { $min } characters
invitation-join = Join
profile-title = Profile
profile-zone = Time zone
profile-zone-help = Times are shown in it; without one in that of the workspace, { $zone }
workspace-general = General
workspace-name = Name of the workspace
workspace-language = Language
workspace-languages = Languages that people can choose
workspace-currency = Base currency (ISO code)
workspace-zone = Time zone
workspace-zone-help = Days, months and schedules are counted in it. A change recalculates what depends on it.
workspace-zone-change = Change time zone
workspace-zone-running = Recalculating
workspace-zone-done = Done: { $tables } aggregate tables, { $changed } records recalculated, { $failed } left as they were
workspace-calendar = Working calendar
workspace-days = Working days
workspace-hours = Working hours
workspace-hours-help = Such as 09:00-12:00 13:00-18:00
workspace-holidays = Holidays
workspace-worked = Extra working days
workspace-dates-help = One date in each line, such as 2026-10-01
workspace-sign-in = Passwords and sessions
workspace-password-length = Characters of a password at least
workspace-session-idle = Minutes without use until a session ends
workspace-session-longest = Days after which people sign in again
workspace-sessions = Browsers signed in at once
workspace-apps = Apps
workspace-app-makers = Who makes apps
workspace-makers-everybody = Every member
workspace-makers-administrators = Administrators
workspace-app-makers-help = Whoever administers an app goes on designing it.
workspace-files = Files
workspace-files-of = { $used } of { $most } taken
workspace-files-used = { $used } taken
workspace-files-help = All files of the workspace count, also those of records in the recycle bin.
workspace-files-low = More than 80 % of the room for files is taken. Emptying the recycle bin makes room, and whoever runs the server can allow more.
workspace-files-nearly-full = More than 95 % of the room for files is taken. Soon no file can be added. Empty the recycle bin, or have whoever runs the server allow more.
workspace-files-full = There is no room left for files: none can be added. Empty the recycle bin, or have whoever runs the server allow more.
members-several-add = { $count ->
    [0] Add
    [one] Add one person
   *[other] Add { $count } people
}
members-several-added = { $count ->
    [one] One person was added
   *[other] { $count } people were added
}
workspace-named = The sign-in page names the workspace
workspace-named-help = People who are not signed in read it, too. Where the server has other workspaces, it names none.
