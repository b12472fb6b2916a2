fill-drop-files = 把文件拖到这里，或点击选择
fill-faults = 还有 { $count } 处需要修改
fill-row = 第 { $row } 行
fill-add-row = 添加一行
fill-remove-row = 删除这一行
fill-paste-hint = 在最后一格按 Tab 增加一行；可从 Excel 粘贴多行
fill-file-download = 下载
