problem-malformed-json =
    The request is not readable JSON: { $why ->
        [nul] it holds a NUL character.
       *[place] see line { $line }, column { $column }.
    }
problem-malformed-request = The request can't be read.
problem-sign-in-required = Please sign in.
problem-token-unknown = This token is not known here, was revoked, or its time is over.
problem-forbidden = You may not do this.
problem-cross-site = This request comes from another site and was refused.
problem-not-found = This does not exist, or you may not see it.
problem-method-not-allowed = This can't be done here.
problem-too-large = The request is larger than is allowed here.
problem-unsupported-media-type = The content type must be { $expected }.
problem-misdirected = This server does not answer for the host “{ $host }”.
problem-validation = Some of the input needs a correction.
problem-unknown-member = The request has a member that does not exist here.
problem-repeated-member = The request says a member twice.
problem-unknown-field = The request names a field that does not exist.
problem-unknown-row = A row of the request no longer exists.
problem-not-writable = The request sets a field that can't be set here.
problem-not-sortable = This field can't be sorted or filtered by.
problem-too-deep = The request is nested too deeply.
problem-if-match-required = A change must say with If-Match which version it started from.
problem-stale = Somebody else has changed this in the meantime.
problem-too-many-requests = Too many requests. Please wait a moment.
problem-too-many-uploads = You have sent 1 GB of files that no record holds yet. Save the records that hold them; what no record takes is removed after a day.
problem-busy = The server is busy. Please try again in a moment.
problem-timeout = This took too long and was stopped; what was begun may still be completed.
problem-internal = Something went wrong on the server. The log has the details under this request's id.
problem-wrong-setup-code = This is not the set-up code that the server printed when it started.
problem-wrong-credentials = The e-mail address and the password don't belong together.
problem-second-step-required = Enter the code of your authenticator too, or a recovery code.
problem-wrong-code = This code is not right, or was used already.
problem-second-factor-on = You have a second step already. Take it away before you set up another.
problem-reauth-required = Please show once more who you are: with your password, or a code of your authenticator.
problem-second-factor-required = Your workspace asks for a second step of signing in. Please set it up first.
problem-link-expired = This link has been used or its time is over. Ask for another one.
problem-bad-mail-server = The address in { $option } can't be used to send mail.
problem-visit-over = This sign-in did not begin in this browser, or too long ago. Please begin once more.
problem-provider-refused = The identity provider's answer can't be trusted. Please try again, or sign in with your password.
problem-provider-unreachable = The identity provider can't be reached.
problem-unknown-at-provider = You are no member here, or the identity provider has not verified your address. Ask your administrator to invite you.
detail-at-field = { $label }: { $message }
detail-and-more = { $detail } (and { $count } more)
problem-taken = This exists already.
problem-email-taken = Somebody has this e-mail address already.
problem-role-taken = There is a role with this code already.
problem-last-administrator = Somebody must be left to administer the workspace.
problem-department-in-use = The department still has parts.
problem-has-joined = This member has joined already and can sign in.
problem-has-not-joined = This member has not joined yet. Give them an invitation link.
problem-member-disabled = This member has left. Let them back in first.
problem-not-yourself = You can't do this to yourself.
problem-invitation-over = This invitation was used, replaced or taken back, or its time is over. Please ask for a new one.
problem-scope-too-narrow = The scopes of this token do not reach that far.
problem-reads-hidden-field = This design reads a field of another form that you may not see. Take it out, or ask for the right to see it.
problem-reads-hidden-records = This design keeps, decides by, or opens to others what it reads of another form, and you may not see all records there. Show it by a lookup, or ask for the right to see them.
problem-session-required = This is for who has signed in, not for a token.
problem-see-as-reads-only = You look as another member: nothing can be changed.
problem-see-as-ended = This look as another member is over.
problem-idempotency-key-reused = This Idempotency-Key was used before, for another request.
problem-idempotency-in-progress = The same request is still being worked on.
problem-disk-full = The server's disk is full, or nearly so. What is stored can be read; nothing more is taken in until whoever looks after the server has made room.
problem-workspace-full = There is no room left for files in this workspace. An administrator can make some by emptying the recycle bin, or have whoever runs the server allow more.
problem-unavailable = The database can't be reached at the moment.
problem-no-such-member = There is no member with the address { $email }.
problem-no-such-workspace = There is no workspace with the id { $workspace }: “formwork workspace create” prints the id of a new one.
problem-app-taken = There is an app with this code already.
in-the-way =
    { $known ->
        [none]
            { $unseen ->
                [one] 1 thing that you don't see
               *[other] { $unseen } things that you don't see
            }
        [some] { $uses } and { $unseen } more that you don't see
       *[all] { $uses }
    }
problem-app-in-use = Without this app these would not work any more: { $uses }.
problem-app-named = These name this app by its code “{ $key }”, so it comes back under that code alone: { $uses }. Where another app has the code by now, delete that one first; it can come back under another code.
problem-secret-taken = The app has a secret of this name already.
problem-call-sent = This call was taken already.
problem-call-unusable = This call can't be sent: it has no address, is too large, or follows from too many others.
problem-form-taken = The app has a form with this code already.
problem-form-in-use = With this change these would not work any more: { $uses }.
problem-form-broken = This form names something that does not exist any more.
problem-group-taken = The form has a permission group with this code already.
problem-view-taken = You have a view of this form with this code already.
problem-view-locked = This view is locked. Save a view of your own from it.
problem-print-taken = The form has a print template with this code already.
problem-not-accepted = This can't be taken. It may have been sent before, or be against a rule of the form.
problem-link-closed = This form takes no answers any more.
problem-bad-signature = This message is not signed with the secret of its hook.
problem-wrong-secret = This message does not bring the secret of its hook.
problem-stale-message = This message is more than 5 minutes old, or from a time to come.
problem-hook-off = This hook takes nothing at the moment.
problem-call-chain-too-long = Too many calls and messages of systems have followed from each other: this message was not taken.
problem-hook-broken = The form has changed since this hook was made. Whoever administers it has to look at the hook again.
problem-link-revoked = This link was revoked. Make another one.
problem-ticket-expired = This form was opened too long ago. Open it again.
problem-password-required = This form asks for a password.
problem-wrong-password = This password is wrong.
problem-edits-collide = Somebody else has changed the same place of the draft.
problem-not-unique = This value exists already.
problem-linked =
    { $known ->
        [no] Another record links here.
       *[other] A record of “{ $form }” links here.
    }
problem-too-many-links = Too many records link here.
problem-not-a-draft = This record was submitted already.
problem-no-drafts = This form keeps no drafts. Submit the record, or leave it.
problem-outside-your-rows = You may not move a record out of what you can see.
problem-flow-chain-too-long = The flows that this starts go on starting others. Please tell an administrator.
problem-step-target-gone = The step “{ $step }” works with a form or record that does not exist any more. Please tell an administrator.
problem-step-without-flow = The step “{ $step }” starts the flow of a form that has none. Please tell an administrator.
problem-nothing-found = The step “{ $step }” finds no record to change.
problem-action-too-large = The step “{ $step }” would change more than { $max } records at once.
problem-writes-elsewhere = This flow changes records of a form that you do not administer. Ask who administers it.
problem-record-deleted = The record is in the recycle bin.
problem-already-running = The record is in another approval.
problem-job-over = The job has ended already.
problem-job-interrupted = The server was stopped while the job ran.
problem-job-cancelled = The job was stopped.
problem-aggregate-taken = The app has an aggregate table with this code already.
problem-aggregate-in-use = With this change these aggregate tables, which count the form, would not work any more: { $uses }.
problem-aggregate-broken = The aggregate table “{ $aggregate }” names something that does not exist any more.
problem-aggregate-shown = With this change of the aggregate table “{ $aggregate }” these dashboards would not work any more: { $uses }.
problem-aggregate-scripted = Scripts read this table: { $uses }. Take it out of them first.
problem-aggregate-asked = With this change of the aggregate table “{ $aggregate }” these forms, which ask it, would not work any more: { $uses }.
problem-needs-job = There are too many records for one request: begin it as a job.
problem-report-broken = The report “{ $report }” names something that does not exist any more.
problem-dashboard-broken = The dashboard “{ $dashboard }” names something that does not exist any more.
problem-dashboard-taken = The app has a dashboard with this code already.
problem-key-taken = Something else has this code by now. Choose another one.
problem-report-in-use = Without the report “{ $report }” these dashboards would not work any more: { $uses }.
problem-flow-version-active = New requests go by this version. Publish another one first.
problem-flow-version-in-use =
    { $count ->
        [one] One request still goes by this version.
       *[other] { $count } requests still go by this version.
    }
problem-draft-unchanged = The draft is no other than what was published: there is nothing to delete.
problem-draft-changed = Somebody has worked on the draft since. Publish or delete it first.
problem-constraint = A limit that must hold would be broken.
problem-already-installed = This template is installed already.
problem-broken-package = The package can't be installed; its faults are named by file and place.
problem-broken-csv = The csv file can't be read: line { $line } is not as it should be.
problem-broken-xlsx = The workbook can't be read.
problem-broken-list = The list in JSON can't be read.
problem-not-undoable = This can't be undone.
problem-already-undone = This was undone already.
problem-too-late-to-undo = An import can be undone within seven days.
problem-changed-since = Somebody has changed this record since.
problem-too-many-exports = Two exports of yours are running. Please wait until one of them has ended.
problem-too-many-questions = Two of your questions are still being answered. Please wait a moment and try again.
problem-export-too-long = A sheet holds { $max } rows, and there are more. Export as csv, or filter the records.
problem-no-administrator = There is no administrator yet: make one with “formwork admin create”.
problem-form-not-published = Publish the form first.
problem-job-not-over = The job still runs.
problem-job-paused = The server stops; the job goes on when it is back.
problem-job-taken-over = Another server goes on with this job.

fault-unknown-member = There is no member “{ $member }” here.
fault-repeated-member = The member “{ $member }” stands here twice.
fault-too-deep = The input is nested too deeply.
fault-too-many-members = One object of the request has more than { $max } members.
fault-bad-parameter = This parameter has a value that does not fit.
fault-key-not-mapped = No column of the file is mapped to “{ $field }”, by which the records are found.
fault-deleted-or-drafts = Ask either for the recycle bin or for drafts.
fault-unknown-zone = This time zone does not exist.
fault-wrong-password = This is not your current password.
fault-wrong-code = This code is not right, or was used already.
fault-too-common = Too many people have this password, or it is easily guessed. A sentence is better.
fault-manager-circle = Nobody can report to themselves, directly or through others.
fault-department-circle = A department can't be part of itself.
fault-language-not-offered = This language is not among those that the workspace offers.
fault-not-a-weekday = The days of the week are 1 (Monday) to 7.
fault-hours-out-of-order = Hours of work end after they begin, and follow each other.
fault-email-column-missing = One of the columns must say the e-mail address.
fault-no-such-department = There is no department “{ $name }”.
fault-several-departments = Several departments are called “{ $name }”: write the names from the top, with / between.
fault-no-such-role = There is no role “{ $name }”.
fault-no-such-manager = There is no member with the address { $email }.
fault-bad-version = The version must be written as "7" or *.
fault-key-is-fixed = A code never changes.
fault-not-sortable = This field can't be asked for in the database.
fault-bad-cursor = This cursor belongs to another list.
fault-cursor-or-offset = Give a cursor or an offset, not both.
fault-unknown-group = There is no such permission group.
fault-unknown-view = There is no such view.
fault-one-of-four = Give exactly one of create, update, upsert and delete.
fault-ambiguous-key = Several records have the same key fields.
fault-not-saved = This record can't be saved: { $code }
fault-unknown-record = There is no demo record “{ $id }” to link to.
fault-of-closed-field = This record can't be saved because of a field that you may not see. Ask an administrator of the app.
fault-csv-no-header = The first line must name the columns.
fault-csv-not-text = Line { $line }: this is not text. The file is no csv file, or its encoding is damaged here.
fault-csv-unclosed-quote = Line { $line }: a quotation mark opens here that is never closed.
fault-csv-cell-too-long = Line { $line }: a cell is longer than { $max } bytes.
fault-csv-cells = Line { $line }: there are { $found } cells here, but { $expected } columns.
fault-csv-too-many-columns = More than { $max } columns.
fault-csv-too-many-rows = More than { $max } rows.
fault-unknown-sheet = The file has no sheet “{ $sheet }”.
fault-error-cell = The formula in this cell came to { $value }.
fault-export-too-long = A sheet holds { $max } rows, and there are more.
fault-list-not-an-object = The file must be a list of objects; number { $number } is none, or is cut off.
fault-xlsx-not-a-workbook = This is no workbook that can be read. Save it as .xlsx or .csv and try again.
fault-xlsx-locked = The workbook is encrypted, or of a program from before 2007. Save it without a password as .xlsx.
fault-xlsx-damaged = The workbook is damaged in the part “{ $part }”. Open and save it once more.
fault-xlsx-entities = The workbook defines entities of its own in the part “{ $part }”; that is not allowed.
fault-xlsx-too-large =
    { $what ->
        [file] The workbook is larger than { $max } bytes. Save it as csv.
        [unpacked] The workbook is larger than { $max } bytes when it is unpacked. Save it as csv.
        [ratio] A part of the workbook becomes more than { $max } times larger when it is unpacked; that is not allowed.
        [parts] The workbook has more than { $max } parts.
        [sheets] The workbook has more than { $max } sheets.
        [rows] The sheet has more than { $max } rows.
        [columns] The sheet has more than { $max } columns.
        [texts] The workbook has more texts than can be read.
       *[cells] The sheet has, or claims to have, more than { $max } cells. Delete empty rows and columns at its end.
    }
fault-xlsx-cell-too-long = The cell { $cell } is longer than { $max } characters.
fault-xlsx-no-header = The sheet “{ $sheet }” is empty: its first row must name the columns.
fault-xlsx-too-costly = The workbook takes more memory or time than one may. Save it as csv.
fault-unknown-column = The file has no column “{ $column }”.
fault-not-importable = This field can't be filled from a column.
fault-only-approved = A record can only come in as approved; leave the cell blank for the others.
fault-no-record-with-key = There is no record with the same key fields.
fault-bad-message-id = A message is called by at most 200 letters, digits and signs without blanks.
fault-ambiguous-title = Several entries are called “{ $title }”.
fault-no-such-title = Nothing is called “{ $title }”.
fault-not-a-zip = This is not a zip file that can be read: { $detail }
fault-unsafe-file = This file's place in the zip is not allowed: it must lie inside of the package, and be neither a link nor encrypted.
fault-bad-period = A period is a year, a quarter, a month or a day: 2024, 2024-Q1, 2024-05, 2024-05-31.
problem-incompatible-database = This program and this database do not go together.
fault-set-or-recompute = Say either what to set, or that everything is to be recalculated.
fault-reads-closed-field = The formula reads a field that you may not see on this record.
fault-not-in-force-yet = Open tasks can only go along once the time has begun.
fault-unknown-version = The record has no such version.
fault-unknown-flow-version = The flow has no such version, or none that could be taken here.
fault-ends-before-it-begins = The period ends before it begins.
fault-unknown-ready-made = There is no such ready-made flow.
fault-ids-or-all = Name records, or say all, not both.
fault-target-not-administered = Only who administers the linked form may let this link keep its records from being deleted, or delete records with them. Let the link become empty instead.
fault-held-twice = Several records have the same value, so duplicates can't be ruled out yet. Change those values first.
problem-bad-seal-key = The seal key must be 64 hexadecimal digits that nobody could guess: “openssl rand -hex 32” prints such a key.
problem-unusable-key-file = The key file { $file } can't be used: { $detail }
problem-seal-key-missing = Secrets in this database are sealed, and { $file } with their key is missing: put it back from your copy. If there is none, “formwork key forget” gives up what is sealed.
problem-other-seal-key = Secrets in this database are sealed with another key than that in { $file }. Put the right one there; several servers of one database need the same. If it is lost, “formwork key forget” gives up what is sealed.
problem-seal-key-given = The key comes from FORMWORK_KEY: put the new one before the old one there, apart by a comma, start the server once, and take the old one out.
problem-copy-not-proved = This database is a copy that was begun and never proved, so something may be missing. Run the same “formwork migrate-to” again, which begins anew, or go on with the database that was copied from.
problem-database-not-current = The database is that of an earlier version (step { $step } of its schema is missing). Start “formwork serve” on it once, stop it, and try again.
problem-database-not-empty = The database to copy to holds something already (table { $table }). Nothing was changed. Give one with nothing in it to “formwork migrate-to --database”: a new database of PostgreSQL, or a file that is not there yet.
problem-database-in-use = Another Formwork works with this database. Stop every “formwork serve” and “formwork migrate-to” on it, and try again.
problem-same-kind-of-database = “formwork migrate-to --database” copies from SQLite to PostgreSQL or back, and both databases are of one kind. One SQLite file is copied as a file while the server is stopped; PostgreSQL has pg_dump and pg_restore.
problem-no-database = There is no database at { $file }: say with --data or --from where to copy from.
problem-table-without-forms = The aggregate table “{ $aggregate }” counts forms that are gone for good, so nobody can tell what its numbers are. Remove it under “formwork serve”, from the recycle bin too, and try again.

# Transaction scripts, and what they take back
problem-refused-by-script = A script of this app refuses this.
refused-by-script = A script of this app refuses this ({ $code }).
problem-script-limit = The script “{ $script }” was stopped: it does more than is allowed ({ $limit ->
        [operations] { $max } steps
        [reads] { $max } records read
        [writes] { $max } records written
        [time] { $max } of work
       *[memory] { $max } of memory
    }). Nothing was saved.
problem-script-failed = The script “{ $script }” has a mistake in line { $line }: { $detail } Nothing was saved. An administrator of the app can fix it.
problem-script-missing = The script “{ $script }” that this form needs is not there, or can't be read. Nothing was saved.
problem-script-chain-too-long = Scripts lead to each other more than { $max } times. Nothing was saved.
problem-script-own-record = The script “{ $script }” changes a record that is just being saved, by another way than by setting its fields. Nothing was saved.
problem-script-target-gone = What the script “{ $script }” writes to is no longer there. Nothing was saved.
problem-script-in-use = This script is bound to what happens to records of these forms: { $uses }. Take it out of them first.
problem-script-taken = The app has a script of this name already.
problem-voided = This record is void and can no longer be changed.
problem-not-voidable = This record can't be voided: it was not submitted, or its form has no script that takes back what it did.
problem-locked-after-approval = This record was approved, and its form locks what was approved. An administrator can open its approval again, or take the lock from the form.
