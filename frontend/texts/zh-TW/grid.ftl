grid-new = 新增
grid-filter = 篩選
grid-columns = 欄
grid-count = { $number ->
   *[other] 共 { $count } 筆
}
grid-count-about = 約 { $count } 筆
grid-empty = 還沒有資料
grid-empty-text = 新增第一筆，或匯入一張表格。
grid-nothing-found = 沒有符合篩選條件的資料
grid-clear-filter = 清除篩選
grid-open = 開啟整頁
grid-design = 設計
grid-import = 匯入
grid-record-before = 上一筆
grid-record-after = 下一筆
grid-no-record-before = 已經是第一筆
grid-no-record-after = 已經是最後一筆
grid-sort-hint = 點按排序；按住 Shift 可依多欄排序
grid-total = 統計
grid-total-of = { $total } { $value }
grid-total-none = 不統計
grid-total-sum = 合計
grid-total-avg = 平均
grid-total-min = 最小
grid-total-max = 最大
grid-total-count = 計數
grid-record-details = 詳細資料
