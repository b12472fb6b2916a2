# 公式的问题
fault-formula-unexpected = 「{ $text }」不应出现在这里。
fault-formula-unfinished = 公式没有写完。
fault-formula-unclosed-parenthesis = 这个括号没有对应的右括号。
fault-formula-unclosed-text = 文本缺少结尾的引号。
fault-formula-unclosed-bracket = 字段名缺少结尾的方括号。
fault-formula-number = 「{ $text }」不是可用的数字，最多 28 位。
fault-formula-too-long = 公式太长，最多 { $max } KB。
fault-formula-too-deep = 公式嵌套太深，最多 { $max } 层。
fault-unknown-function = 没有函数 { $function }。
fault-unknown-parameter = 应用没有参数「{ $parameter }」。
fault-unknown-field-like = 没有字段「{ $field }」。是不是「{ $like }」？
fault-formula-brackets = 「{ $field }」在公式中要写在方括号里：{ $like }
fault-ambiguous-name = 有几个字段都叫「{ $name }」，请写 { $like }。
fault-formula-literal = { $function } 不认识「{ $text }」。
fault-formula-parameter = PARAM 的参数须是写明的文本。
fault-formula-over-rows = { $function } 读取公式所在的各行：参数须是这些行中另一列的名称，且只能用在有行的地方。
fault-formula-form = { $function } 的第一个参数是表单名，例如 { $function }(订单, …)。
fault-formula-field-of = 这里需要所统计表单的字段，例如 { $form }.…。
fault-formula-condition = 对「{ $form }」的条件只能用 =、<>、<、<=、>、>=、ISEMPTY、CONTAINS、STARTSWITH、ENDSWITH、BETWEEN、HASANY、HASALL 比较它的字段，并用 and、or、not 连接；这里不能拿它的字段做计算。
fault-too-many-figures = 一个公式最多统计其他表单 { $max } 次。
fault-asks-others = 这里不能统计其他表单。
fault-random-value = 随机值每次都会不同，请用作默认值。
fault-formula-arity = { $function } 需要 { $min } 到 { $max } 个参数，这里有 { $count } 个。
fault-formula-type =
    这里需要{ $expected ->
        [bool] 是否
        [number] 数字
        [text] 文本
        [date] 日期
        [datetime] 日期时间
        [time] 时间
        [ref] 关联或成员
        [list] 列
        [rows] 子表单
       *[any] 任意值
    }，却得到{ $found ->
        [bool] 是否
        [number] 数字
        [text] 文本
        [date] 日期
        [datetime] 日期时间
        [time] 时间
        [ref] 关联或成员
        [list] 列
        [rows] 子表单
       *[any] 任意值
    }。
fault-formula-operand =
    「{ $operator }」不能用于{ $found ->
        [bool] 是否
        [number] 数字
        [text] 文本
        [date] 日期
        [datetime] 日期时间
        [time] 时间
        [ref] 关联或成员
        [list] 列
        [rows] 子表单
       *[any] 任意值
    }。
fault-formula-operands =
    「{ $operator }」不能用于{ $left ->
        [bool] 是否
        [number] 数字
        [text] 文本
        [date] 日期
        [datetime] 日期时间
        [time] 时间
        [ref] 关联或成员
        [list] 列
        [rows] 子表单
       *[any] 任意值
    }和{ $right ->
        [bool] 是否
        [number] 数字
        [text] 文本
        [date] 日期
        [datetime] 日期时间
        [time] 时间
        [ref] 关联或成员
        [list] 列
        [rows] 子表单
       *[any] 任意值
    }。
fault-formula-argument =
    { $function } 的第 { $place } 个参数需要{ $expected ->
        [single] 单个值
        [bool] 是否
        [number] 数字
        [text] 文本
        [date] 日期
        [time] 时间
        [moment] 日期或时间
        [numbers] 数字
        [number_list] 数字列
        [ordered] 数字或日期
        [list] 列
        [dates] 日期
        [values] 值
        [ref] 成员或部门
        [key] 写明的文本
       *[any] 任意值
    }，却得到{ $found ->
        [bool] 是否
        [number] 数字
        [text] 文本
        [date] 日期
        [datetime] 日期时间
        [time] 时间
        [ref] 关联或成员
        [list] 列
        [rows] 子表单
       *[any] 任意值
    }。

# 公式函数
fn-topic-logic = 逻辑
fn-topic-number = 数字
fn-topic-statistics = 汇总
fn-topic-text = 文本
fn-topic-date = 日期
fn-topic-list = 列表
fn-topic-finance = 财务
fn-topic-records = 其他表单
fn-topic-people = 人员
fn-IF = 判断：条件成立时取一个值，否则取另一个。
fn-IF-params = 条件, 成立时, 不成立时
fn-IFS = 多条件判断：取第一个成立的条件后面的值。
fn-IFS-params = 条件, 值
fn-SWITCH = 按值对应：与哪一项相等就取哪一项的结果。
fn-SWITCH-params = 值, 等于, 结果, 其他
fn-CHOOSE = 按序号取值：第几个就取第几个值。
fn-CHOOSE-params = 第几, 值
fn-AND = 并且：全部成立才成立。
fn-AND-params = 条件
fn-OR = 或者：有一个成立就成立。
fn-OR-params = 条件
fn-NOT = 取反：不成立变成立。
fn-NOT-params = 条件
fn-XOR = 异或：成立的个数为单数才成立。
fn-XOR-params = 条件
fn-TRUE = 真。
fn-TRUE-params = { "" }
fn-FALSE = 假。
fn-FALSE-params = { "" }
fn-EMPTY = 空值。
fn-EMPTY-params = { "" }
fn-ISEMPTY = 是否为空。
fn-ISEMPTY-params = 值
fn-ISBLANK = 是否为空。
fn-ISBLANK-params = 值
fn-IFEMPTY = 为空时改用另一个值。
fn-IFEMPTY-params = 值, 为空时
fn-COALESCE = 取第一个不为空的值。
fn-COALESCE-params = 值
fn-IFERROR = 出错时改用另一个值。
fn-IFERROR-params = 值, 出错时
fn-IFNA = 找不到（#N/A）时改用另一个值。
fn-IFNA-params = 值, 找不到时
fn-ISNA = 是否为错误 #N/A。
fn-ISNA-params = 值
fn-ISERROR = 是否出错。
fn-ISERROR-params = 值
fn-ISNUMBER = 是否为数字。
fn-ISNUMBER-params = 值
fn-ISTEXT = 是否为文本。
fn-ISTEXT-params = 值
fn-ISDATE = 是否为日期。
fn-ISDATE-params = 值
fn-ISLOGICAL = 是否为真假值。
fn-ISLOGICAL-params = 值
fn-NA = 没有值的错误 #N/A。
fn-NA-params = { "" }
fn-PARAM = 应用参数的值。
fn-PARAM-params = 参数的标识
fn-ME = 当前成员。
fn-ME-params = { "" }
fn-ROUND = 四舍五入到几位小数。
fn-ROUND-params = 数字, 小数位数
fn-ROUNDUP = 向远离零的方向进位。
fn-ROUNDUP-params = 数字, 小数位数
fn-ROUNDDOWN = 向零的方向舍去。
fn-ROUNDDOWN-params = 数字, 小数位数
fn-ROUNDEVEN = 四舍六入五成双。
fn-ROUNDEVEN-params = 数字, 小数位数
fn-TRUNC = 截去多余的小数。
fn-TRUNC-params = 数字, 小数位数
fn-INT = 向下取整。
fn-INT-params = 数字
fn-DECIMALS = 数字有几位小数；多个数字取最多的。
fn-DECIMALS-params = 数字
fn-ABS = 绝对值。
fn-ABS-params = 数字
fn-SIGN = 正负号：1、0 或 -1。
fn-SIGN-params = 数字
fn-MOD = 除法的余数。
fn-MOD-params = 被除数, 除数
fn-QUOTIENT = 除法的整数部分。
fn-QUOTIENT-params = 被除数, 除数
fn-POWER = 乘幂。
fn-POWER-params = 底数, 指数
fn-SQRT = 平方根。
fn-SQRT-params = 数字
fn-EXP = e 的乘幂。
fn-EXP-params = 指数
fn-LN = 自然对数。
fn-LN-params = 数字
fn-LOG = 对数，默认以 10 为底。
fn-LOG-params = 数字, 底数
fn-LOG10 = 以 10 为底的对数。
fn-LOG10-params = 数字
fn-CEILING = 向上取到某数的倍数。
fn-CEILING-params = 数字, 倍数
fn-FLOOR = 向下取到某数的倍数。
fn-FLOOR-params = 数字, 倍数
fn-MROUND = 四舍五入到某数的倍数。
fn-MROUND-params = 数字, 倍数
fn-PI = 圆周率。
fn-PI-params = { "" }
fn-CLAMP = 把数字限制在最小与最大之间。
fn-CLAMP-params = 数字, 最小, 最大
fn-BETWEEN = 是否在两个值之间，含两端。
fn-BETWEEN-params = 值, 从, 到
fn-ALLOCATE = 按权重分摊一个总额，各份之和必等于总额。
fn-ALLOCATE-params = 总额, 权重列, 小数位数
fn-RMBCAP = 人民币大写金额。
fn-RMBCAP-params = 金额, 整或正
fn-FIXED = 数字写成固定小数位的文本。
fn-FIXED-params = 数字, 小数位数, 不加千分位
fn-SUMSQ = 平方和。
fn-SUMSQ-params = 数字
fn-EVEN = 向远离零的方向取到偶数。
fn-EVEN-params = 数字
fn-ODD = 向远离零的方向取到奇数。
fn-ODD-params = 数字
fn-ISEVEN = 是否为偶数。
fn-ISEVEN-params = 数字
fn-ISODD = 是否为奇数。
fn-ISODD-params = 数字
fn-GCD = 最大公约数。
fn-GCD-params = 数字
fn-LCM = 最小公倍数。
fn-LCM-params = 数字
fn-FACT = 阶乘。
fn-FACT-params = 数字
fn-COMBIN = 组合数：从若干个里选几个，不计次序。
fn-COMBIN-params = 总数, 选几个
fn-PERMUT = 排列数：从若干个里选几个，计次序。
fn-PERMUT-params = 总数, 选几个
fn-SIN = 正弦，角度以弧度计。
fn-SIN-params = 弧度
fn-COS = 余弦，角度以弧度计。
fn-COS-params = 弧度
fn-TAN = 正切，角度以弧度计。
fn-TAN-params = 弧度
fn-ASIN = 反正弦，得到弧度。
fn-ASIN-params = 正弦值
fn-ACOS = 反余弦，得到弧度。
fn-ACOS-params = 余弦值
fn-ATAN = 反正切，得到弧度。
fn-ATAN-params = 正切值
fn-ATAN2 = 到某一点的方向角，得到弧度。
fn-ATAN2-params = 横坐标, 纵坐标
fn-RADIANS = 角度变弧度。
fn-RADIANS-params = 角度
fn-DEGREES = 弧度变角度。
fn-DEGREES-params = 弧度
fn-DISTANCE = 两个位置相距多少米，位置写作「纬度,经度」。
fn-DISTANCE-params = 位置, 另一位置
fn-SUM = 求和：空值不计。
fn-SUM-params = 数字
fn-SUMIF = 条件求和。
fn-SUMIF-params = 检查列, 条件, 求和列
fn-SUMIFS = 多条件求和。
fn-SUMIFS-params = 求和列, 检查列, 条件
fn-SUMPRODUCT = 各列逐行相乘后求和。
fn-SUMPRODUCT-params = 数字列
fn-COUNT = 数字和日期的个数。
fn-COUNT-params = 值
fn-COUNTA = 不为空的个数；子表单则为行数。
fn-COUNTA-params = 值
fn-COUNTBLANK = 空值的个数。
fn-COUNTBLANK-params = 值
fn-COUNTIF = 条件计数。
fn-COUNTIF-params = 检查列, 条件
fn-COUNTIFS = 多条件计数。
fn-COUNTIFS-params = 检查列, 条件
fn-COUNTUNIQUE = 不重复值的个数。
fn-COUNTUNIQUE-params = 值
fn-AVERAGE = 平均：空值不计。
fn-AVERAGE-params = 数字
fn-AVERAGEIF = 条件平均。
fn-AVERAGEIF-params = 检查列, 条件, 平均列
fn-AVERAGEIFS = 多条件平均。
fn-AVERAGEIFS-params = 平均列, 检查列, 条件
fn-MIN = 最小值或最早的日期。
fn-MIN-params = 值
fn-MAX = 最大值或最晚的日期。
fn-MAX-params = 值
fn-MINIFS = 符合条件的最小值。
fn-MINIFS-params = 数字列, 检查列, 条件
fn-MAXIFS = 符合条件的最大值。
fn-MAXIFS-params = 数字列, 检查列, 条件
fn-PRODUCT = 乘积。
fn-PRODUCT-params = 数字
fn-LARGE = 第几大的数。
fn-LARGE-params = 数字列, 第几
fn-SMALL = 第几小的数。
fn-SMALL-params = 数字列, 第几
fn-MEDIAN = 中位数。
fn-MEDIAN-params = 数字
fn-MODE = 众数：出现次数最多的数。
fn-MODE-params = 数字
fn-PERCENTILE = 百分位数：有多大比例的数不超过它。
fn-PERCENTILE-params = 数字列, 比例
fn-QUARTILE = 四分位数。
fn-QUARTILE-params = 数字列, 第几个四分位
fn-TRIMMEAN = 去掉最高和最低的一部分后的平均。
fn-TRIMMEAN-params = 数字列, 去掉的比例
fn-GEOMEAN = 几何平均。
fn-GEOMEAN-params = 数字
fn-VAR = 样本方差。
fn-VAR-params = 数字
fn-RANK = 一个数在一列数中的名次。
fn-RANK-params = 数字, 数字列, 升序
fn-VARP = 总体方差。
fn-VARP-params = 数字
fn-STDEV = 样本标准差。
fn-STDEV-params = 数字
fn-STDEVP = 总体标准差。
fn-STDEVP-params = 数字
fn-CORREL = 两列数的相关系数，-1 到 1。
fn-CORREL-params = 数字列, 另一数字列
fn-CONCATENATE = 把几段文本接起来。
fn-CONCATENATE-params = 文本
fn-CONCAT = 把几段文本接起来。
fn-CONCAT-params = 文本
fn-TEXTJOIN = 用分隔符把几段文本接起来。
fn-TEXTJOIN-params = 分隔符, 跳过空值, 文本
fn-JOIN = 用分隔符把一列接成文本。
fn-JOIN-params = 列, 分隔符
fn-SPLIT = 按分隔符把文本拆成一列。
fn-SPLIT-params = 文本, 分隔符
fn-LEFT = 左边的几个字。
fn-LEFT-params = 文本, 字数
fn-RIGHT = 右边的几个字。
fn-RIGHT-params = 文本, 字数
fn-MID = 中间的几个字。
fn-MID-params = 文本, 从第几个字, 字数
fn-LEN = 字数。
fn-LEN-params = 文本
fn-LENB = 字节数：一个汉字算两个。
fn-LENB-params = 文本
fn-TRIM = 去掉首尾空格，中间连续空格变一个。
fn-TRIM-params = 文本
fn-CLEAN = 去掉换行等看不见的字符。
fn-CLEAN-params = 文本
fn-UPPER = 字母变大写。
fn-UPPER-params = 文本
fn-LOWER = 字母变小写。
fn-LOWER-params = 文本
fn-PROPER = 每个单词首字母大写。
fn-PROPER-params = 文本
fn-HALFWIDTH = 全角字符变半角。
fn-HALFWIDTH-params = 文本
fn-NORMALIZE = 用来比较的文本：不分大小写和全角半角，多余空格不算。
fn-NORMALIZE-params = 文本
fn-REPLACE = 替换从某个位置起的几个字。
fn-REPLACE-params = 文本, 从第几个字, 字数, 新文本
fn-SUBSTITUTE = 把文本中的某段文字换成另一段。
fn-SUBSTITUTE-params = 文本, 旧文本, 新文本, 第几处
fn-FIND = 文字出现的位置，区分大小写。
fn-FIND-params = 要找的文本, 文本, 从第几个字
fn-SEARCH = 文字出现的位置，不区分大小写。
fn-SEARCH-params = 要找的文本, 文本, 从第几个字
fn-TEXTBEFORE = 某个标记之前的文字；负数从末尾数。
fn-TEXTBEFORE-params = 文本, 标记, 第几处
fn-TEXTAFTER = 某个标记之后的文字；负数从末尾数。
fn-TEXTAFTER-params = 文本, 标记, 第几处
fn-CONTAINS = 文本是否包含某段文字，或列中是否有某一项。
fn-CONTAINS-params = 文本或列, 要找的文本
fn-STARTSWITH = 文本是否以某段文字开头。
fn-STARTSWITH-params = 文本, 开头
fn-ENDSWITH = 文本是否以某段文字结尾。
fn-ENDSWITH-params = 文本, 结尾
fn-EXACT = 两段文本是否完全相同。
fn-EXACT-params = 文本, 另一文本
fn-REPT = 重复几遍。
fn-REPT-params = 文本, 次数
fn-TEXT = 按格式写成文本。
fn-TEXT-params = 数字或日期, 格式
fn-TEXT-words = 两位小数, 千分位, 百分比, 前面补零, 2026-11-22, 2026年11月22日, 星期几, 时和分, 按小时计的时长
fn-VALUE = 文本变数字。
fn-VALUE-params = 文本
fn-CHAR = 字符编码对应的字符。
fn-CHAR-params = 编码
fn-CODE = 第一个字符的编码。
fn-CODE-params = 文本
fn-TODAY = 今天。
fn-TODAY-params = { "" }
fn-NOW = 现在。
fn-NOW-params = { "" }
fn-SYSTIME = 现在。
fn-SYSTIME-params = { "" }
fn-DATE = 由年、月、日组成日期。
fn-DATE-params = 年, 月, 日
fn-TIME = 由时、分、秒组成时间。
fn-TIME-params = 时, 分, 秒
fn-DATETIME = 由日期和时间组成日期时间。
fn-DATETIME-params = 日期, 时间
fn-YEAR = 年份。
fn-YEAR-params = 日期
fn-QUARTER = 季度。
fn-QUARTER-params = 日期
fn-MONTH = 月份。
fn-MONTH-params = 日期
fn-DAY = 几号。
fn-DAY-params = 日期
fn-HOUR = 小时。
fn-HOUR-params = 时间
fn-MINUTE = 分钟。
fn-MINUTE-params = 时间
fn-SECOND = 秒。
fn-SECOND-params = 时间
fn-WEEKDAY = 星期几：1 为星期日；类型 2 时 1 为星期一。
fn-WEEKDAY-params = 日期, 类型
fn-WEEKNUM = 一年中的第几周。
fn-WEEKNUM-params = 日期, 类型
fn-ISOWEEKNUM = ISO 周数。
fn-ISOWEEKNUM-params = 日期
fn-DAYS = 两个日期相差的天数。
fn-DAYS-params = 结束日期, 开始日期
fn-DAYS360 = 按每月 30 天计算的相差天数。
fn-DAYS360-params = 开始日期, 结束日期, 欧洲规则
fn-DATEDIF = 两个日期之间的整年、整月或天数。
fn-DATEDIF-params = 开始日期, 结束日期, 单位
fn-DATEDIF-words = 整年, 整月, 天数, 整周, 不足一年的整月, 不足一月的天数, 不足一年的天数
fn-DATEADD = 日期加上若干天、月、年等。
fn-DATEADD-params = 日期, 数量, 单位
fn-DATEADD-words = 年, 季度, 月, 周, 天, 小时, 分钟, 秒
fn-DATEDELTA = 日期加上若干天。
fn-DATEDELTA-params = 日期, 天数
fn-EDATE = 若干个月后的同一天。
fn-EDATE-params = 日期, 月数
fn-EOMONTH = 若干个月后的月末。
fn-EOMONTH-params = 日期, 月数
fn-STARTOF = 所在周、月、季、年的第一天。
fn-STARTOF-params = 日期, 单位
fn-STARTOF-words = 年初, 季度初, 月初, 一周的第一天（周一）
fn-ENDOF = 所在周、月、季、年的最后一天。
fn-ENDOF-params = 日期, 单位
fn-ENDOF-words = 年末, 季度末, 月末, 一周的最后一天（周日）
fn-DAYSINMONTH = 当月有几天。
fn-DAYSINMONTH-params = 日期
fn-WORKDAY = 若干个工作日后的日期。
fn-WORKDAY-params = 日期, 天数, 节假日, 调休上班日
fn-NETWORKDAYS = 两个日期之间的工作日天数。
fn-NETWORKDAYS-params = 开始日期, 结束日期, 节假日, 调休上班日
fn-ISWORKDAY = 是否为工作日。
fn-ISWORKDAY-params = 日期, 节假日, 调休上班日
fn-DATEVALUE = 文本或日期时间变日期。
fn-DATEVALUE-params = 文本或日期时间
fn-TIMEVALUE = 文本或日期时间变时间。
fn-TIMEVALUE-params = 文本或日期时间
fn-DATETIMEVALUE = 文本或毫秒数变日期时间。
fn-DATETIMEVALUE-params = 文本或毫秒数
fn-TIMESTAMP = 自 1970 年起的毫秒数。
fn-TIMESTAMP-params = 日期
fn-INDEX = 列中的第几项；负数从末尾数。
fn-INDEX-params = 列, 第几
fn-PREV = 另一列在上一行的值；第一行为空。用于子表单列的公式。
fn-PREV-params = 列
fn-RUNNING = 另一列从第一行到本行之和。用于子表单列的公式。
fn-RUNNING-params = 列
fn-FIRST = 列中第一个不为空的值。
fn-FIRST-params = 列
fn-LAST = 列中最后一个不为空的值。
fn-LAST-params = 列
fn-UNIQUE = 去掉重复的值。
fn-UNIQUE-params = 列
fn-UNION = 合并几列并去掉重复的值。
fn-UNION-params = 列
fn-INTERSECT = 两列都有的值。
fn-INTERSECT-params = 列, 另一列
fn-EXCEPT = 另一列没有的值。
fn-EXCEPT-params = 列, 另一列
fn-HASANY = 是否有其中任意一项。
fn-HASANY-params = 列, 各项
fn-HASALL = 是否各项都有。
fn-HASALL-params = 列, 各项
fn-SORT = 从小到大排列，也可从大到小。
fn-SORT-params = 列, 降序
fn-SORTBY = 按另一列的次序排列。
fn-SORTBY-params = 列, 排序列, 降序
fn-REVERSE = 把一列倒过来。
fn-REVERSE-params = 列
fn-TAKE = 列中的前几项；负数取后几项。
fn-TAKE-params = 列, 几项
fn-FILTER = 取出符合条件的各项。
fn-FILTER-params = 列, 检查列, 条件
fn-SEQUENCE = 等差的一列数。
fn-SEQUENCE-params = 个数, 起始, 步长
fn-MATCH = 值在列中是第几项。
fn-MATCH-params = 值, 列
fn-LOOKUP = 在一列中找到值，取另一列同一行的值。
fn-LOOKUP-params = 值, 查找列, 结果列, 找不到时
fn-PMT = 每期等额还款。
fn-PMT-params = 每期利率, 期数, 现值, 终值, 期初为 1
fn-IPMT = 某一期还款中的利息。
fn-IPMT-params = 每期利率, 第几期, 期数, 现值, 终值, 期初为 1
fn-PPMT = 某一期还款中的本金。
fn-PPMT-params = 每期利率, 第几期, 期数, 现值, 终值, 期初为 1
fn-FV = 终值：若干期后变成多少。
fn-FV-params = 每期利率, 期数, 每期付款, 现值, 期初为 1
fn-PV = 现值：将来的付款今天值多少。
fn-PV-params = 每期利率, 期数, 每期付款, 终值, 期初为 1
fn-NPER = 需要多少期。
fn-NPER-params = 每期利率, 每期付款, 现值, 终值, 期初为 1
fn-NPV = 净现值：各期收支折现后之和。
fn-NPV-params = 每期利率, 收支
fn-IRR = 内部收益率。
fn-IRR-params = 收支
fn-SLN = 直线法折旧。
fn-SLN-params = 原值, 残值, 年限
fn-SYD = 年数总和法折旧。
fn-SYD-params = 原值, 残值, 年限, 第几年
fn-DDB = 双倍余额递减法折旧。
fn-DDB-params = 原值, 残值, 年限, 第几年, 倍数
fn-SUMOF = 对某表单中符合条件的记录，求某字段之和。
fn-SUMOF-params = 表单, 条件, 字段
fn-COUNTOF = 某表单中符合条件的记录有几条。
fn-COUNTOF-params = 表单, 条件, 字段
fn-AVGOF = 对某表单中符合条件的记录，求某字段的平均值。
fn-AVGOF-params = 表单, 条件, 字段
fn-MINOF = 某表单中符合条件的记录里，某字段的最小值。
fn-MINOF-params = 表单, 条件, 字段
fn-MAXOF = 某表单中符合条件的记录里，某字段的最大值。
fn-MAXOF-params = 表单, 条件, 字段
fn-FIRSTOF = 某表单中符合条件的第一条记录的字段值。
fn-FIRSTOF-params = 表单, 条件, 字段
fn-LASTOF = 某表单中符合条件的最新一条记录的字段值。
fn-LASTOF-params = 表单, 条件, 字段
fn-MAPX = 查找某表单中某字段等于这个值的记录，对另一字段取 sum（合计）、count（个数）、avg（平均）、min、max、first（最早）或 last（最新）。
fn-MAPX-params = 方式, 值, 匹配字段, 结果字段
fn-MAPX-words = 求和, 计数, 平均, 最小, 最大, 第一条, 最后一条
fn-RECNO = 按创建时间，这条记录是本表单的第几条。
fn-RECNO-params = { "" }
fn-UUID = 一个不会重复的新标识。
fn-UUID-params = { "" }
fn-RAND = 一个随机数，不小于 0，小于 1。
fn-RAND-params = { "" }
fn-TEXTUSER = 成员的姓名。
fn-TEXTUSER-params = 成员
fn-TEXTDEPT = 部门的名称。
fn-TEXTDEPT-params = 部门
fn-GETUSERNAME = 当前用户的姓名。
fn-GETUSERNAME-params = { "" }
fn-TEXTPHONE = 电话号码的文本。
fn-TEXTPHONE-params = 电话
fn-TEXTLOCATION = 定位的地址，或其中的经纬度。
fn-TEXTLOCATION-params = 定位, 取哪部分
