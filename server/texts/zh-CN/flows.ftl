# 无法迁移的申请，列成表
unmoved-sheet = 未迁移的申请
unmoved-title = 申请
unmoved-step = 步骤
unmoved-why = 原因
unmoved-instance = 审批（编号）
unmoved-record = 记录（编号）
