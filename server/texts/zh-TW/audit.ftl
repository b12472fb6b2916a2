# The audit trail as a table
audit-title = 稽核紀錄
audit-seq = 序號
audit-at = 時間（UTC）
audit-who = 成員編號
audit-who-name = 成員
audit-action = 操作
audit-object-kind = 物件類型
audit-object = 物件編號
audit-label = 物件
audit-path = 途徑
audit-ip = 網路位址
audit-request-id = 請求
audit-changes = 詳細資料
audit-hash = 雜湊
audit-chain = 鏈式雜湊
