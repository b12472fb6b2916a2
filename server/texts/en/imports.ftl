# The file with the rows that an import could not take
import-line = Line
import-reason = Reason
import-errors-file = { $name } – rows with faults
# The state of a record whose flow has approved it, as a cell says it
import-approved = Approved
