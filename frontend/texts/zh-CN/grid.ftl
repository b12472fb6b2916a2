grid-new = 新建
grid-filter = 筛选
grid-columns = 列
grid-count = { $number ->
   *[other] 共 { $count } 条
}
grid-count-about = 约 { $count } 条
grid-empty = 还没有记录
grid-empty-text = 新建第一条，或导入一张表格。
grid-nothing-found = 没有符合筛选条件的记录
grid-clear-filter = 清除筛选
grid-open = 打开整页
grid-design = 设计
grid-import = 导入
grid-record-before = 上一条
grid-record-after = 下一条
grid-no-record-before = 已经是第一条
grid-no-record-after = 已经是最后一条
grid-sort-hint = 点击排序；按住 Shift 可按多列排序
grid-total = 统计
grid-total-of = { $total } { $value }
grid-total-none = 不统计
grid-total-sum = 合计
grid-total-avg = 平均
grid-total-min = 最小
grid-total-max = 最大
grid-total-count = 计数
grid-record-details = 详情
