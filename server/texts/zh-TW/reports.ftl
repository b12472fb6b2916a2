# 匯出成檔案的報表
report-file-report = 報表
report-file-as-of = 截至
report-file-scope = 資料範圍
report-file-all = 全部資料
report-file-own = 僅限你能看到的部分
report-file-part = 僅限你能看到的：{ $forms }
report-file-any = 全部
report-file-figures = 指標
report-file-figure = 指標
report-file-value = 數值
report-file-unit = 單位
report-file-definition = 定義
report-file-total = 合計
report-file-cut = 另有 { $count } 列未列出。
report-file-closed = { $columns }：背後的資料你不能全部看到，因此不顯示
report-file-closed-of = { $columns }：不顯示，因為你不能看到：{ $forms }
