public-unreachable = The server can't be reached. What you enter is kept here and sent once it is back.
public-from = A form of { $workspace }
public-no-passwords = Never enter passwords
public-locked = This form is locked
public-locked-text = Enter the password that you were given with the link.
public-password = Password
public-password-needed = Enter the password
public-unlock = Open the form
public-unknown = There is no form here
public-unknown-text = Part of the link may be missing, or it was replaced by another one. Ask whoever sent it to you.
public-closed = This form takes no more answers
public-closed-text = It was switched off, its time is over, or it has had enough answers. Ask whoever sent you the link.
public-many = Too many requests at once
public-many-text = { $seconds ->
    [one] It goes on by itself in 1 second.
   *[other] It goes on by itself in { $seconds } seconds.
}
public-taken = Thank you
public-taken-text = Your answer has arrived.
public-again = Another answer
public-type-more = Type at least two characters
public-page = Page { $number } of { $count }
public-progress = Progress
public-restored = What you entered here before has been brought back, but for files.
public-start-over = Start over
public-waits-to-send = Kept here; it is sent as soon as the server is back
public-sent-again = { $seconds ->
    [one] A lot is coming in; sent again in 1 second
   *[other] A lot is coming in; sent again in { $seconds } seconds
}
public-sending = On its way …
public-not-kept = This browser keeps nothing: leave this page only once it is sent
public-kept = Kept on this device
public-send = Send
public-next = Next
public-back = Back
