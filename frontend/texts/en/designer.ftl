# The form designer.

designer-title = Design
designer-palette = Field kinds
designer-search-kind = Search kinds
designer-group-basic = Basic
designer-group-more = More
designer-group-links = Links
designer-group-parts = Layout
designer-kind-text = Text
designer-kind-long-text = Long text
designer-kind-number = Number
designer-kind-money = Money
designer-kind-percent = Percent
designer-kind-date = Date
designer-kind-datetime = Date & time
designer-kind-month = Month
designer-kind-switch = Switch
designer-kind-select = Select
designer-kind-multi-select = Multi-select
designer-kind-phone = Phone
designer-kind-email = E-mail
designer-kind-member = Member
designer-kind-files = Files
designer-kind-formula = Formula
designer-kind-serial = Serial no.
designer-kind-link = Link
designer-kind-lookup = Lookup
designer-kind-rollup = Rollup
designer-kind-subform = Sub-form
designer-kind-time = Time
designer-kind-rating = Rating
designer-kind-url = Web address
designer-kind-id-card = ID card (China)
designer-kind-barcode = Barcode
designer-kind-rich-text = Rich text
designer-kind-location = Location
designer-kind-address = Address
designer-kind-cascader = Cascading choice
designer-kind-json = JSON
designer-kind-divider = Section title
designer-kind-tabs = Tabs
designer-choice = Choice { $number }
designer-step-add = Add “{ $name }”
designer-step-remove = Remove “{ $name }”
designer-step-change = Change “{ $name }”
designer-step-move = Move “{ $name }”
designer-undo = Undo
designer-redo = Redo
designer-undo-step = Undo: { $name }
designer-redo-step = Redo: { $name }
designer-no-step = There is nothing to undo or redo
designer-canvas = Canvas
designer-live = Try it: rules and formulas run here
designer-empty = No fields yet
designer-empty-text = Press a kind of field to add it here.
designer-unfinished = Not finished yet
designer-has-rule = Shown by a rule
designer-hidden-now = Not shown now
designer-move-up = Move up
designer-move-down = Move down
designer-remove = Remove field
designer-section = Section title
designer-tab = Tab
designer-remove-section = Remove section title
designer-remove-tab = Remove tab, keep its fields
designer-tab-new = Tab { $number }
designer-add-tab = Add a tab
designer-tab-empty = Nothing here yet. Drag a field here, or press a kind of field while this tab is selected.
designer-panes = What is shown
designer-properties = Properties
designer-form-name = Form name
designer-record-title = Record title
designer-record-title-help = What a record is called. Write {"{"}name{"}"} where the value of the field with the code “name” belongs. Left empty: the first text field.
designer-nothing-selected = No field is selected
designer-nothing-selected-text = Press a field on the canvas to set it up here.
designer-label = Label
designer-help = Help
designer-key = Code
designer-key-help = Used by programs and formulas; never changes.
designer-width = Width
designer-width-full = Full
designer-required = Required
designer-unique = No duplicates
designer-default = Default
designer-default-value = Value
designer-compute = Computed when saved
designer-compute-help = With a formula, people can't set this field themselves.
designer-visible-when = Shown when
designer-required-when = Required when
designer-formula = Formula
designer-formula-at = “{ $place }”: { $fault }
designer-formula-hint = Such as Quantity * Price
designer-gives-any = This formula is right
designer-gives-bool = Gives yes or no
designer-gives-number = Gives a number
designer-gives-text = Gives text
designer-gives-date = Gives a date
designer-gives-datetime = Gives a date and time
designer-gives-time = Gives a time of day
designer-gives-ref = Gives a record
designer-gives-list = Gives several values
designer-gives-rows = Gives rows
designer-gives-here = { $gives }, { $value } on the canvas
designer-suggestions = Fields and functions
designer-result = Result
designer-result-number = Number
designer-result-text = Text
designer-result-date = Date
designer-result-datetime = Date and time
designer-result-bool = Yes or no
designer-scale = Decimal places
designer-min = Smallest
designer-max = Largest
designer-unit = Unit
designer-currency = Currency, such as USD
designer-max-length = Most characters
designer-max-count = Most files
designer-choices = Choices
designer-choice-name = Name of the choice
designer-add-choice = Add a choice
designer-linked-form = Linked form
designer-link = Through the link
designer-shown-field = Field to show
designer-rolled-form = Form to roll up
designer-link-back = Its link to this form
designer-function = Function
designer-rolled-field = Field to roll up
designer-fn-count = Count
designer-fn-sum = Sum
designer-fn-avg = Average
designer-fn-min = Smallest
designer-fn-max = Largest
designer-fn-first = First
designer-fn-last = Last
designer-fn-distinct = Distinct count
designer-min-length = Fewest characters
designer-pattern = Pattern (regular expression)
designer-format = What it is
designer-format-plain = Any text
designer-format-code = A code
designer-format-mobile = Mobile phone (China)
designer-format-tel = Telephone
designer-format-email = E-mail
designer-format-url = Web address
designer-format-id-card = ID card (China)
designer-format-plate = Number plate (China)
designer-format-postcode = Postcode (6 digits)
designer-thousands = Without separators between thousands
designer-earliest = Earliest
designer-latest = Latest
designer-precision = As exact as
designer-precision-year = Year
designer-precision-month = Month
designer-precision-day = Day
designer-precision-minute = Minute
designer-precision-second = Second
designer-allow-other = People may enter another choice
designer-choices-from = Choices from another form
designer-choices-field = Field that gives the choices
designer-fewest-choices = Fewest choices
designer-most-choices = Most choices
designer-stars = Stars
designer-barcode = Kind of code
designer-barcode-any = Any
designer-barcode-ean13 = EAN-13
designer-barcode-ean8 = EAN-8
designer-barcode-upc-a = UPC-A
designer-barcode-itf14 = ITF-14
designer-barcode-code128 = Code 128
designer-barcode-code39 = Code 39
designer-barcode-qr = QR code
designer-center = Around (latitude, longitude)
designer-radius = At most so many metres away
designer-current-only = Only where one is
designer-level = Down to
designer-regions = List of regions
designer-any-level = Every level can be chosen
designer-tree = Choices
designer-tree-help = One a line; two blanks at the beginning of a line put it below the line before.
designer-schema = JSON Schema
designer-columns = Columns
designer-add-column = Add a column
designer-problems = Problems
designer-go = Go to it
designer-has-problems = { $count ->
    [one] One problem has to be solved first
   *[other] { $count } problems have to be solved first
}
designer-nothing-changed = There is nothing to publish
designer-saved = Saved
designer-saving = Saving…
designer-not-saved = The draft is not saved yet. Publish again in a moment.
designer-stays = The last changes could not be saved, so this page stays. Leave again to go without them.
designer-stays-unfinished = A formula is not finished, so this page stays. Leave again to go without it.
designer-unpublished = Not published yet
designer-publish = Publish
designer-publish-title = Publish this form?
designer-publish-text = Once published, people fill in the new form at once.
designer-published = Published
designer-change-form = Change the order or settings of the form
designer-formula-note = Records that are there get the value of a new or changed formula when they are next saved. A field that is a formula over linked records or today's date shows it at once.
designer-parts = Parts of the design
designer-part-form = Form
designer-part-flow = Flow
designer-kind = Kind
designer-kind-help = Values that are there are taken over where they fit. Before publishing you see what becomes of them.
designer-remove-question = Remove “{ $name }”?
designer-remove-used = These use the field:
designer-remove-blocks = The form can’t be published without the field as long as forms and aggregate tables among these use it.
designer-remove-anyway = Remove all the same
designer-use-formula = Formula of “{ $place }”
designer-use-default = Default of “{ $place }”
designer-use-visible-when = When “{ $place }” is shown
designer-use-required-when = When “{ $place }” must be filled in
designer-use-link = What “{ $place }” offers, shows or fills in
designer-use-lookup = Looked up by “{ $place }”
designer-use-rollup = Added up by “{ $place }”
designer-use-query = Listed by “{ $place }”
designer-use-serial = Part of the number “{ $place }”
designer-use-currency = Currency of “{ $place }”
designer-use-title = How records are called
designer-use-rule = Rule { $number }
designer-use-validation = Check “{ $place }”
designer-use-unique = Values that may not be there twice
designer-use-script = A script
designer-use-form = The form
designer-use-flow = Flow “{ $name }”, “{ $place }”
designer-use-flow-somewhere = Flow “{ $name }”
designer-use-group = Permission group “{ $name }”
designer-use-aggregate = Aggregate table “{ $name }”
designer-use-report = Report “{ $name }”
designer-use-dashboard = Dashboard “{ $name }”, “{ $place }”
designer-use-dashboard-somewhere = Dashboard “{ $name }”
designer-use-view = View “{ $name }”
designer-use-automation = Automation “{ $name }”
designer-use-elsewhere = { $what } in the form “{ $form }”
designer-use-in-another = { $what } in another form
designer-removed-fields = Removed and changed fields ({ $count })
designer-was-removed = { $kind }; { $count ->
    [one] { $count } value lies
   *[other] { $count } values lie
} here until { $at }
designer-was-kind = Was: { $kind }; { $count ->
    [one] { $count } value lies
   *[other] { $count } values lie
} here until { $at }
designer-put-back = Put back
designer-field-put-back = Put back into the draft. Its values are there again once it is published.
designer-purge = Delete for good
designer-purge-question = Delete the values of “{ $name }” for good?
designer-purge-text = Nobody can bring them back after that.
designer-purged = Deleted for good
designer-preview-looking = Looking what becomes of the records that are there
designer-preview-cut = There are too many records to look at all of them now: the numbers are of those that were looked at.
designer-preview-kind = { $name }: { $before } → { $after }
designer-preview-lost = { $count ->
    [one] { $count } value does not fit and is no longer shown
   *[other] { $count } values do not fit and are no longer shown
}
designer-preview-changed = { $count ->
    [one] { $count } value changes
   *[other] { $count } values change
}
designer-preview-kept = { $count ->
    [one] { $count } value stays
   *[other] { $count } values stay
}
designer-preview-returned = { $count ->
    [one] { $count } former value comes back
   *[other] { $count } former values come back
}
designer-preview-unfit = { $count ->
    [one] { $count } value stays, and has to be mended before its record can be saved again: { $why }
   *[other] { $count } values stay, and have to be mended before their records can be saved again: { $why }
}
designer-preview-missing = { $count ->
    [one] { $count } record has nothing in it, and has to be filled in at its next change
   *[other] { $count } records have nothing in it, and have to be filled in at their next change
}
designer-preview-duplicates = { $count ->
    [one] { $count } value is there several times: it has to be changed before publishing
   *[other] { $count } values are there several times: they have to be changed before publishing
}
designer-preview-removed = { $count ->
    [one] “{ $name }” goes, with { $count } value
   *[other] “{ $name }” goes, with { $count } values
}
designer-preview-now = Now
designer-preview-then = Then
designer-fate-lost = does not fit
designer-fate-unfit = has to be mended
designer-fate-duplicate = is there several times
designer-aside-note = What is lost here lies aside for some time. “Removed and changed fields” brings it back.
designer-compute-now = { $count ->
    [one] Compute { $fields } at once for the { $count } record that is there
   *[other] Compute { $fields } at once for the { $count } records that are there
}
designer-recomputed = Computed again in all records, since what they are computed from changes: { $fields }.
designer-computed = { $count ->
    [one] Computed anew: { $count } record changed
   *[other] Computed anew: { $count } records changed
}
designer-delete-form = Delete the form
designer-delete-form-question = Delete the form “{ $name }”?
designer-delete-form-text = It goes to the recycle bin of the app with all its records, and can be brought back from there.
designer-form-deleted = Form deleted; it lies in the recycle bin of the app
designer-kind-members = Members
designer-kind-department = Department
designer-kind-departments = Departments
designer-kind-images = Pictures
designer-kind-signature = Signature
designer-kind-links = Several links
designer-kind-query = List of records
designer-kind-note = Note
designer-within = Choose from
designer-my-departments = Departments of whoever fills it in
designer-my-subordinates = Those who report to whoever fills it in
designer-default-me = Begins with whoever fills it in
designer-note-text = Text
designer-note-first = Write here what people should know.
designer-tab-fields = Fields on this tab
designer-listed-form = Records of
designer-listed-columns = Columns
designer-listed-most = Records at a time
designer-default-linkage = From another form
designer-linkage-form = Copied from
designer-linkage-field = Field to copy
designer-match = Where
designer-match-there = Field of the other form
designer-match-here = Field of this form
designer-match-kept = A longer condition is kept as it is.
designer-add-match = Add a condition
designer-link-display = Also shown when choosing
designer-link-create = Offer to make a new one when choosing
designer-pinyin = Sort by pinyin
designer-on-target-delete = When the linked record is deleted
designer-delete-restrict = It can’t be deleted
designer-delete-cascade = This record is deleted too
designer-delete-clear = The link is emptied
