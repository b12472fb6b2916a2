problem-malformed-json =
    请求不是可读的 JSON：{ $why ->
        [nul] 其中有 NUL 字符。
       *[place] 见第 { $line } 行第 { $column } 列。
    }
problem-malformed-request = 无法读取该请求。
problem-sign-in-required = 请先登录。
problem-token-unknown = 该令牌不存在、已撤销或已过期。
problem-forbidden = 你没有权限执行此操作。
problem-cross-site = 该请求来自其他网站，已被拒绝。
problem-not-found = 内容不存在，或你无权查看。
problem-method-not-allowed = 此处不支持该操作。
problem-too-large = 请求超过此处允许的大小。
problem-unsupported-media-type = 内容类型必须是 { $expected }。
problem-misdirected = 本服务器不处理主机「{ $host }」的请求。
problem-validation = 部分内容需要修改。
problem-unknown-member = 请求中含有不存在的成员。
problem-repeated-member = 请求中有重复的成员。
problem-unknown-field = 请求中含有不存在的字段。
problem-unknown-row = 请求中的某一行已不存在。
problem-not-writable = 请求设置了此处不可写的字段。
problem-not-sortable = 不能按此字段排序或筛选。
problem-too-deep = 请求嵌套过深。
problem-if-match-required = 修改时必须用 If-Match 说明所依据的版本。
problem-stale = 其他人已在此期间修改了内容。
problem-too-many-requests = 请求过于频繁，请稍候。
problem-too-many-uploads = 你上传的、还没有随记录保存的文件已满 1 GB。请先保存使用它们的记录；没有保存的文件一天后会被清除。
problem-busy = 服务器繁忙，请稍后再试。
problem-timeout = 处理时间过长，已停止等待；已开始的工作仍可能完成。
problem-internal = 服务器出错。日志中可按本请求编号查看详情。
problem-wrong-setup-code = 设置码与服务器启动时显示的不一致。
problem-wrong-credentials = 邮箱与密码不匹配。
problem-second-step-required = 还需要输入身份验证器的验证码，或一个恢复码。
problem-wrong-code = 验证码不对，或已经用过。
problem-second-factor-on = 你已经开启两步验证。要换新的，请先关闭。
problem-reauth-required = 请再次证明是你本人：输入密码，或身份验证器的验证码。
problem-second-factor-required = 工作区要求两步验证，请先设置。
problem-link-expired = 链接已经用过或已过期，请重新申请。
problem-bad-mail-server = { $option } 中的地址无法用来发送邮件。
problem-visit-over = 这次登录不是从这个浏览器开始的，或已超时，请重新开始。
problem-provider-refused = 身份提供方的回复不可信。请重试，或用密码登录。
problem-provider-unreachable = 暂时无法连接身份提供方。
problem-unknown-at-provider = 你不是这里的成员，或身份提供方没有验证你的邮箱。请联系管理员邀请你。
detail-at-field = { $label }：{ $message }
detail-and-more = { $detail }（另有 { $count } 处）
problem-taken = 内容已存在。
problem-email-taken = 该邮箱已被使用。
problem-role-taken = 已有使用该标识的角色。
problem-last-administrator = 工作区必须保留至少一名管理员。
problem-department-in-use = 该部门下仍有子部门。
problem-has-joined = 该成员已加入，可以登录。
problem-has-not-joined = 该成员尚未加入，请把邀请链接发给对方。
problem-member-disabled = 该成员已停用，请先启用。
problem-not-yourself = 不能对自己执行此操作。
problem-invitation-over = 该邀请已被使用、替换或撤销，或已过期。请索取新的邀请。
problem-scope-too-narrow = 该令牌的权限范围不足。
problem-reads-hidden-field = 此设计读取了你无权查看的其他表单字段。请去掉该字段，或申请查看权限。
problem-reads-hidden-records = 此设计会保存从其他表单读取的内容、据此判断，或对外公开，而那里有你无权查看的记录。请改用带出字段显示，或申请查看权限。
problem-session-required = 此操作只能由已登录的成员进行，不能使用令牌。
problem-see-as-reads-only = 你正在以其他成员的身份查看，不能修改任何内容。
problem-see-as-ended = 以其他成员身份的查看已结束。
problem-idempotency-key-reused = 该 Idempotency-Key 已用于另一个请求。
problem-idempotency-in-progress = 同一个请求仍在处理，请稍候。
problem-disk-full = 服务器磁盘已满或即将写满。已保存的内容仍可查看；在管理服务器的人腾出空间之前，不再接收新内容。
problem-workspace-full = 本工作区的文件空间已用完。管理员可以清空回收站腾出空间，或请管理服务器的人调高上限。
problem-unavailable = 暂时无法连接数据库。
problem-no-such-member = 没有邮箱为 { $email } 的成员。
problem-no-such-workspace = 没有编号为 { $workspace } 的工作区：「formwork workspace create」会输出新工作区的编号。
problem-app-taken = 已有使用该标识的应用。
in-the-way =
    { $known ->
        [none] 你看不到的 { $unseen } 项内容
        [some] { $uses }，以及你看不到的 { $unseen } 项
       *[all] { $uses }
    }
problem-app-in-use = 删除此应用后，以下内容将无法使用：{ $uses }。
problem-app-named = 以下内容以标识「{ $key }」引用此应用，因此只能以该标识恢复：{ $uses }。如果该标识已被其他应用占用，请先删除那个应用，之后可以用别的标识恢复它。
problem-secret-taken = 应用中已有同名的密钥。
problem-call-sent = 对方已经收下这次请求。
problem-call-unusable = 这次请求无法发出：没有网址、内容过大，或由过多请求接连引发。
problem-form-taken = 应用中已有使用该标识的表单。
problem-form-in-use = 此修改会使以下内容无法使用：{ $uses }。
problem-form-broken = 该表单引用了已不存在的内容。
problem-group-taken = 表单中已有使用该标识的权限组。
problem-view-taken = 你在此表单中已有使用该标识的视图。
problem-view-locked = 此视图已锁定。你可以将它另存为自己的视图。
problem-print-taken = 该表单已有使用该标识的打印模板。
problem-not-accepted = 无法提交：内容可能已经提交过，或不符合表单的规则。
problem-link-closed = 此表单已停止收集。
problem-bad-signature = 此消息未用该接收地址的密钥签名。
problem-wrong-secret = 此消息未带上该接收地址的密钥。
problem-stale-message = 此消息的时间与现在相差超过 5 分钟。
problem-hook-off = 此接收地址目前不接收数据。
problem-call-chain-too-long = 系统之间接连引发的请求过多，这条消息未被接收。
problem-hook-broken = 表单在此接收地址建立后有改动，请由表单管理员重新检查其设置。
problem-link-revoked = 此链接已撤销，请新建一个。
problem-ticket-expired = 此页面打开太久，请重新打开。
problem-password-required = 填写此表单需要密码。
problem-wrong-password = 密码不正确。
problem-edits-collide = 其他人已修改草稿的同一处。
problem-not-unique = 该值已存在。
problem-linked =
    { $known ->
        [no] 有其他记录关联到此记录。
       *[other] 「{ $form }」中有记录关联到此记录。
    }
problem-too-many-links = 关联到此处的记录过多。
problem-not-a-draft = 该记录已提交。
problem-no-drafts = 此表单不保存草稿，请直接提交。
problem-outside-your-rows = 不能将记录改到你可见的范围之外。
problem-flow-chain-too-long = 由此发起的流程不断发起其他流程，请联系管理员。
problem-step-target-gone = 步骤「{ $step }」所用的表单或记录已不存在，请联系管理员。
problem-step-without-flow = 步骤「{ $step }」要发起的表单没有流程，请联系管理员。
problem-nothing-found = 步骤「{ $step }」没有找到要修改的记录。
problem-action-too-large = 步骤「{ $step }」一次会修改超过 { $max } 条记录。
problem-writes-elsewhere = 此流程会修改不由你管理的表单中的记录，请联系该表单的管理员。
problem-record-deleted = 该记录在回收站中。
problem-already-running = 该记录正在另一个审批中。
problem-job-over = 任务已经结束。
problem-job-interrupted = 任务运行时服务器停止了。
problem-job-cancelled = 任务已取消。
problem-aggregate-taken = 应用中已有使用该标识的聚合表。
problem-aggregate-in-use = 以下聚合表统计此表单的记录，此修改会使它们无法使用：{ $uses }。
problem-aggregate-broken = 聚合表「{ $aggregate }」引用的内容已不存在。
problem-aggregate-shown = 此修改会使以下展示聚合表「{ $aggregate }」的仪表盘无法使用：{ $uses }。
problem-aggregate-scripted = 以下脚本读取这张表：{ $uses }。请先从脚本中移除。
problem-aggregate-asked = 此修改会使以下读取聚合表「{ $aggregate }」的表单无法使用：{ $uses }。
problem-needs-job = 记录太多，无法在一次请求中算出：请作为任务开始。
problem-report-broken = 报表「{ $report }」引用的内容已不存在。
problem-dashboard-broken = 仪表盘「{ $dashboard }」引用的内容已不存在。
problem-dashboard-taken = 应用中已有使用该标识的仪表盘。
problem-key-taken = 这个标识已被占用，请换一个。
problem-report-in-use = 删除报表「{ $report }」后，以下仪表盘将无法使用：{ $uses }。
problem-flow-version-active = 新的申请正在使用此版本，请先发布其他版本。
problem-flow-version-in-use = 还有 { $count } 个进行中的申请使用此版本。
problem-draft-unchanged = 草稿与已发布的版本相同，没有可删除的内容。
problem-draft-changed = 草稿已有新的修改，请先发布或删除。
problem-constraint = 这会突破必须遵守的限制。
problem-already-installed = 这个模板已经安装过了。
problem-broken-package = 模板包无法安装；问题已按文件和位置列出。
problem-broken-csv = 无法读取 csv 文件：第 { $line } 行有问题。
problem-broken-xlsx = 无法读取该工作簿。
problem-broken-list = 无法读取该 JSON 列表。
problem-not-undoable = 此操作无法撤销。
problem-already-undone = 已经撤销过了。
problem-too-late-to-undo = 导入只能在七天内撤销。
problem-changed-since = 此后有人修改过这条记录。
problem-too-many-exports = 你有两个导出正在进行，请等其中一个结束。
problem-too-many-questions = 你的两个查询还在进行，请稍候再试。
problem-export-too-long = 一个工作表最多 { $max } 行，记录超出了。请导出为 csv，或筛选记录。
problem-no-administrator = 还没有管理员：请先用「formwork admin create」创建。
problem-form-not-published = 请先发布表单。
problem-job-not-over = 任务还在进行。
problem-job-paused = 服务器正在停止，恢复后任务会继续。
problem-job-taken-over = 任务已由另一台服务器继续。

fault-unknown-member = 此处没有成员「{ $member }」。
fault-repeated-member = 成员「{ $member }」出现了两次。
fault-too-deep = 内容嵌套过深。
fault-too-many-members = 请求中有对象的成员超过 { $max } 个。
fault-bad-parameter = 此参数的值不合要求。
fault-key-not-mapped = 文件中没有列对应用来查找记录的「{ $field }」。
fault-deleted-or-drafts = 回收站和草稿请只选其一。
fault-unknown-zone = 时区不存在。
fault-wrong-password = 现在的密码不对。
fault-wrong-code = 验证码不对，或已经用过。
fault-too-common = 这个密码太常见或太容易猜到，请换一个，比如一句话。
fault-manager-circle = 上级关系不能成环。
fault-department-circle = 部门不能隶属于自身。
fault-language-not-offered = 工作区未提供该语言。
fault-not-a-weekday = 星期须为 1（星期一）至 7。
fault-hours-out-of-order = 工作时段的结束须晚于开始，且依次排列。
fault-email-column-missing = 须有一列为邮箱。
fault-no-such-department = 没有部门「{ $name }」。
fault-several-departments = 有多个名为「{ $name }」的部门：请从顶级部门写起，以 / 分隔。
fault-no-such-role = 没有角色「{ $name }」。
fault-no-such-manager = 没有邮箱为 { $email } 的成员。
fault-bad-version = 版本须写作 "7" 或 *。
fault-key-is-fixed = 标识不可更改。
fault-not-sortable = 该字段无法用于筛选、排序或汇总。
fault-bad-cursor = 该游标属于另一个列表。
fault-cursor-or-offset = 游标与偏移量只能给出其一。
fault-unknown-group = 没有该权限组。
fault-unknown-view = 没有这个视图。
fault-one-of-four = 必须给出 create、update、upsert、delete 之一。
fault-ambiguous-key = 有多条记录的关键字段与此相同。
fault-not-saved = 这条记录无法保存：{ $code }
fault-unknown-record = 示例数据中没有可关联的记录「{ $id }」。
fault-of-closed-field = 因为一个你无权查看的字段，这条记录无法保存。请联系应用管理员。
fault-csv-no-header = 第一行必须是列名。
fault-csv-not-text = 第 { $line } 行：这里不是文本：文件不是 csv，或编码已损坏。
fault-csv-unclosed-quote = 第 { $line } 行：从这里开始的引号没有结束。
fault-csv-cell-too-long = 第 { $line } 行：有单元格超过 { $max } 字节。
fault-csv-cells = 第 { $line } 行：这里有 { $found } 个单元格，但表头有 { $expected } 列。
fault-csv-too-many-columns = 超过 { $max } 列。
fault-csv-too-many-rows = 超过 { $max } 行。
fault-unknown-sheet = 文件中没有工作表「{ $sheet }」。
fault-error-cell = 此单元格的公式结果为 { $value }。
fault-export-too-long = 一个工作表最多 { $max } 行，记录超出了。
fault-list-not-an-object = 文件必须是对象的列表；第 { $number } 项不是对象，或不完整。
fault-xlsx-not-a-workbook = 这不是可以读取的工作簿。请另存为 .xlsx 或 .csv 后重试。
fault-xlsx-locked = 工作簿已加密，或由 2007 年以前的程序保存。请去掉密码并另存为 .xlsx。
fault-xlsx-damaged = 工作簿的「{ $part }」部分已损坏。请重新打开并保存。
fault-xlsx-entities = 工作簿在「{ $part }」部分自行定义了实体，不允许这样做。
fault-xlsx-too-large =
    { $what ->
        [file] 工作簿超过 { $max } 字节。请另存为 csv。
        [unpacked] 工作簿解压后超过 { $max } 字节。请另存为 csv。
        [ratio] 工作簿的某一部分解压后增大超过 { $max } 倍，不允许这样做。
        [parts] 工作簿的组成部分超过 { $max } 个。
        [sheets] 工作簿超过 { $max } 个工作表。
        [rows] 工作表超过 { $max } 行。
        [columns] 工作表超过 { $max } 列。
        [texts] 工作簿的文本过多，无法读取。
       *[cells] 工作表的单元格（或其声明的数量）超过 { $max } 个。请删除末尾的空行和空列。
    }
fault-xlsx-cell-too-long = 单元格 { $cell } 超过 { $max } 个字符。
fault-xlsx-no-header = 工作表「{ $sheet }」是空的：第一行必须是列名。
fault-xlsx-too-costly = 读取该工作簿所需的内存或时间超出限制。请另存为 csv。
fault-unknown-column = 文件中没有列「{ $column }」。
fault-not-importable = 这个字段不能从列导入。
fault-only-approved = 导入的记录只能是「已通过」；其他的请留空。
fault-no-record-with-key = 没有关键字段与此相同的记录。
fault-bad-message-id = 消息标识最多 200 个字母、数字或符号，不能有空格。
fault-ambiguous-title = 有多条叫「{ $title }」的记录。
fault-no-such-title = 没有叫「{ $title }」的记录。
fault-not-a-zip = 这不是可以读取的 zip 文件：{ $detail }
fault-unsafe-file = zip 中这个文件的位置不被允许：它必须在模板包内，不能是链接，也不能加密。
fault-bad-period = 期间写作年、季度、月份或日期，例如 2024、2024-Q1、2024-05、2024-05-31。
problem-incompatible-database = 该程序与此数据库不匹配。
fault-set-or-recompute = 请写明要设置的值，或选择全部重新计算，二者取一。
fault-reads-closed-field = 公式用到了你在这条记录上无权查看的字段。
fault-not-in-force-yet = 委托开始之后才能转交已有的待办。
fault-unknown-version = 这条记录没有这个版本。
fault-unknown-flow-version = 流程没有这个版本，或者这里不能用它。
fault-ends-before-it-begins = 期间的结束早于开始。
fault-unknown-ready-made = 没有这个现成流程。
fault-ids-or-all = 请指定记录或选择全部，二者取一。
fault-target-not-administered = 只有被关联表单的管理员才能让这个关联阻止删除对方的记录，或随之删除。请改为清空关联。
fault-held-twice = 有多条记录的值相同，还不能设为不允许重复。请先改掉这些值。
problem-bad-seal-key = 密封密钥必须是 64 位、无法猜到的十六进制数字：「openssl rand -hex 32」可以生成。
problem-unusable-key-file = 密钥文件 { $file } 无法使用：{ $detail }
problem-seal-key-missing = 此数据库中的机密已被密封，但缺少密钥文件 { $file }：请从备份放回。如果没有备份，「formwork key forget」会放弃被密封的内容。
problem-other-seal-key = 此数据库中的机密由另一个密钥密封，与 { $file } 中的不同。请放回正确的密钥；同一数据库的多台服务器需要相同的密钥。如果已丢失，「formwork key forget」会放弃被密封的内容。
problem-seal-key-given = 密钥来自 FORMWORK_KEY：请把新密钥写在旧密钥之前并用逗号分隔，启动一次服务器，再去掉旧密钥。
problem-copy-not-proved = 这个数据库是一份已开始但未通过核对的副本，内容可能不全。请再次运行同样的「formwork migrate-to」（会从头开始），或继续使用原来的数据库。
problem-database-not-current = 数据库属于较早的版本（缺少结构的第 { $step } 步）。请先用「formwork serve」启动一次再停止，然后重试。
problem-database-not-empty = 目标数据库里已有内容（表 { $table }），未作任何改动。请给「formwork migrate-to --database」一个空的数据库：新建的 PostgreSQL 数据库，或尚不存在的文件。
problem-database-in-use = 另有 Formwork 正在使用这个数据库。请停止使用它的所有「formwork serve」和「formwork migrate-to」，然后重试。
problem-same-kind-of-database = 「formwork migrate-to --database」用于 SQLite 与 PostgreSQL 之间的复制，而这两个数据库是同一种。SQLite 文件可在服务器停止后直接复制；PostgreSQL 请用 pg_dump 和 pg_restore。
problem-no-database = { $file } 处没有数据库：请用 --data 或 --from 指明从哪里复制。
problem-table-without-forms = 聚合表「{ $aggregate }」统计的表单已被彻底删除，无法得知其中数字的含义。请在「formwork serve」下删除它（回收站中的也一并清除），然后重试。

# Transaction scripts, and what they take back
problem-refused-by-script = 此应用的脚本拒绝了该操作。
refused-by-script = 此应用的脚本拒绝了该操作（{ $code }）。
problem-script-limit = 脚本「{ $script }」已被终止：超出了限额（{ $limit ->
        [operations] { $max } 步
        [reads] 读取 { $max } 条记录
        [writes] 写入 { $max } 条记录
        [time] 运行 { $max }
       *[memory] 内存 { $max }
    }）。没有保存任何内容。
problem-script-failed = 脚本「{ $script }」第 { $line } 行有误：{ $detail } 没有保存任何内容。请应用管理员修正。
problem-script-missing = 此表单所需的脚本「{ $script }」不存在或无法读取。没有保存任何内容。
problem-script-chain-too-long = 脚本之间相互触发超过 { $max } 次。没有保存任何内容。
problem-script-own-record = 脚本「{ $script }」试图另行修改正在保存的记录；请改为给 record 的字段赋值。没有保存任何内容。
problem-script-target-gone = 脚本「{ $script }」要写入的内容已不存在。没有保存任何内容。
problem-script-in-use = 以下表单仍在使用此脚本：{ $uses }。请先从表单中移除。
problem-script-taken = 此应用已有同名脚本。
problem-voided = 该记录已作废，不能再修改。
problem-not-voidable = 该记录不能作废：它尚未提交，或其表单没有用于冲销的脚本。
problem-locked-after-approval = 该记录已审批通过，表单设置为通过后锁定。管理员可以重新打开审批，或关闭表单的这项设置。
