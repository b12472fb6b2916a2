permissions-title = Permission groups
permissions-part = Permissions
permissions-new = New group
permissions-blank = Blank group
permissions-none = No permission groups yet
permissions-none-text = Until there is one, only the administrators of the app use this form.
permissions-presets = Groups to begin with
permissions-about-add-only = Fills in new records and sees none of them afterwards. For surveys and reports.
permissions-about-manage-own = Adds records and sees, changes and deletes the own ones.
permissions-about-add-and-view-all = Adds records and sees those of everybody, without changing them.
permissions-about-manage-all = Sees and changes everything, imports and exports it.
permissions-about-view-all = Sees all records, and changes none.
permissions-about-start = Submits requests; who decides on them is said by the flow.
permissions-off = Off
permissions-some-records = { $operations }: some records
permissions-name = Name
permissions-enabled = Enabled
permissions-copy = Copy
permissions-remove = Delete
permissions-remove-title = Delete this permission group?
permissions-remove-text = Whoever is in this group alone can no longer use these records.
permissions-save = Save
permissions-saved = The permission group is saved
permissions-unchanged = Nothing was changed
permissions-who = People
permissions-who-text = Follows departments and roles by itself
permissions-everyone = Everyone
permissions-members = Members
permissions-member = Member
permissions-departments = Departments, with sub-departments
permissions-roles = Roles
permissions-operations = What they may do
permissions-all = All
permissions-op-view = View
permissions-op-create = Add
permissions-op-edit = Edit
permissions-op-edit-running = Edit while the flow runs
permissions-op-may-leave = Move records out of their own scope
permissions-op-delete = Delete
permissions-op-copy = Copy
permissions-op-import = Import
permissions-op-export = Export
permissions-op-bulk-edit = Bulk edit
permissions-op-print = Print
permissions-op-comment = Comment
permissions-op-void = Void
permissions-op-change-owner = Change owner
permissions-op-reassign-task = Reassign tasks
permissions-op-terminate = End flows
permissions-op-reactivate = Reactivate flows
permissions-rows = Which records
permissions-rows-text = All of them without a condition
permissions-department-text = The department of a record is the one in which its owner was when it became theirs. Who gets the record takes it into their department; when they go to another department themselves, their records stay.
permissions-fields = Which fields
permissions-fields-text = Fields without a choice of their own follow the first line
permissions-rest = All other fields
permissions-right-edit = Edit
permissions-right-read = View
permissions-right-none = Hidden
permissions-right-clear = As all other fields
permissions-computed = Computed, can't be edited
permissions-seen = What this group shows
permissions-seen-text = As it is set now, saved or not
permissions-seen-by = Viewed as
permissions-can-view = Can view
permissions-can-edit = Can edit
permissions-can-delete = Can delete
permissions-readable = Fields shown
permissions-editable = Fields to edit
permissions-about = about { $count }
permissions-nothing-met = No record meets the condition now: whoever is in this group alone sees nothing.
permissions-nothing-met-by = No record meets the condition for { $name } now: with this group alone they see nothing.
permissions-sample-empty = No records to be seen
permissions-change = What this change means
permissions-change-nothing = Nobody gains or loses anything.
permissions-change-unchanged = For { $count } others nothing changes
permissions-change-administrators = { $count ->
    [one] { $count } administrator may do everything here anyway and is not counted
   *[other] { $count } administrators may do everything here anyway and are not counted
}
permissions-change-left-out = { $count } more people are not listed
permissions-change-people = { $count ->
    [one] { $count } person
   *[other] { $count } people
}
permissions-change-everyone = { $count ->
    [one] Everyone, { $count } person
   *[other] Everyone, { $count } people
}
permissions-change-names = Show names
permissions-change-records = Records: { $count }
permissions-closed = Only administrators of this form can open its permissions
permissions-closed-text = Ask one of them if you miss something that you should see or do.
permissions-record = Record
permissions-admins = Form administrators
permissions-admins-text = They design this form and its flow, say who may do what with its records, and see and change all of them. Administrators of the app and of the workspace always do.
permissions-see-as = View as a member
permissions-see-as-text = You see what this member sees, and can't change anything. It lasts an hour at most and is noted in the audit trail.
permissions-see-as-begin = Start viewing
permissions-people = { $count ->
    [one] { $count } person
   *[other] { $count } people
}
