# 匯入未能接收的列所在的活頁簿
import-line = 行號
import-column = 欄位
import-value = 值
import-reason = 原因
import-errors-rows = 待更正的資料
import-errors-list = 錯誤清單
import-errors-file = { $name } – 有誤的資料
# The state of a record whose flow has approved it, as a cell says it
import-approved = 已核准
export-no-access = 無權檢視
