# The file with the rows that an import could not take
import-line = 行号
import-reason = 原因
import-errors-file = { $name } – 有错误的行
# The state of a record whose flow has approved it, as a cell says it
import-approved = 已通过
