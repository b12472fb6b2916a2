# 無法遷移的申請，列成表
unmoved-sheet = 未遷移的申請
unmoved-title = 申請
unmoved-step = 步驟
unmoved-why = 原因
unmoved-instance = 簽核（編號）
unmoved-record = 資料（編號）
