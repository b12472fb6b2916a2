# Faults of values
fault-required = Please fill this in.
fault-wrong-type = This value has the wrong type.
fault-not-a-number = This is not a number.
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
fault-unknown-choice = “{ $choice }” is not one of the choices.
fault-too-few = At least { $min }.
fault-too-many = At most { $max }.
fault-twice = The same entry is there twice.
fault-formula-error = The formula gives { $error }.
fault-unknown-field = There is no field “{ $field }”.
fault-unknown-row = This row no longer exists.
fault-not-writable = This field can't be set here.
fault-validation = The check “{ $key }” does not hold.
fault-not-unique = This value exists already.
fault-dead-link = The linked record no longer exists or can't be seen.
fault-file-too-large = “{ $name }” is larger than { $max }.
fault-file-type = “{ $name }” is none of the allowed types: { $types }.

# Faults of designs
fault-unknown-format = This format number is not known: { $format }.
fault-invalid-key = A key starts with a letter and has only a–z, 0–9 and _, at most 63 characters.
fault-duplicate-key = The key “{ $key }” is used twice.
fault-label-missing = A label is missing.
fault-no-fields = A form needs at least one field.
fault-unknown-kind = There is no field kind “{ $kind }”.
fault-invalid-options = The options don't fit this kind: { $detail }
fault-unknown-form = There is no form “{ $form }”.
fault-not-a-link = “{ $field }” is not a link.
fault-not-a-subform = “{ $field }” is not a sub-form.
fault-nested-subform = A sub-form can't contain another sub-form.
fault-no-choices = At least one choice is needed.
fault-min-over-max = The minimum is above the maximum.
fault-bad-pattern = The pattern is not a regular expression: { $detail }
fault-not-allowed-here = “{ $what }” is not possible for this kind.
fault-cycle = These fields depend on each other in a circle: { $fields }
fault-unknown-operator = “{ $operator }” can't be used with “{ $field }”.
fault-bad-operand = The value does not fit “{ $field }”.
fault-eq-null = Use “is empty” in place of comparing with nothing.
fault-not-stored = “{ $field }” is computed when it is read and can't be used here.
fault-through-link = “{ $field }” is read from a linked record, which changes without this one. Copy it into a field of the form and use that.
fault-time-dependent = A condition here may not depend on the date or on who looks.
fault-field-in-use = “{ $field }” is used by { $by }.
fault-field-unknown-in-layout = The layout names “{ $field }”, which does not exist.
fault-serial-needs-one-counter = A serial number needs exactly one counter.
fault-serial-part = A part of a serial number is a text, a date, a field or the counter.
fault-unknown-format = Format { $format } is not known to this version.

# Faults of packages
fault-invalid-document = The file can't be read: { $detail }
fault-file-missing = This file is missing.
fault-unknown-file = This file does not belong into a package.
fault-key-differs = The key “{ $key }” differs from the file's name.
fault-unknown-package = There is no package “{ $package }”.
fault-demo-without-key = The first line has no $key.
fault-no-default-arm = A branch needs a default arm.
fault-not-supported-yet = “{ $what }” can't be used in this version.

# What a broken constraint says
breach = { $message } ({ $measure } is { $before } and would be { $after })
breach-of-group = { $message } ({ $group }: { $measure } is { $before } and would be { $after })
