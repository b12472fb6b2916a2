# 系統欄位
system-id = 記錄 ID
system-version = 版本
system-created-at = 建立時間
system-created-by = 建立者
system-updated-at = 更新時間
system-updated-by = 更新者
system-owner = 負責人
system-department = 所屬部門
system-collaborators = 協作者
system-flow-state = 流程狀態
system-voided-at = 作廢時間
system-deleted-at = 刪除時間
system-record = 本記錄
