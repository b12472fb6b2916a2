# The audit trail as a table
audit-title = 审计日志
audit-seq = 序号
audit-at = 时间（UTC）
audit-who = 成员编号
audit-who-name = 成员
audit-action = 操作
audit-object-kind = 对象类型
audit-object = 对象编号
audit-label = 对象
audit-path = 途径
audit-ip = 网络地址
audit-request-id = 请求
audit-changes = 详情
audit-hash = 哈希
audit-chain = 链式哈希
