# Faults of formulas
fault-formula-unexpected = “{ $text }” is not expected here.
fault-formula-unfinished = The formula is not finished.
fault-formula-unclosed-parenthesis = This parenthesis is not closed.
fault-formula-unclosed-text = The text has no closing quote.
fault-formula-unclosed-bracket = The name has no closing bracket.
fault-formula-number = “{ $text }” is not a number of at most 28 digits.
fault-formula-too-long = The formula is too long: at most { $max } KB.
fault-formula-too-deep = The formula is nested too deep: at most { $max } levels.
fault-unknown-function = There is no function { $function }.
fault-unknown-parameter = The app has no parameter “{ $parameter }”.
fault-unknown-field-like = There is no field “{ $field }”. Is it “{ $like }”?
fault-formula-brackets = “{ $field }” is written with brackets in a formula: { $like }
fault-ambiguous-name = Several fields are called “{ $name }”; please write { $like }.
fault-formula-literal = { $function } does not know “{ $text }”.
fault-formula-parameter = PARAM takes a text that is written out.
fault-formula-over-rows = { $function } reads the rows around the formula: it takes one of their other columns by its name, and stands only where there are rows.
fault-formula-form = { $function } begins with the name of a form, such as { $function }(Order, …).
fault-formula-field-of = Here a field of the counted form is expected, such as { $form }.… .
fault-formula-condition = A condition over “{ $form }” compares its fields with =, <>, <, <=, >, >=, ISEMPTY, CONTAINS, STARTSWITH, ENDSWITH, BETWEEN, HASANY or HASALL, joined by and, or, not. Compute nothing with them here.
fault-too-many-figures = A formula asks at most { $max } figures of other forms.
fault-asks-others = Figures over other forms can't be used here.
fault-random-value = A value by chance would be another one each time. Use it as a default.
fault-formula-arity = { $function } takes { $min } to { $max } arguments, not { $count }.
fault-formula-type =
    This must give { $expected ->
        [bool] yes or no
        [number] a number
        [text] text
        [date] a date
        [datetime] a date and time
        [time] a time
        [ref] a record or member
        [list] a list
        [rows] a sub-form
       *[any] any value
    }, not { $found ->
        [bool] yes or no
        [number] a number
        [text] text
        [date] a date
        [datetime] a date and time
        [time] a time
        [ref] a record or member
        [list] a list
        [rows] a sub-form
       *[any] any value
    }.
fault-formula-operand =
    “{ $operator }” can't be used on { $found ->
        [bool] yes or no
        [number] a number
        [text] text
        [date] a date
        [datetime] a date and time
        [time] a time
        [ref] a record or member
        [list] a list
        [rows] a sub-form
       *[any] any value
    }.
fault-formula-operands =
    “{ $operator }” can't be used on { $left ->
        [bool] yes or no
        [number] a number
        [text] text
        [date] a date
        [datetime] a date and time
        [time] a time
        [ref] a record or member
        [list] a list
        [rows] a sub-form
       *[any] any value
    } and { $right ->
        [bool] yes or no
        [number] a number
        [text] text
        [date] a date
        [datetime] a date and time
        [time] a time
        [ref] a record or member
        [list] a list
        [rows] a sub-form
       *[any] any value
    }.
fault-formula-argument =
    Argument { $place } of { $function } must be { $expected ->
        [single] a single value
        [bool] yes or no
        [number] a number
        [text] text
        [date] a date
        [time] a time
        [moment] a date or time
        [numbers] numbers
        [number_list] a list of numbers
        [ordered] numbers or dates
        [list] a list
        [dates] dates
        [values] values
        [ref] members or departments
        [key] a text written out
       *[any] any value
    }, not { $found ->
        [bool] yes or no
        [number] a number
        [text] text
        [date] a date
        [datetime] a date and time
        [time] a time
        [ref] a record or member
        [list] a list
        [rows] a sub-form
       *[any] any value
    }.

# Functions of formulas
fn-topic-logic = Logic
fn-topic-number = Numbers
fn-topic-statistics = Totals
fn-topic-text = Text
fn-topic-date = Dates
fn-topic-list = Lists
fn-topic-finance = Finance
fn-topic-records = Other forms
fn-topic-people = People
fn-IF = One value if a condition holds, else another.
fn-IF-params = condition, if true, if false
fn-IFS = The value behind the first condition that holds.
fn-IFS-params = condition, value
fn-SWITCH = The result behind the case that equals a value.
fn-SWITCH-params = value, case, result, otherwise
fn-CHOOSE = The value at a place.
fn-CHOOSE-params = place, value
fn-AND = True if all conditions hold.
fn-AND-params = condition
fn-OR = True if at least one condition holds.
fn-OR-params = condition
fn-NOT = True if a condition does not hold.
fn-NOT-params = condition
fn-XOR = True if an odd number of conditions hold.
fn-XOR-params = condition
fn-TRUE = The value true.
fn-TRUE-params = { "" }
fn-FALSE = The value false.
fn-FALSE-params = { "" }
fn-EMPTY = No value.
fn-EMPTY-params = { "" }
fn-ISEMPTY = Whether a value is empty.
fn-ISEMPTY-params = value
fn-ISBLANK = Whether a value is empty.
fn-ISBLANK-params = value
fn-IFEMPTY = A value, or another where it is empty.
fn-IFEMPTY-params = value, if empty
fn-COALESCE = The first value that is not empty.
fn-COALESCE-params = value
fn-IFERROR = A value, or another where it is an error.
fn-IFERROR-params = value, if error
fn-IFNA = A value, or another where it is #N/A.
fn-IFNA-params = value, if not found
fn-ISNA = Whether a value is the error #N/A.
fn-ISNA-params = value
fn-ISERROR = Whether a value is an error.
fn-ISERROR-params = value
fn-ISNUMBER = Whether a value is a number.
fn-ISNUMBER-params = value
fn-ISTEXT = Whether a value is text.
fn-ISTEXT-params = value
fn-ISDATE = Whether a value is a date.
fn-ISDATE-params = value
fn-ISLOGICAL = Whether a value is yes or no.
fn-ISLOGICAL-params = value
fn-NA = The error #N/A.
fn-NA-params = { "" }
fn-PARAM = The value of a parameter of the app.
fn-PARAM-params = parameter's code
fn-ME = The member who is acting.
fn-ME-params = { "" }
fn-ROUND = Rounds half away from zero.
fn-ROUND-params = number, decimals
fn-ROUNDUP = Rounds away from zero.
fn-ROUNDUP-params = number, decimals
fn-ROUNDDOWN = Rounds towards zero.
fn-ROUNDDOWN-params = number, decimals
fn-ROUNDEVEN = Rounds half to the even digit.
fn-ROUNDEVEN-params = number, decimals
fn-TRUNC = Cuts off decimals.
fn-TRUNC-params = number, decimals
fn-INT = Rounds down to a whole number.
fn-INT-params = number
fn-DECIMALS = How many decimals a number has; of several, the most.
fn-DECIMALS-params = number
fn-ABS = The number without its sign.
fn-ABS-params = number
fn-SIGN = 1, 0 or -1 by the sign.
fn-SIGN-params = number
fn-MOD = The rest of a division.
fn-MOD-params = number, divisor
fn-QUOTIENT = The whole part of a division.
fn-QUOTIENT-params = number, divisor
fn-POWER = A number to a power.
fn-POWER-params = number, power
fn-SQRT = The square root.
fn-SQRT-params = number
fn-EXP = e to a power.
fn-EXP-params = power
fn-LN = The natural logarithm.
fn-LN-params = number
fn-LOG = The logarithm, to base 10 unless said.
fn-LOG-params = number, base
fn-LOG10 = The logarithm to base 10.
fn-LOG10-params = number
fn-CEILING = Rounds up to a multiple.
fn-CEILING-params = number, multiple
fn-FLOOR = Rounds down to a multiple.
fn-FLOOR-params = number, multiple
fn-MROUND = Rounds to the nearest multiple.
fn-MROUND-params = number, multiple
fn-PI = The number pi.
fn-PI-params = { "" }
fn-CLAMP = Keeps a number between a least and a greatest one.
fn-CLAMP-params = number, least, greatest
fn-BETWEEN = Whether a value lies between two others, both included.
fn-BETWEEN-params = value, from, to
fn-ALLOCATE = Splits a total by weights so that the parts add up to it.
fn-ALLOCATE-params = total, weights, decimals
fn-RMBCAP = An amount of yuan in Chinese capitals.
fn-RMBCAP-params = amount, ending
fn-FIXED = A number as text with fixed decimals.
fn-FIXED-params = number, decimals, no separators
fn-SUMSQ = The sum of the squares.
fn-SUMSQ-params = number
fn-EVEN = Rounds away from zero to an even number.
fn-EVEN-params = number
fn-ODD = Rounds away from zero to an odd number.
fn-ODD-params = number
fn-ISEVEN = Whether a number is even.
fn-ISEVEN-params = number
fn-ISODD = Whether a number is odd.
fn-ISODD-params = number
fn-GCD = The greatest common divisor.
fn-GCD-params = number
fn-LCM = The least common multiple.
fn-LCM-params = number
fn-FACT = The product of all whole numbers up to one.
fn-FACT-params = number
fn-COMBIN = In how many ways some can be chosen of many, in any order.
fn-COMBIN-params = many, some
fn-PERMUT = In how many ways some can be chosen of many, one after another.
fn-PERMUT-params = many, some
fn-SIN = The sine of an angle in radians.
fn-SIN-params = angle
fn-COS = The cosine of an angle in radians.
fn-COS-params = angle
fn-TAN = The tangent of an angle in radians.
fn-TAN-params = angle
fn-ASIN = The angle that has a sine.
fn-ASIN-params = sine
fn-ACOS = The angle that has a cosine.
fn-ACOS-params = cosine
fn-ATAN = The angle that has a tangent.
fn-ATAN-params = tangent
fn-ATAN2 = The angle of the way to a point.
fn-ATAN2-params = x, y
fn-RADIANS = Degrees as radians.
fn-RADIANS-params = degrees
fn-DEGREES = Radians as degrees.
fn-DEGREES-params = radians
fn-DISTANCE = The metres between two places, each “latitude,longitude”.
fn-DISTANCE-params = place, other place
fn-SUM = Adds up numbers; empty ones are left out.
fn-SUM-params = number
fn-SUMIF = Adds up the numbers where a criterion holds.
fn-SUMIF-params = tested list, criterion, numbers
fn-SUMIFS = Adds up the numbers where all criteria hold.
fn-SUMIFS-params = numbers, tested list, criterion
fn-SUMPRODUCT = Multiplies lists row by row and adds up.
fn-SUMPRODUCT-params = numbers
fn-COUNT = Counts numbers and dates.
fn-COUNT-params = value
fn-COUNTA = Counts what is not empty; the rows of a sub-form.
fn-COUNTA-params = value
fn-COUNTBLANK = Counts what is empty.
fn-COUNTBLANK-params = value
fn-COUNTIF = Counts the values for which a criterion holds.
fn-COUNTIF-params = tested list, criterion
fn-COUNTIFS = Counts the rows for which all criteria hold.
fn-COUNTIFS-params = tested list, criterion
fn-COUNTUNIQUE = Counts different values.
fn-COUNTUNIQUE-params = value
fn-AVERAGE = The average; empty values are left out.
fn-AVERAGE-params = number
fn-AVERAGEIF = The average of the numbers where a criterion holds.
fn-AVERAGEIF-params = tested list, criterion, numbers
fn-AVERAGEIFS = The average of the numbers where all criteria hold.
fn-AVERAGEIFS-params = numbers, tested list, criterion
fn-MIN = The least number or earliest date.
fn-MIN-params = value
fn-MAX = The greatest number or latest date.
fn-MAX-params = value
fn-MINIFS = The least of the numbers where all criteria hold.
fn-MINIFS-params = numbers, tested list, criterion
fn-MAXIFS = The greatest of the numbers where all criteria hold.
fn-MAXIFS-params = numbers, tested list, criterion
fn-PRODUCT = Multiplies numbers.
fn-PRODUCT-params = number
fn-LARGE = The k-th greatest number.
fn-LARGE-params = numbers, k
fn-SMALL = The k-th least number.
fn-SMALL-params = numbers, k
fn-MEDIAN = The number in the middle.
fn-MEDIAN-params = number
fn-MODE = The number that comes most often.
fn-MODE-params = number
fn-PERCENTILE = The number below which a share of the others lies.
fn-PERCENTILE-params = numbers, share
fn-QUARTILE = The number at a quarter, the half or three quarters.
fn-QUARTILE-params = numbers, quarter
fn-TRIMMEAN = The average without the greatest and the least.
fn-TRIMMEAN-params = numbers, share left out
fn-GEOMEAN = The geometric mean.
fn-GEOMEAN-params = number
fn-VAR = The variance of a sample.
fn-VAR-params = number
fn-RANK = The rank of a number among others.
fn-RANK-params = number, numbers, ascending
fn-VARP = The variance of all values.
fn-VARP-params = number
fn-STDEV = The standard deviation of a sample.
fn-STDEV-params = number
fn-STDEVP = The standard deviation of all values.
fn-STDEVP-params = number
fn-CORREL = How two lists go together, from -1 to 1.
fn-CORREL-params = numbers, other numbers
fn-CONCATENATE = Joins texts.
fn-CONCATENATE-params = text
fn-CONCAT = Joins texts.
fn-CONCAT-params = text
fn-TEXTJOIN = Joins texts with a separator.
fn-TEXTJOIN-params = separator, skip empty, text
fn-JOIN = Joins a list with a separator.
fn-JOIN-params = list, separator
fn-SPLIT = Splits a text into a list.
fn-SPLIT-params = text, separator
fn-LEFT = The first characters.
fn-LEFT-params = text, count
fn-RIGHT = The last characters.
fn-RIGHT-params = text, count
fn-MID = Characters from the middle.
fn-MID-params = text, start, count
fn-LEN = The number of characters.
fn-LEN-params = text
fn-LENB = The length, in which a Chinese character counts two.
fn-LENB-params = text
fn-TRIM = Takes away needless spaces.
fn-TRIM-params = text
fn-CLEAN = Takes away line breaks and other invisible characters.
fn-CLEAN-params = text
fn-UPPER = In upper case.
fn-UPPER-params = text
fn-LOWER = In lower case.
fn-LOWER-params = text
fn-PROPER = Each word begins with a capital.
fn-PROPER-params = text
fn-HALFWIDTH = Full-width characters as plain ones.
fn-HALFWIDTH-params = text
fn-NORMALIZE = Text as it is compared in searches: case, width and needless spaces do not count.
fn-NORMALIZE-params = text
fn-REPLACE = Replaces characters by their place.
fn-REPLACE-params = text, start, count, new text
fn-SUBSTITUTE = Replaces one text by another.
fn-SUBSTITUTE-params = text, old text, new text, which
fn-FIND = Where a text is found; case matters.
fn-FIND-params = part, text, start
fn-SEARCH = Where a text is found; case does not matter.
fn-SEARCH-params = part, text, start
fn-TEXTBEFORE = The text before a mark; from the end with a negative place.
fn-TEXTBEFORE-params = text, mark, which
fn-TEXTAFTER = The text after a mark; from the end with a negative place.
fn-TEXTAFTER-params = text, mark, which
fn-CONTAINS = Whether a text contains another, or a list an item.
fn-CONTAINS-params = text or list, part
fn-STARTSWITH = Whether a text begins with another.
fn-STARTSWITH-params = text, beginning
fn-ENDSWITH = Whether a text ends with another.
fn-ENDSWITH-params = text, ending
fn-EXACT = Whether two texts are exactly the same.
fn-EXACT-params = text, other text
fn-REPT = Repeats a text.
fn-REPT-params = text, times
fn-TEXT = A number or date as text by a pattern.
fn-TEXT-params = number or date, pattern
fn-TEXT-words = two decimals, digits in groups of three, per cent, filled with noughts, 2026-11-22, 2026年11月22日, the day of the week, hours and minutes, a duration in hours
fn-VALUE = A text as a number.
fn-VALUE-params = text
fn-CHAR = The character of a code.
fn-CHAR-params = code
fn-CODE = The code of the first character.
fn-CODE-params = text
fn-TODAY = Today's date.
fn-TODAY-params = { "" }
fn-NOW = The date and time now.
fn-NOW-params = { "" }
fn-SYSTIME = The date and time now.
fn-SYSTIME-params = { "" }
fn-DATE = A date from year, month and day.
fn-DATE-params = year, month, day
fn-TIME = A time of day.
fn-TIME-params = hour, minute, second
fn-DATETIME = A date and a time of day together.
fn-DATETIME-params = date, time
fn-YEAR = The year.
fn-YEAR-params = date
fn-QUARTER = The quarter.
fn-QUARTER-params = date
fn-MONTH = The month.
fn-MONTH-params = date
fn-DAY = The day of the month.
fn-DAY-params = date
fn-HOUR = The hour.
fn-HOUR-params = time
fn-MINUTE = The minute.
fn-MINUTE-params = time
fn-SECOND = The second.
fn-SECOND-params = time
fn-WEEKDAY = The day of the week: 1 is Sunday, with type 2 Monday.
fn-WEEKDAY-params = date, type
fn-WEEKNUM = The week of the year.
fn-WEEKNUM-params = date, type
fn-ISOWEEKNUM = The ISO week.
fn-ISOWEEKNUM-params = date
fn-DAYS = The days between two dates.
fn-DAYS-params = end, start
fn-DAYS360 = The days between two dates in months of thirty days.
fn-DAYS360-params = start, end, European rule
fn-DATEDIF = Whole years, months or days between two dates.
fn-DATEDIF-params = start, end, unit
fn-DATEDIF-words = whole years, whole months, days, whole weeks, months beyond whole years, days beyond whole months, days beyond whole years
fn-DATEADD = A date some days, months, years … later.
fn-DATEADD-params = date, amount, unit
fn-DATEADD-words = years, quarters, months, weeks, days, hours, minutes, seconds
fn-DATEDELTA = A date some days later.
fn-DATEDELTA-params = date, days
fn-EDATE = The same day some months later.
fn-EDATE-params = date, months
fn-EOMONTH = The last day of a month some months later.
fn-EOMONTH-params = date, months
fn-STARTOF = The first day of the week, month, quarter or year.
fn-STARTOF-params = date, unit
fn-STARTOF-words = of the year, of the quarter, of the month, of the week (from Monday)
fn-ENDOF = The last day of the week, month, quarter or year.
fn-ENDOF-params = date, unit
fn-ENDOF-words = of the year, of the quarter, of the month, of the week (to Sunday)
fn-DAYSINMONTH = How many days the month has.
fn-DAYSINMONTH-params = date
fn-WORKDAY = The date some working days later.
fn-WORKDAY-params = date, days, holidays, worked weekends
fn-NETWORKDAYS = The working days between two dates, both included.
fn-NETWORKDAYS-params = start, end, holidays, worked weekends
fn-ISWORKDAY = Whether people work on a day.
fn-ISWORKDAY-params = date, holidays, worked weekends
fn-DATEVALUE = A text or moment as a date.
fn-DATEVALUE-params = text or moment
fn-TIMEVALUE = A text or moment as a time of day.
fn-TIMEVALUE-params = text or moment
fn-DATETIMEVALUE = A text, or milliseconds since 1970, as a date and time.
fn-DATETIMEVALUE-params = text or milliseconds
fn-TIMESTAMP = The milliseconds since 1970.
fn-TIMESTAMP-params = date
fn-INDEX = The item at a place; from the end with a negative one.
fn-INDEX-params = list, place
fn-PREV = What another column of the same rows holds in the row before this one; nothing in the first. For formulas of columns.
fn-PREV-params = column
fn-RUNNING = The sum of another column of the same rows, from the first row to this one. For formulas of columns.
fn-RUNNING-params = column
fn-FIRST = The first value of a list that is not empty.
fn-FIRST-params = list
fn-LAST = The last value of a list that is not empty.
fn-LAST-params = list
fn-UNIQUE = The different values of a list.
fn-UNIQUE-params = list
fn-UNION = The different values of several lists.
fn-UNION-params = list
fn-INTERSECT = The different values that are in both lists.
fn-INTERSECT-params = list, other list
fn-EXCEPT = The different values that are not in another list.
fn-EXCEPT-params = list, other list
fn-HASANY = Whether a list has at least one of some values.
fn-HASANY-params = list, values
fn-HASALL = Whether a list has all of some values.
fn-HASALL-params = list, values
fn-SORT = A list in order.
fn-SORT-params = list, descending
fn-SORTBY = A list in the order of another.
fn-SORTBY-params = list, order by, descending
fn-REVERSE = A list from its end to its start.
fn-REVERSE-params = list
fn-TAKE = The first items of a list, or the last with a negative number.
fn-TAKE-params = list, count
fn-FILTER = The items in whose rows all criteria hold.
fn-FILTER-params = list, tested list, criterion
fn-SEQUENCE = Numbers at equal steps.
fn-SEQUENCE-params = count, start, step
fn-MATCH = The place of a value in a list.
fn-MATCH-params = value, list
fn-LOOKUP = Finds a value in one list and gives what is beside it in another.
fn-LOOKUP-params = value, searched list, result list, if not found
fn-PMT = The payment of a loan in each period.
fn-PMT-params = rate, periods, amount, future value, type
fn-IPMT = The interest in a payment.
fn-IPMT-params = rate, period, periods, amount, future value, type
fn-PPMT = The principal in a payment.
fn-PPMT-params = rate, period, periods, amount, future value, type
fn-FV = What savings or a loan become.
fn-FV-params = rate, periods, payment, amount, type
fn-PV = What future payments are worth today.
fn-PV-params = rate, periods, payment, future value, type
fn-NPER = How many periods a loan takes.
fn-NPER-params = rate, payment, amount, future value, type
fn-NPV = What later payments are worth one period before the first.
fn-NPV-params = rate, payment
fn-IRR = The rate at which payments in and out are worth nothing.
fn-IRR-params = payment
fn-SLN = Depreciation in equal parts.
fn-SLN-params = cost, rest value, life
fn-SYD = Depreciation by the sum of the years.
fn-SYD-params = cost, rest value, life, year
fn-DDB = Depreciation by a share of what is left.
fn-DDB-params = cost, rest value, life, year, factor
fn-SUMOF = The sum of a field over the records of a form that meet a condition.
fn-SUMOF-params = form, condition, field
fn-COUNTOF = How many records of a form meet a condition.
fn-COUNTOF-params = form, condition, field
fn-AVGOF = The average of a field over the records of a form that meet a condition.
fn-AVGOF-params = form, condition, field
fn-MINOF = The least value of a field among the records of a form that meet a condition.
fn-MINOF-params = form, condition, field
fn-MAXOF = The greatest value of a field among the records of a form that meet a condition.
fn-MAXOF-params = form, condition, field
fn-FIRSTOF = A field of the first record of a form that meets a condition.
fn-FIRSTOF-params = form, condition, field
fn-LASTOF = A field of the newest record of a form that meets a condition.
fn-LASTOF-params = form, condition, field
fn-MAPX = A field over the records of a form in which one field is this value: sum, count, avg, min, max, first or last.
fn-MAPX-params = which of them, value, field that is the value, field
fn-MAPX-words = added up, how many, on average, the smallest, the largest, the first, the last
fn-RECNO = The number of this record among those of its form, by the time they were made.
fn-RECNO-params = { "" }
fn-UUID = A new identifier that no other is the same as.
fn-UUID-params = { "" }
fn-RAND = A number by chance, at least 0 and less than 1.
fn-RAND-params = { "" }
fn-TEXTUSER = What members are called.
fn-TEXTUSER-params = member
fn-TEXTDEPT = What departments are called.
fn-TEXTDEPT-params = department
fn-GETUSERNAME = What you are called.
fn-GETUSERNAME-params = { "" }
fn-TEXTPHONE = A phone number as text.
fn-TEXTPHONE-params = phone number
fn-TEXTLOCATION = The address of a location, or one of its coordinates.
fn-TEXTLOCATION-params = location, part
