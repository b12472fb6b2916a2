mail-reset-subject = Choose a new password
mail-reset-body =
    Hello { $name },

    somebody, probably you, has forgotten the password of { $email } in “{ $workspace }”. With this link you choose another one within { $minutes } minutes:

    { $link }

    Whoever did not ask for this need do nothing: the password stays as it is.
