settings-preferences = My settings
settings-members = Members
settings-appearance = Appearance
settings-password = Password
settings-password-current = Current password
settings-password-new = New password
settings-fault-of = “{ $entry }”: { $fault }
settings-password-change = Change password
settings-password-changed = Your password was changed; other devices must sign in again
settings-theme = Theme
theme-system = System
theme-light = Light
theme-dark = Dark
member-name = Name
member-email = E-mail
member-roles = Roles
member-state = State
member-actions = Actions
member-active = Active
member-invited = Invited
member-disabled = Disabled
member-disable = Disable
member-disable-question = Disable { $name }?
member-disable-text = They can’t sign in any more, at once. Tasks that wait for them go to administrators; what they own, administer and head stays in their name unless it is handed over. They can be enabled again.
member-disable-hand-over = Hand over first
member-enable = Enable
member-not-yourself = Not yourself
member-add = Add member
member-added = { $name } was added
member-password = Initial password
member-password-help = Hand it to them; they can change it after signing in. Without one they get an invitation link.
member-roles-choose = Choose roles
bin-text = What was deleted of apps, forms, dashboards, reports, aggregate tables and flows lies here until it is brought back or its time is over. Deleted records lie in the recycle bin of their list.
bin-empty-text = What is deleted lies here until it is brought back.
bin-nothing-found = Nothing in the recycle bin fits
bin-deleted = Deleted { $at }; kept until { $until }
bin-deleted-by = Deleted by { $who }, { $at }; kept until { $until }
bin-search = Search the recycle bin
bin-kind = Type
bin-of-app = App
bin-by = Deleted by
bin-any = Any
bin-kind-app = App
bin-kind-form = Form
bin-kind-dashboard = Dashboard
bin-kind-report = Report
bin-kind-aggregate = Aggregate table
bin-kind-flow-version = Flow version
bin-kind-flow-draft = Flow draft
bin-restored-count = { $count ->
    [one] Restored
   *[other] { $count } things restored
}
bin-resting = { $count ->
    [one] “{ $names }” names something that is not there and rests. Restore what is missing, or change the form in its designer.
   *[other] These forms name something that is not there and rest: { $names }. Restore what is missing, or change them in their designers.
}
bin-restore-as = Restore as “{ $key }”
bin-some-stay = { $count ->
    [one] One thing stays in the recycle bin; the list says why
   *[other] { $count } things stay in the recycle bin; the list says why
}
bin-purge = Delete for good
bin-purge-chosen = Delete for good ({ $count })
bin-purge-question = Delete “{ $name }” for good?
bin-purge-many = { $count ->
    [one] Delete one thing for good?
   *[other] Delete { $count } things for good?
}
bin-purge-text = All that belongs to it goes too: of forms and apps all records, with their history and their files. Nobody can bring it back after that.
bin-purged-count = { $count ->
    [one] Deleted for good
   *[other] { $count } things deleted for good
}
bin-delete = Delete
bin-delete-question = Delete “{ $name }”?
bin-delete-text = It goes to the recycle bin and can be restored from there.
bin-delete-looks = Looking for what uses it …
bin-delete-used = Something stands on it: change that first.
bin-delete-dashboard = Delete the dashboard
bin-delete-report = Delete the report
bin-thing-deleted = “{ $name }” is in the recycle bin
bin-use-dashboard = Dashboard “{ $name }”
bin-use-dashboard-of-others = A dashboard of another app
bin-use-form = Form “{ $name }”
bin-use-form-of-others = A form of another app
bin-use-favourite = { $count ->
    [one] One member has it among the favourites
   *[other] { $count } members have it among their favourites
}
bin-use-running = { $count ->
    [one] One request goes on by it
   *[other] { $count } requests go on by it
}
bin-use-ended = { $count ->
    [one] One request that has ended went by it and stays as it is
   *[other] { $count } requests that have ended went by it and stay as they are
}
bin-days = Days in the recycle bin
bin-days-help = What was deleted earlier than that goes for good by itself: records, removed fields, forms, dashboards, reports, aggregate tables, flows and apps.
bin-days-missing = Enter another number of days
audit-title = Audit trail
audit-text = Who did what, and what was refused to whom. Nobody can change or delete an entry.
audit-kind = About
audit-anything = Anything
audit-who = Who
audit-anybody = Anybody
audit-from = From
audit-to = To
audit-at = When
audit-action = What
audit-object = Object
audit-way = Source
audit-details = Details
audit-show = Show
audit-nobody = Nobody known
audit-more = Show earlier entries
audit-empty = Nothing here
audit-empty-text = No entry meets these conditions.
audit-export = Export
audit-kind-record = Records
audit-kind-form = Forms
audit-kind-view = Views
audit-kind-group = Permission groups
audit-kind-flow = Flows
audit-kind-aggregate = Aggregate tables
audit-kind-dashboard = Dashboards
audit-kind-report = Reports
audit-kind-app = Apps
audit-kind-package = Templates
audit-kind-job = Background job
audit-kind-member = Members
audit-kind-delegation = Delegations
audit-kind-department = Departments
audit-kind-role = Roles
audit-kind-token = API tokens
audit-kind-script = Scripts
audit-kind-secret = Secrets of apps
audit-kind-call = Webhook calls
audit-verb-retry = tried again
audit-kind-session = Sign-ins
audit-kind-access = Refusals
audit-kind-role-group = Role groups
audit-kind-workspace = Workspace
audit-kind-password = Passwords
audit-kind-second-factor = Two-step sign-in
audit-kind-identity = Identity provider
audit-kind-comment = Comments
audit-kind-field = Fields
audit-kind-see-as = Viewing as others
audit-verb-create = created
audit-verb-update = changed
audit-verb-delete = deleted
audit-verb-restore = restored
audit-verb-purge = deleted for good
audit-verb-submit = submitted
audit-verb-void = voided
audit-verb-act = decided
audit-verb-bulk = several at once
audit-verb-publish = published
audit-verb-export = exported
audit-verb-import = imported
audit-verb-undo = import undone
audit-verb-install = installed
audit-verb-open = signed in
audit-verb-close = signed out
audit-verb-refuse = refused
audit-verb-invite = invited
audit-verb-uninvite = invitation taken back
audit-verb-join = joined
audit-verb-migrate = moved to another version
audit-verb-hand-over = handed over
audit-verb-end = session ended
audit-verb-end-all = sessions ended
audit-verb-admins = administrators changed
audit-verb-sign-in-policy = sign-in policy changed
audit-verb-enable = turned on
audit-verb-remove = turned off
audit-verb-recovery-codes = new recovery codes
audit-verb-reset = replaced by a letter
audit-verb-reset-asked = asked for by a letter
audit-verb-password-link = link for a new one made
audit-field-form = Form
audit-field-group = Group
audit-field-enabled = In use
audit-field-who = For whom
audit-field-operations = Operations
audit-field-password = Password
audit-field-label = Label
audit-field-admins = Administrators
audit-field-version = Version
audit-field-count = Number
audit-field-file = File
audit-field-matched = Found
audit-field-moved = Moved
audit-field-entries = Entries
audit-field-failed = Left as they were
audit-field-reason = Reason
audit-field-report = Report
audit-changed = { $old } → { $new }
audit-added = added: { $names }
audit-removed = taken away: { $names }
audit-nothing = nothing
audit-kept = As it is kept
audit-alike =
    { $count ->
        [one] and one more like it
       *[other] and { $count } more like it
    }
audit-tried-see = See: { $what }
audit-tried-make = Add or run: { $what }
audit-tried-change = Change: { $what }
audit-tried-delete = Delete: { $what }
audit-verb-begin = begun
audit-verb-over = ended
audit-verb-arrange = arranged
audit-verb-retention = time in the recycle bin changed
audit-verb-zone = time zone changed
settings-security = Security
security-again-title = Confirm it’s you
security-again-text = This changes how you sign in. Show once more who you are; it holds for five minutes.
security-again-secret = Password, or code of your authenticator
security-again-action = Continue
security-sessions = Signed-in devices
security-device = Device
security-ip = Address
security-seen = Last used
security-program = Other program
security-current = This device
security-end = Sign out
security-end-others = Sign out all others
security-ended = Signed out
second-step-title = Two-step sign-in
second-step-text = After your password you are asked for a code of an authenticator on your phone. Who learns your password still can't get in.
second-step-required = Your workspace asks for it. Set it up to go on.
second-step-begin = Set up
second-step-scan = Scan this with an authenticator, then enter the six digits it shows.
second-step-picture = QR code for the authenticator
second-step-by-hand = Can't scan it? Enter this key:
second-step-code = Six-digit code
second-step-enable = Turn on
second-step-on = Two-step sign-in is on
second-step-recovery = Keep these recovery codes where only you find them. Each lets you in once when your phone is not at hand; they are not shown again.
second-step-save = Save as a file
second-step-done = Done
second-step-enabled = On
second-step-since = since { $at }
second-step-left =
    { $count ->
        [one] One recovery code is left.
       *[other] { $count } recovery codes are left.
    }
second-step-renew = New recovery codes
second-step-remove = Turn off
second-step-remove-question = Turn off two-step sign-in?
second-step-remove-text = Your password alone lets you in then. Where the workspace asks for a second step you set up another one at once.
second-step-removed = Two-step sign-in is off
policy-title = Sign-in rules of the workspace
policy-second-step = Who needs two-step sign-in
policy-nobody = Optional for everybody
policy-administrators = Administrators
policy-everybody = Everybody
policy-help = Members without one set it up at their next page, before anything else. API tokens and sign-ins by an identity provider are not asked.
policy-saved = Saved
policy-ask-question = Ask for two-step sign-in from now on?
policy-ask-text =
    { $count ->
        [one] One member has none yet, and sets it up at their next page before anything else.
       *[other] { $count } members have none yet, and set it up at their next page before anything else.
    }
policy-ask-oneself = You are among them: you set yours up right now, and need an authenticator app at hand.
policy-ask-action = Ask for it
token-title = API tokens
token-none = No tokens. A program uses one to work in your name.
token-add = New token
token-docs = About the API
token-scopes = Scopes
token-scopes-help = Never more than you may yourself.
token-end = Ends
token-never = Never
token-unused = Never
token-revoke = Revoke
token-name-help = What it is for
token-days = { $count } days
token-once = Copy it now: it is not shown again.
scope-all = Everything that you may do
scope-read = Read records, tasks and reports
scope-write = Write records and decide tasks
scope-design = Design forms, flows and apps
scope-administer = Administer people and settings
member-reset-second-step = Reset two-step sign-in
member-no-second-step = They have no two-step sign-in
