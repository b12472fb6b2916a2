# The file with the rows that an import could not take
import-line = Line
import-reason = Reason
import-errors-file = { $name } – rows with faults
