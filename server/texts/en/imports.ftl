# The workbook with the rows that an import could not take
import-line = Line
import-column = Column
import-value = Value
import-reason = Reason
import-errors-rows = Rows to correct
import-errors-list = What is wrong
import-errors-file = { $name } – rows with faults
# The state of a record whose flow has approved it, as a cell says it
import-approved = Approved
export-no-access = No access
