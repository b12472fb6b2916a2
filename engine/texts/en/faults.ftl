# Faults of values
fault-required = Please fill this in.
fault-wrong-type = This value has the wrong type.
fault-not-a-number = This is not a number.
fault-other-currency = This amount is kept in { $currency }; “{ $found }” is another currency.
fault-too-precise = At most { $scale } decimal places.
fault-out-of-range = At most 18 digits.
fault-too-small = Must be at least { $min }.
fault-too-large = Must be at most { $max }.
fault-too-short = At least { $min } characters.
fault-too-long = At most { $max } characters.
fault-pattern = Does not have the required form.
fault-not-a-date = This is not a date.
fault-not-a-month = This is not a month.
fault-not-a-moment = This is not a date and time.
fault-not-a-time = This is not a time of day.
fault-not-an-id = This entry does not exist.
fault-not-an-email = This is not an e-mail address.
fault-not-a-phone = This is not a phone number.
fault-not-a-url = This is not the address of a web page.
fault-not-an-id-card = This is not the number of an identity card.
fault-id-card-check = The check digit does not fit: please compare the number.
fault-not-a-barcode = This is no code of this kind ({ $format }).
fault-barcode-check = The check digit does not fit: please compare the number.
fault-not-json = This is not a JSON object, list, number or truth value.
fault-member-twice = The member “{ $member }” stands here twice.
fault-number-too-long = It holds a number with more than 28 digits.
fault-schema = At { $at } it does not meet “{ $rule }”.
fault-schema-too-much = This is too much to check against the schema.
fault-not-a-location = This is not a place: latitude and longitude, such as 31.23,121.47.
fault-latitude-first = The latitude comes first, such as 31.23,121.47; { $found } is none.
fault-too-far = { $away } m away; at most { $max } m are allowed.
fault-address-gap = A region is missing: start with the province.
fault-address-too-deep = This field asks for less: leave out “{ $part }”.
fault-unknown-part = There is no part “{ $part }”.
fault-unknown-region = There is no region “{ $name }” here.
fault-choice-not-last = Please choose down to the last level.
fault-unknown-choice = “{ $choice }” is not one of the choices.
fault-too-few = At least { $min }.
fault-too-many = At most { $max }.
fault-twice = The same entry is there twice.
fault-formula-error =
    This can't be computed: { $why ->
        [div0] it would divide by zero or by nothing
        [value] a value is not of the kind that is computed with here
        [num] a number or date is outside of what is possible
        [domain] { $function } takes no such number or date
        [ends_before] the end is before the start
        [ref] something that it reads is not there
        [na] nothing was found for it
        [limit] a number or text becomes too large
       *[other] it gives { $error }
    }.{ $reads ->
        [some] { " " }It is computed from { $fields }.
       *[none] { "" }
    }
fault-unknown-field = There is no field “{ $field }”.
fault-removed-field = “{ $field }” was removed.
fault-unfit-field = “{ $field }” holds something else than this flow needs there.
fault-unknown-row = This row no longer exists.
fault-not-writable = This field can't be set here.
fault-validation = The check “{ $key }” does not hold.
fault-not-unique = This value exists already.
fault-dead-link = The linked record no longer exists or can't be seen.
fault-looking-up = This name is being looked up.
fault-no-record-named = There is no record with exactly the name “{ $name }”. Choose it from the list.
fault-several-records-named = Several records have the name “{ $name }”. Choose one from the list.
fault-lookup-failed = “{ $name }” could not be looked up. Choose it from the list.
fault-file-too-large = “{ $name }” is larger than { $max }.
fault-file-type = “{ $name }” is none of the allowed types: { $types }.
fault-file-taken = This file belongs to another field or record. Please upload it here.
fault-not-within = This can't be chosen here.
fault-not-confirmed = Confirm that anybody may see the records that “{ $field }” offers.
fault-not-public = “{ $field }” can't be filled in by the public: it tells of members or of other records.
fault-shows-no-records = “{ $field }” shows no records of another form.
fault-named-twice = “{ $field }” is named twice.
fault-bad-origin = “{ $origin }” is not the address of a site, such as https://www.example.com.
fault-bad-pointer = The pointer begins with a / and names a member, such as /order/id.
fault-not-mappable = Nothing that comes from another system goes into “{ $field }”.
fault-key-without-update = Records are found by a key when they are changed, and not when each is new.
fault-key-not-unique = “{ $field }” may be the same in several records. Choose a field without doubles.
fault-key-not-mapped = The key “{ $field }” has to come with every message.
fault-subform-not-mapped = Of the sub-form itself it is not said where its rows come from.
fault-columns-not-mapped = It is not said what comes into the columns of “{ $field }”.
fault-member-missing = This member is missing.
fault-not-rows = This is not a list of rows.
fault-not-offered = This record is not among those that can be chosen here.

# Faults of designs
fault-unknown-format = Format { $format } is not known to this version.
fault-invalid-key = A code starts with a letter and has only a–z, 0–9 and _, at most 63 characters.
fault-duplicate-key = The code “{ $key }” is used twice.
fault-label-missing = A label is missing.
fault-no-fields = A form needs at least one field.
fault-unknown-kind = There is no field kind “{ $kind }”.
fault-invalid-options = The options don't fit this kind: { $detail }
fault-unknown-form = There is no form “{ $form }”.
fault-not-a-link = “{ $field }” is not a link.
fault-not-a-subform = “{ $field }” is not a sub-form.
fault-nested-subform = A sub-form can't contain another sub-form.
fault-not-a-picture = “{ $type }” is no type of picture.
fault-not-a-column = This kind can't be a column of a sub-form.
fault-nested-tabs = Tabs can't stand on another tab.
fault-no-choices = At least one choice is needed.
fault-choice-twice = The choice “{ $choice }” is there twice.
fault-min-over-max = The minimum is above the maximum.
fault-bad-pattern = The pattern is not a regular expression: { $detail }
fault-pattern-too-much = The pattern is too much work: its repetitions stand for too many parts.
fault-not-a-lookup = “{ $field }” has to be a lookup of “{ $from }” through this link: what is live is read, not stored.
fault-not-allowed-here = “{ $what }” is not possible for this kind.
fault-not-for-view = “{ $field }” is not of a kind that serves here.
fault-not-for-print = “{ $field }” is not of a kind that can be printed here.
fault-no-picture = This is no picture: PNG, JPEG, WebP or GIF as a data address.
fault-view-out-of-reach = This names a field that is gone, or that you may not see.
fault-cycle = These fields depend on each other in a circle: { $fields }
fault-too-many-formulas = A form has at most { $max } formulas.
fault-chain-too-long = At most { $max } formulas can build on each other.
fault-unknown-operator = “{ $operator }” can't be used with “{ $field }”.
fault-bad-operand = The value does not fit “{ $field }”.
fault-eq-null = Use “is empty” in place of comparing with nothing.
fault-not-stored = “{ $field }” is computed when it is read and can't be used here.
fault-through-link = “{ $field }” is read from a linked record, which changes without this one. Copy it into a field of the form and use that.
fault-time-dependent = A condition here may not depend on the date or on who looks.
fault-other-dimension = “{ $field }” is another kind of value than this dimension has in the first source: equal values have to mean the same.
fault-other-function = “{ $measure }” stands in several sources with different functions. Only sums and counts add up under one name.
fault-field-in-use = “{ $field }” is used by { $by }.
fault-field-unknown-in-layout = The layout names “{ $field }”, which does not exist.
fault-too-deep = At most { $max } levels.
fault-bad-keyword = This keyword of the schema has a wrong value.
fault-unknown-keyword = The keyword “{ $name }” is not checked here, so it can't be used.
fault-unknown-reference = “{ $name }” leads to no part of the schema.
fault-endless-reference = The schema refers to itself here without end.
fault-unknown-regions = There is no list of regions “{ $name }”.
fault-unknown-currency = There is no currency “{ $currency }” in ISO 4217.
fault-serial-needs-one-counter = A serial number needs exactly one counter.
fault-serial-part = A part of a serial number is a text, a date, a field or the counter.

# What is worth a look in a design and stands in no way
fault-one-choice = There is only one choice. A switch, or more choices, may be meant.
fault-link-without-title = Records of “{ $form }” have no title and no text to be told apart by when one is chosen.
fault-not-translated = Names of fields that are not written in each language of the form: { $count }.
fault-required-not-editable = It has to be filled in, and no group that adds records may fill it in: nobody but administrators can submit.
fault-hidden-from-all = Every permission group hides this field, so only administrators fill it in or see it.
fault-formula-shown-nowhere = Every permission group hides this computed field, and nothing in the form uses it.

# Faults of scripts
fault-script-syntax = Line { $line }, column { $column }: { $detail }.
fault-script-method = Line { $line }, column { $column }: “{ $name }” is called with all its arguments in brackets.
fault-script-name-taken = Line { $line }, column { $column }: “{ $name }” is given to the script and can't be defined.
fault-script-sets-inside = Line { $line }, column { $column }: only a variable of its own or a field of record is set. Lists and maps grow by +=.
fault-script-unknown-function = Line { $line }, column { $column }: there is no function “{ $name }” in scripts.
fault-script-arguments = Line { $line }, column { $column }: “{ $name }” takes at most { $max } arguments.
fault-script-names-form = Line { $line }, column { $column }: “{ $name }” takes the name of a form as a text that stands there.
fault-script-sets-field = The script sets “{ $field }”, which is no field that scripts set.
fault-unknown-table = There is no aggregate table “{ $name }”.
fault-unknown-script = There is no script “{ $name }”.
fault-script-not-administered = Only who administers its app can bind the script “{ $name }”.

# Faults of packages
fault-invalid-document =
    The file can't be read: { $why ->
        [encoding] it is no text in UTF-8
        [json] it is no JSON
        [csv] its lines have not the same columns, or are not UTF-8
        [texts] its texts are not written as they should be
        [unknown] it has no member “{ $member }” there
        [missing] the member “{ $member }” is missing
       *[other] something else belongs there
    }{ $place ->
        [column] { " " }(line { $line }, column { $column })
        [line] { " " }(line { $line })
       *[none] { "" }
    }.
fault-file-missing = This file is missing.
fault-unknown-file = This file does not belong into a package.
fault-key-differs = The code “{ $key }” differs from the file's name.
fault-unknown-package = There is no package “{ $package }”.
fault-invalid-version = “{ $version }” is not a version such as 1.4.2.
fault-version-too-old = “{ $package }” is needed in version { $needed } or later, and this is { $found }.
fault-demo-without-key = The first line has no $key.

# What a broken constraint says
breach = { $message } ({ $measure } is { $before } and would be { $after })
breach-of-group = { $message } ({ $group }: { $measure } is { $before } and would be { $after })
