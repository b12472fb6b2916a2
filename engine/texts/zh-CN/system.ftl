# 系统字段
system-id = 记录 ID
system-version = 版本
system-created-at = 创建时间
system-created-by = 创建人
system-updated-at = 更新时间
system-updated-by = 更新人
system-owner = 负责人
system-department = 所属部门
system-collaborators = 协作人
system-flow-state = 流程状态
system-voided-at = 作废时间
system-deleted-at = 删除时间
system-record = 本记录
