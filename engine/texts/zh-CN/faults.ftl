# 值的问题
fault-required = 请填写此项。
fault-wrong-type = 值的类型不对。
fault-not-a-number = 这不是数字。
fault-other-currency = 此处的金额以 { $currency } 计，「{ $found }」是别的币种。
fault-too-precise = 最多 { $scale } 位小数。
fault-out-of-range = 最多 18 位数字。
fault-too-small = 不能小于 { $min }。
fault-too-large = 不能大于 { $max }。
fault-too-short = 至少 { $min } 个字符。
fault-too-long = 最多 { $max } 个字符。
fault-pattern = 格式不符合要求。
fault-not-a-date = 这不是日期。
fault-not-a-month = 这不是月份。
fault-not-a-moment = 这不是日期时间。
fault-not-a-time = 这不是时间。
fault-not-an-id = 该项不存在。
fault-not-an-email = 这不是邮箱地址。
fault-not-a-phone = 这不是电话号码。
fault-not-a-url = 这不是网址。
fault-not-an-id-card = 这不是身份证号码。
fault-id-card-check = 校验位不符，请核对号码。
fault-not-a-barcode = 这不是该类型（{ $format }）的条码。
fault-barcode-check = 校验位不符，请核对条码。
fault-not-json = 这不是 JSON 对象、数组、数字或真假值。
fault-member-twice = 成员「{ $member }」出现了两次。
fault-number-too-long = 其中有超过 28 位的数字。
fault-schema = { $at } 处不符合「{ $rule }」。
fault-schema-too-much = 内容太多，无法按结构校验。
fault-not-a-location = 这不是位置：请填纬度和经度，如 31.23,121.47。
fault-latitude-first = 请先写纬度再写经度，如 31.23,121.47；{ $found } 不是纬度。
fault-too-far = 相距 { $away } 米，最多允许 { $max } 米。
fault-address-gap = 缺少上一级地区，请从省份填起。
fault-address-too-deep = 该字段不需要「{ $part }」。
fault-unknown-part = 没有「{ $part }」这一部分。
fault-unknown-region = 此处没有地区「{ $name }」。
fault-choice-not-last = 请选到最后一级。
fault-unknown-choice = 「{ $choice }」不在选项中。
fault-too-few = 至少 { $min } 项。
fault-too-many = 最多 { $max } 项。
fault-twice = 同一项出现了两次。
fault-formula-error =
    无法计算：{ $why ->
        [div0] 除数是零或没有填
        [value] 有一个值不是计算所需的类型
        [num] 有一个数或日期超出了可能的范围
        [domain] { $function } 不接受这样的数或日期
        [ends_before] 结束早于开始
        [ref] 计算要用的内容不存在
        [na] 没有找到对应的内容
        [limit] 数太大或文字太长
       *[other] 公式的结果是 { $error }
    }。{ $reads ->
        [some] 它由{ $fields }算出。
       *[none] { "" }
    }
fault-unknown-field = 没有字段「{ $field }」。
fault-removed-field = 「{ $field }」已被删除。
fault-unfit-field = 「{ $field }」里的内容与此流程在这里需要的不同。
fault-unknown-row = 这一行已不存在。
fault-not-writable = 此处不能修改该字段。
fault-validation = 校验「{ $key }」未通过。
fault-not-unique = 该值已存在。
fault-dead-link = 关联的记录已不存在或无权查看。
fault-looking-up = 正在按名称查找。
fault-no-record-named = 没有名称正好是「{ $name }」的记录，请从列表中选择。
fault-several-records-named = 有多条记录的名称是「{ $name }」，请从列表中选择。
fault-lookup-failed = 未能查找「{ $name }」，请从列表中选择。
fault-file-too-large = 「{ $name }」超过了 { $max }。
fault-file-type = 「{ $name }」不是允许的类型：{ $types }。
fault-file-taken = 该文件属于另一个字段或另一条记录，请在此处重新上传。
fault-not-within = 这里不能选择此项。
fault-not-confirmed = 请确认任何人都可以看到「{ $field }」中可选的数据。
fault-not-public = 「{ $field }」不能对外填写：它会透露成员或其他数据。
fault-shows-no-records = 「{ $field }」不显示其他表单的数据。
fault-named-twice = 「{ $field }」重复了。
fault-bad-origin = 「{ $origin }」不是网站地址，例如 https://www.example.com。
fault-bad-pointer = 路径以 / 开头并指明成员，例如 /order/id。
fault-not-mappable = 外部系统的数据不能写入「{ $field }」。
fault-key-without-update = 只有修改记录时才按关键字段查找，总是新建时不需要。
fault-key-not-unique = 不同记录的「{ $field }」可能相同，请选择不允许重复的字段。
fault-key-not-mapped = 每条消息都必须带有关键字段「{ $field }」。
fault-subform-not-mapped = 尚未说明该子表单的行从哪里来。
fault-columns-not-mapped = 尚未说明「{ $field }」的各列写入什么。
fault-member-missing = 缺少这个成员。
fault-not-rows = 这不是由行组成的列表。
fault-not-offered = 这条记录不在此处可选的范围内。

# 设计的问题
fault-unknown-format = 此版本不认识格式 { $format }。
fault-invalid-key = 标识须以字母开头，只含 a–z、0–9 和 _，最多 63 个字符。
fault-duplicate-key = 标识「{ $key }」重复。
fault-label-missing = 缺少名称。
fault-no-fields = 表单至少要有一个字段。
fault-unknown-kind = 没有字段类型「{ $kind }」。
fault-invalid-options = 选项不适合该类型：{ $detail }
fault-unknown-form = 没有表单「{ $form }」。
fault-not-a-link = 「{ $field }」不是关联字段。
fault-not-a-subform = 「{ $field }」不是子表单。
fault-nested-subform = 子表单中不能再放子表单。
fault-not-a-picture = 「{ $type }」不是图片类型。
fault-not-a-column = 这种字段不能作为子表单的列。
fault-nested-tabs = 标签页不能放在另一个标签页里。
fault-no-choices = 至少需要一个选项。
fault-choice-twice = 选项「{ $choice }」出现了两次。
fault-min-over-max = 最小值大于最大值。
fault-bad-pattern = 不是有效的正则表达式：{ $detail }
fault-pattern-too-much = 正则表达式的计算量太大：重复次数展开后太多。
fault-not-a-lookup = 「{ $field }」须是经此关联带出「{ $from }」的带出字段：实时的值只读取，不保存。
fault-not-allowed-here = 该类型不支持「{ $what }」。
fault-not-for-view = 「{ $field }」的类型不适用于此处。
fault-not-for-print = 「{ $field }」的类型不能在此处打印。
fault-no-picture = 这不是图片：请使用 PNG、JPEG、WebP 或 GIF 的 data 地址。
fault-view-out-of-reach = 这里用到的字段已不存在，或你无权查看。
fault-cycle = 这些字段循环依赖：{ $fields }
fault-too-many-formulas = 一张表单最多有 { $max } 个公式。
fault-chain-too-long = 公式逐层引用最多 { $max } 层。
fault-unknown-operator = 「{ $field }」不能使用「{ $operator }」。
fault-bad-operand = 值与「{ $field }」不符。
fault-eq-null = 请用「为空」，不要与空值比较。
fault-not-stored = 「{ $field }」在读取时才计算，不能用在这里。
fault-through-link = 「{ $field }」取自关联的记录，那条记录会单独改变。请先把它带到本表单的字段里再使用。
fault-time-dependent = 此处的条件不能随日期或查看者变化。
fault-other-dimension = 「{ $field }」的值与该维度在第一个来源中的值不是同一类，相同的值必须表示同一事物。
fault-other-function = 「{ $measure }」在多个来源中使用了不同的汇总方式；同名的指标只有求和与计数可以相加。
fault-field-in-use = 「{ $field }」正被{ $by }使用。
fault-field-unknown-in-layout = 布局中的「{ $field }」不存在。
fault-too-deep = 最多 { $max } 级。
fault-bad-keyword = 结构中的这个关键字的值不对。
fault-unknown-keyword = 这里不校验关键字「{ $name }」，所以不能使用。
fault-unknown-reference = 「{ $name }」没有指向结构中的任何部分。
fault-endless-reference = 此处的结构无休止地引用自身。
fault-unknown-regions = 没有地区表「{ $name }」。
fault-unknown-currency = ISO 4217 中没有币种「{ $currency }」。
fault-serial-needs-one-counter = 流水号须有且只有一个计数部分。
fault-serial-part = 流水号的每一部分是文字、日期、字段或计数之一。

# 设计中值得留意、但不影响发布的地方
fault-one-choice = 只有一个选项。是不是想用开关，或者还缺选项？
fault-link-without-title = 「{ $form }」的记录没有标题，也没有文本字段，选择时分不清是哪一条。
fault-not-translated = 有 { $count } 个字段的名称没有写全表单的各种语言。
fault-required-not-editable = 这是必填字段，但能新增记录的权限组都不能填写它：除管理员外没有人能提交。
fault-hidden-from-all = 所有权限组都看不到这个字段，只有管理员能看到和填写。
fault-formula-shown-nowhere = 所有权限组都看不到这个计算字段，表单里也没有用到它。

# 脚本的问题
fault-script-syntax = 第 { $line } 行第 { $column } 列：{ $detail }。
fault-script-method = 第 { $line } 行第 { $column } 列：调用「{ $name }」时，所有参数都写在括号内。
fault-script-name-taken = 第 { $line } 行第 { $column } 列：「{ $name }」由系统提供，不能重新定义。
fault-script-sets-inside = 第 { $line } 行第 { $column } 列：只能给脚本自己的变量或 record 的字段赋值；列表和映射用 += 追加。
fault-script-unknown-function = 第 { $line } 行第 { $column } 列：脚本中没有函数「{ $name }」。
fault-script-arguments = 第 { $line } 行第 { $column } 列：「{ $name }」最多有 { $max } 个参数。
fault-script-names-form = 第 { $line } 行第 { $column } 列：「{ $name }」的第一个参数须直接写出表单的标识。
fault-script-sets-field = 脚本给「{ $field }」赋值，但它不是由脚本设置的字段。
fault-unknown-table = 没有聚合表「{ $name }」。
fault-unknown-script = 没有脚本「{ $name }」。
fault-script-not-administered = 只有脚本「{ $name }」所属应用的管理员才能绑定它。

# 模板包的问题
fault-invalid-document =
    文件无法读取：{ $why ->
        [encoding] 不是 UTF-8 文本
        [json] 不是正确的 JSON
        [csv] 各行的列数不同，或不是 UTF-8 文本
        [texts] 文案的写法不正确
        [unknown] 这里没有成员「{ $member }」
        [missing] 缺少成员「{ $member }」
       *[other] 这里应是别的内容
    }{ $place ->
        [column] （第 { $line } 行第 { $column } 列）
        [line] （第 { $line } 行）
       *[none] { "" }
    }。
fault-file-missing = 缺少此文件。
fault-unknown-file = 此文件不属于模板包。
fault-key-differs = 标识「{ $key }」与文件名不同。
fault-unknown-package = 没有模板包「{ $package }」。
fault-invalid-version = 「{ $version }」不是形如 1.4.2 的版本号。
fault-version-too-old = 需要「{ $package }」 { $needed } 或更高版本，现有版本为 { $found }。
fault-demo-without-key = 第一行没有 $key。

# 违反约束时的说明
breach = { $message }（{ $measure }目前是 { $before }，将变为 { $after }）
breach-of-group = { $message }（{ $group }：{ $measure }目前是 { $before }，将变为 { $after }）
