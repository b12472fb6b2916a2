# 导入未能接收的行所在的工作簿
import-line = 行号
import-column = 列
import-value = 值
import-reason = 原因
import-errors-rows = 待更正的行
import-errors-list = 错误清单
import-errors-file = { $name } – 有误的行
# The state of a record whose flow has approved it, as a cell says it
import-approved = 已通过
export-no-access = 无权查看
