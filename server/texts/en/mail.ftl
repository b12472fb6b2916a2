mail-invitation-subject = { $who } invites you to “{ $workspace }”
mail-invitation-body =
    Hello { $name },

    { $who } invites you to “{ $workspace }”. With this link you choose a password and join; it is good once, and for { $days } days:

    { $link }

    Whoever does not know what this is about need do nothing.

mail-reset-subject = Choose a new password
mail-reset-body =
    Hello { $name },

    somebody, probably you, has forgotten the password of { $email } in “{ $workspace }”. With this link you choose another one within { $minutes } minutes:

    { $link }

    Whoever did not ask for this need do nothing: the password stays as it is.

mail-notice-task = “{ $title }” waits for you: { $step }
mail-notice-returned = “{ $title }” came back to you
mail-notice-reminder = Reminder: “{ $title }” waits for you
mail-notice-mention = { $who } mentioned you in “{ $title }”
mail-notice-comment = { $who } commented on “{ $title }”
mail-notice-copy = You were CC’d on “{ $title }”
mail-notice-message = { $title }
mail-notice-outcome-approved = “{ $title }” was approved
mail-notice-outcome-rejected = “{ $title }” was rejected
mail-notice-outcome-terminated = “{ $title }” was ended
mail-notice-failed = “{ $title }” cannot go on by itself: { $step }
mail-notice-undelivered = A webhook call of “{ $title }” failed for good: { $step }
mail-notice-undelivered-receiver-off = Webhook calls of “{ $step }” are switched off: whoever takes them keeps failing. Last: “{ $title }”
mail-notice-undelivered-call-chain-too-long = A webhook call of “{ $title }” was not sent: too many calls have followed from each other ({ $step })
mail-notice-undelivered-call-budget-spent = A webhook call of “{ $title }” was not sent: the app has made all its calls of today ({ $step })
mail-notices-subject = { $count } notices
mail-notices-body =
    Hello { $name },

    this is new for you in “{ $workspace }”:

    { $lines }

    Waiting for you now: { $waiting }
      { $inbox }

    Notification settings:
      { $settings }
