# The file with the rows that an import could not take
import-line = 行號
import-reason = 原因
import-errors-file = { $name } – 有錯誤的列
# The state of a record whose flow has approved it, as a cell says it
import-approved = 已核准
