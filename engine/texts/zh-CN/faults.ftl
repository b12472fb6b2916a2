# 值的问题
fault-required = 请填写此项。
fault-wrong-type = 值的类型不对。
fault-not-a-number = 这不是数字。
fault-too-precise = 最多 { $scale } 位小数。
fault-out-of-range = 最多 18 位数字。
fault-too-small = 不能小于 { $min }。
fault-too-large = 不能大于 { $max }。
fault-too-short = 至少 { $min } 个字。
fault-too-long = 最多 { $max } 个字。
fault-pattern = 格式不符合要求。
fault-not-a-date = 这不是日期。
fault-not-a-month = 这不是月份。
fault-not-a-moment = 这不是日期时间。
fault-not-a-time = 这不是时间。
fault-not-an-id = 该项不存在。
fault-not-an-email = 这不是邮箱地址。
fault-not-a-phone = 这不是电话号码。
fault-unknown-choice = “{ $choice }”不在选项中。
fault-too-few = 至少 { $min } 项。
fault-too-many = 最多 { $max } 项。
fault-twice = 同一项出现了两次。
fault-formula-error = 公式的结果是 { $error }。
fault-unknown-field = 没有字段“{ $field }”。
fault-unknown-row = 这一行已不存在。
fault-not-writable = 此处不能修改该字段。
fault-validation = 校验“{ $key }”未通过。
fault-not-unique = 该值已存在。
fault-dead-link = 关联的记录已不存在或无权查看。
fault-file-too-large = “{ $name }”超过了 { $max }。
fault-file-type = “{ $name }”不是允许的类型：{ $types }。

# 设计的问题
fault-unknown-format = 不认识的格式编号：{ $format }。
fault-invalid-key = 标识须以字母开头,只含 a–z、0–9 和 _,最多 63 个字符。
fault-duplicate-key = 标识“{ $key }”重复。
fault-label-missing = 缺少名称。
fault-no-fields = 表单至少要有一个字段。
fault-unknown-kind = 没有字段类型“{ $kind }”。
fault-invalid-options = 选项不适合该类型:{ $detail }
fault-unknown-form = 没有表单“{ $form }”。
fault-not-a-link = “{ $field }”不是关联字段。
fault-not-a-subform = “{ $field }”不是子表单。
fault-nested-subform = 子表单中不能再放子表单。
fault-no-choices = 至少需要一个选项。
fault-min-over-max = 最小值大于最大值。
fault-bad-pattern = 不是有效的正则表达式:{ $detail }
fault-not-allowed-here = 该类型不支持“{ $what }”。
fault-cycle = 这些字段循环依赖:{ $fields }
fault-unknown-operator = “{ $field }”不能使用“{ $operator }”。
fault-bad-operand = 值与“{ $field }”不符。
fault-eq-null = 请用“为空”,不要与空值比较。
fault-not-stored = “{ $field }”在读取时才计算，不能用在这里。
fault-through-link = “{ $field }”取自关联的记录，那条记录会单独改变。请先把它带到本表单的字段里再使用。
fault-time-dependent = 此处的条件不能随日期或查看者变化。
fault-field-in-use = “{ $field }”正被{ $by }使用。
fault-field-unknown-in-layout = 布局中的“{ $field }”不存在。
fault-serial-needs-one-counter = 流水号须有且只有一个计数部分。
fault-serial-part = 流水号的每一部分是文字、日期、字段或计数之一。
fault-unknown-format = 此版本不认识格式 { $format }。

# 模板包的问题
fault-invalid-document = 文件无法读取:{ $detail }
fault-file-missing = 缺少此文件。
fault-unknown-file = 此文件不属于模板包。
fault-key-differs = 标识“{ $key }”与文件名不同。
fault-unknown-package = 没有模板包“{ $package }”。
fault-demo-without-key = 第一行没有 $key。
fault-no-default-arm = 分支须有默认路径。
fault-not-supported-yet = 此版本还不能使用“{ $what }”。

# 违反约束时的说明
breach = { $message }（{ $measure }目前是 { $before }，将变为 { $after }）
breach-of-group = { $message }（{ $group }：{ $measure }目前是 { $before }，将变为 { $after }）
