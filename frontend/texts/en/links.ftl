links-title = Public links
links-part = Share
links-share = Share by a link
links-text = Whoever has a link fills in this form without an account. They see nothing but the fields that you choose.
links-new = New link
links-none = No public links yet
links-none-text = Make one, and hand it on as an address or as a code to scan.
links-state-open = Open
links-state-off = Switched off
links-state-expired = Its time is over
links-state-full = Full
links-state-revoked = Removed
links-answers = { $count ->
    [one] 1 answer
   *[other] { $count } answers
}
links-answers-of = { $count } of { $limit } answers
links-last = The last one { $at }
links-until = Until { $at }
links-with-password = With a password
links-embedded = { $count ->
    [one] On 1 other site
   *[other] On { $count } other sites
}
links-on-of = Take answers by “{ $name }”
links-more-of = What else can be done with “{ $name }”
links-code = Link and QR code
links-code-alt = QR code of the link
links-code-save = Save the picture
links-copy = Copy the link
links-copied = The link is copied
links-address = Link
links-edit = Change the link
links-renew = Another address
links-renew-title = Give “{ $name }” another address?
links-renew-text = The address that it has now leads nowhere from then on, wherever it was handed on.
links-remove = Remove
links-remove-title = Remove the link “{ $name }”?
links-remove-text = Nobody can fill in the form by it any more. The answers that came stay.
links-removed = The link is removed
links-make = Make the link
links-save = Save the link
links-saved = The link is saved
links-name = What it is called
links-name-needed = Give it a name
links-name-help = For you: each answer says by which link it came.
links-fields = What is filled in
links-lookup = I know that whoever has the link can look up the records behind “{ $field }”
links-last-day = Last day
links-last-day-help = Empty: without an end
links-limit = Answers at most
links-not-read = This can't be read
links-password = Password of the link
links-password-help = Empty: without one
links-password-kept = It has one; type another one to replace it
links-password-off = Without a password from now on
links-heading = Heading of the page
links-heading-help = Empty: the name of the form
links-intro = What stands under the heading
links-thanks = What one reads who has answered
links-thanks-help = Empty: a word of thanks
links-again = Offer to fill it in once more
links-embed = Sites that may show it
links-embed-help = One address a line. Without any, no other site can.
