record-save = Save
record-submit = Submit
record-saved = Saved
record-submitted = Submitted
record-discard = Discard
record-discard-question = Discard your changes?
record-discard-text = What you entered since the last save is lost.
record-kept-draft = You have an unsaved draft.
record-kept-elsewhere = You entered something here on another device, { $at }, and did not save it.
record-kept-both = You have two unsaved drafts here: one from this device, and one from another ({ $at }).
record-kept-both-newer = You have two unsaved drafts here: one from this device, and a newer one from another ({ $at }).
record-restore-here = Continue the one from here
record-restore-elsewhere = Continue the one from the other device
record-drop-both = Discard both
record-restore-draft = Continue
record-drop-draft = Discard
record-delete = Delete
record-delete-question = Delete this record?
record-delete-text = It goes to the recycle bin of this list, from where it can be restored.
record-delete-undo = You can take it back with Undo right afterwards, and not later.
record-delete-running = Its approval is not over. Deleting the record ends the approval, and bringing it back does not start it again.
record-deleted = Deleted
record-change-owner = Change owner
record-change-owner-text = It lies in the department of its new owner from then on.
record-new-owner = New owner
record-owner-missing = Choose who gets it.
record-owner-changed = This record is { $name }’s now
record-void = Void
record-void-question = Void this record?
record-void-text = It stays as it is and counts no more; what it had posted is taken back. Nothing changes it afterwards, and there is no way back.
record-void-running = Its approval is not over and ends with it.
record-void-reason = Reason
record-void-reason-missing = Say why it is voided.
record-voided = Voided
record-voided-now = Voided; it counts no more
record-history = History
record-no-history = No changes yet
record-untitled = Record
record-merge-title = Somebody else changed this record too
record-merge-text = Choose whose value stays. All other changes of both are kept.
record-merge-by = { $who } changed it on { $at }.
record-merge-at = It was changed on { $at }.
record-merge-field = Field
record-merge-mine = Yours
record-merge-theirs = Theirs
record-merge-save = Save
record-leave-title = Leave this page?
record-leave-text = There are unsaved changes. Keep them as a draft in this browser and go on next time, or discard them.
record-leave = Keep as a draft
record-leave-discard = Discard
record-left-draft = Kept as a draft in this browser; open the record again to go on
record-stay = Stay here
record-tab = Form
record-way = Progress and history
record-new-title = New { $form }
record-more = More actions
record-flow = Progress
record-changes = { $count ->
    [one] { $count } unsaved change
   *[other] { $count } unsaved changes
}
record-save-draft = Save as draft
record-draft-saved = Saved as a draft
record-is-draft = A draft; it counts once it is submitted
record-kept-at = Draft saved { $at }
record-mend-to-submit = { $count ->
    [one] Fix 1 problem to submit
   *[other] Fix { $count } problems to submit
}
record-mend-to-save = { $count ->
    [one] Fix 1 problem to save
   *[other] Fix { $count } problems to save
}
record-locked-deleted = It is in the recycle bin; bring it back to change it.
record-locked-voided = It was voided and can no longer be changed.
record-locked-approved = It was approved and is locked: nobody changes it until an administrator opens its approval again.
record-locked-running = An approval is running: it is changed only by those who decide, in their inbox.
record-in-approval = An approval is running: what you change here, those who decide see at once.
record-read-only = You can read this record, but not change it.
history-created = Created the record
history-changed = Changed the record
history-deleted = Deleted the record
history-restored = Restored the record
history-voided = Voided the record
history-by-script = By a script of this app
history-automatic = Formwork
history-empty = empty
history-more = { $count } more
history-rows-added = { $count ->
    [one] { $count } row added
   *[other] { $count } rows added
}
history-rows-changed = { $count ->
    [one] { $count } row changed
   *[other] { $count } rows changed
}
history-rows-removed = { $count ->
    [one] { $count } row removed
   *[other] { $count } rows removed
}
history-row-added = Row { $row } added:
history-row-changed = Row { $row }:
history-row-removed = Row { $row } removed:
history-rows-moved = Rows put in another order
history-and = { ", " }
record-no-adding = You may not add records here
record-no-adding-text = Who manages this app can give you the right to add to “{ $form }”.
record-to-list = To the list
record-own-requests = My requests of this form
record-merged = Saved, together with what somebody else changed. { $by }
record-merge-row-gone = Taken out
record-merge-row-kept = Stays: { $changes }
history-went-back = Went back to an earlier version
history-went-back-done = The record is as it was then
history-restore = Restore this version
history-restore-question = Put the record back to { $at }?
history-restore-text = It gets the values that it had then, as a new version: you can come back here in the same way. Fields that you may not change stay as they are.
history-by-api = By an API client
history-visitor = A visitor
history-by-public-form = By a public link
history-by-hook = By an inbound hook
history-other-system = Another system
history-by-import = By an import
history-by-bulk-edit = By a bulk edit
history-by-task = In an approval
history-by-flow = By a flow
history-by-consequence = Because another record changed
history-by-demo = With the demo data
record-explain = Who may do what here
record-open = Open
record-copy = Copy
record-asked-before = This is a new request, filled in as an earlier one was:
record-asked-lacks = Files, and what no two records may share, were not taken along: give them anew.
record-print = Print
record-printed-at = printed { $at }
record-comments = Comments
record-linked-add = Add
record-waits-to-send = The server can’t be reached. This is sent as soon as it is back; you can go on typing.
record-sent-later = What you submitted before is saved now
record-not-sent = What you submitted before could not be saved: { $why }
record-nothing-kept = Not kept beyond this tab: your browser stores nothing
record-leave-text-tab = There are unsaved changes. Your browser stores nothing, so a draft lasts only until this tab is closed or reloaded.
record-own-draft = You have a draft “{ $title }”, saved { $at }.
record-form-changed = This form was changed while you filled it in. What you entered is kept; please look through it once more.
record-made = Saved. This is the record as it is stored.
record-made-submitted = Submitted. “Progress and history” shows how it goes on.
record-fill-again = Fill in another
record-handed-in = Submitted
record-handed-in-text = It is stored. You may not read records here, so there is nothing more to show.
record-gone = Somebody deleted this record meanwhile, or you may no longer see it. What you entered is still here.
record-gone-keep = Save as a new record
record-gone-restore = Bring it back
record-back = It is back; save again to store your changes
comment-write = Add a comment
comment-empty = Write something first
comment-edit = Edit
comment-delete = Delete
comment-edited = edited
comment-delete-question = Delete this comment?
comment-delete-text = It goes for everybody, with its files.
comment-send = Send
comment-none = No comments yet
