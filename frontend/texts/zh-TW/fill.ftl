fill-drop-files = 將檔案拖曳到這裡，或點按選擇
fill-faults = 還有 { $count } 處需要修改
fill-row = 第 { $row } 列
fill-add-row = 新增一列
fill-remove-row = 刪除這一列
fill-paste-hint = 在最後一格按 Tab 新增一列；可從 Excel 貼上多列
fill-file-download = 下載
