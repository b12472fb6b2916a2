# `formwork doctor` 的输出，每项差异一行
doctor-sound = 一切正常：{ $forms } 个表单，{ $tables } 个聚合表，{ $entries } 条审计日志。
doctor-trail-sound = 审计日志正常，共 { $entries } 条。请将每个工作区的末行另行保存，可据以判断日志是否被整体重做。
doctor-differs = 共有 { $count } 处异常，已在上面列出；缺失的内容可从备份中恢复。
doctor-damaged-file = 数据库文件已损坏：{ $detail }
doctor-space-is-kept = 数据库不会释放已删除数据占用的空间。使用 PostgreSQL 时请打开 autovacuum。
doctor-missing-table = 缺少数据表 { $name }。
doctor-missing-column = 缺少列 { $name }。
doctor-other-type = 列 { $name } 的类型不对。
doctor-missing-index = 缺少索引 { $name }。
doctor-unfinished-index = 索引 { $name } 没有建完。
doctor-missing-trigger = 触发器 { $name } 不存在或已停用：审计日志可能被修改。
doctor-form-broken = 表单 { $form } 引用了已不存在的内容：{ $detail }
doctor-group-broken = 权限组 { $group } 与表单 { $form } 不再相符，不授予任何权限。
doctor-field-without-column = 表单 { $form } 的字段 { $field } 没有存放值的列。
doctor-aggregate-broken = 聚合表 { $aggregate } 引用了已不存在的内容：{ $detail }
doctor-aggregate-wrong = 聚合表 { $aggregate } 中有 { $count } 组与记录不符，第一组是 { $group }
doctor-request-differs = 申请「{ $request }」（{ $id }）的当前状态与其审批记录不符。
doctor-file-room-wrong = 「{ $workspace }」的文件共 { $there } 字节，但计入的用量为 { $counted } 字节。
doctor-audit-broken = 「{ $workspace }」的审计日志与写入时不符：第 { $seq } 条{ $wrong ->
        [missing] 已不存在
        [content] 的内容被改动
       *[chain] 是插入或移动过的，或封存值被改动
    }。{ $entry }
doctor-audit-unsealed = 「{ $workspace }」的审计日志中有 { $count } 条超过一分钟仍未封存。
doctor-check-failed = 无法完成检查「{ $check }」：{ $detail }
