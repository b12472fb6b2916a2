# 导出成文件的报表
report-file-report = 报表
report-file-as-of = 截至
report-file-scope = 数据范围
report-file-all = 全部记录
report-file-own = 仅限你能看到的部分
report-file-part = 仅限你能看到的：{ $forms }
report-file-any = 全部
report-file-figures = 指标
report-file-figure = 指标
report-file-value = 数值
report-file-unit = 单位
report-file-definition = 定义
report-file-total = 合计
report-file-cut = 另有 { $count } 行未列出。
report-file-closed = { $columns }：背后的数据你不能全部看到，因此不显示
report-file-closed-of = { $columns }：不显示，因为你不能看到：{ $forms }
