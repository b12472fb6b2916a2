# 公式的問題
fault-formula-unexpected = 「{ $text }」不應出現在這裡。
fault-formula-unfinished = 公式沒有寫完。
fault-formula-unclosed-parenthesis = 這個括號沒有對應的右括號。
fault-formula-unclosed-text = 文字缺少結尾的引號。
fault-formula-unclosed-bracket = 欄位名稱缺少結尾的方括號。
fault-formula-number = 「{ $text }」不是可用的數字，最多 28 位。
fault-formula-too-long = 公式太長，最多 { $max } KB。
fault-formula-too-deep = 公式巢狀太深，最多 { $max } 層。
fault-unknown-function = 沒有函數 { $function }。
fault-unknown-parameter = 應用程式沒有參數「{ $parameter }」。
fault-unknown-field-like = 沒有欄位「{ $field }」。是不是「{ $like }」？
fault-formula-brackets = 「{ $field }」在公式中要寫在方括號裡：{ $like }
fault-ambiguous-name = 有幾個欄位都叫「{ $name }」，請寫 { $like }。
fault-formula-literal = { $function } 不認得「{ $text }」。
fault-formula-parameter = PARAM 的參數須是寫明的文字。
fault-formula-over-rows = { $function } 讀取公式所在的各列：參數須是這些列中另一欄的名稱，且只能用在有列的地方。
fault-formula-form = { $function } 的第一個參數是表單名稱，例如 { $function }(訂單, …)。
fault-formula-field-of = 這裡需要所統計表單的欄位，例如 { $form }.…。
fault-formula-condition = 對「{ $form }」的條件只能用 =、<>、<、<=、>、>=、ISEMPTY、CONTAINS、STARTSWITH、ENDSWITH、BETWEEN、HASANY、HASALL 比較它的欄位，並用 and、or、not 連接；這裡不能拿它的欄位做計算。
fault-too-many-figures = 一個公式最多統計其他表單 { $max } 次。
fault-asks-others = 這裡不能統計其他表單。
fault-random-value = 隨機值每次都會不同，請當作預設值使用。
fault-formula-arity = { $function } 需要 { $min } 到 { $max } 個參數，這裡有 { $count } 個。
fault-formula-type =
    這裡需要{ $expected ->
        [bool] 是否
        [number] 數字
        [text] 文字
        [date] 日期
        [datetime] 日期時間
        [time] 時間
        [ref] 連結或成員
        [list] 清單
        [rows] 子表單
       *[any] 任意值
    }，卻得到{ $found ->
        [bool] 是否
        [number] 數字
        [text] 文字
        [date] 日期
        [datetime] 日期時間
        [time] 時間
        [ref] 連結或成員
        [list] 清單
        [rows] 子表單
       *[any] 任意值
    }。
fault-formula-operand =
    「{ $operator }」不能用於{ $found ->
        [bool] 是否
        [number] 數字
        [text] 文字
        [date] 日期
        [datetime] 日期時間
        [time] 時間
        [ref] 連結或成員
        [list] 清單
        [rows] 子表單
       *[any] 任意值
    }。
fault-formula-operands =
    「{ $operator }」不能用於{ $left ->
        [bool] 是否
        [number] 數字
        [text] 文字
        [date] 日期
        [datetime] 日期時間
        [time] 時間
        [ref] 連結或成員
        [list] 清單
        [rows] 子表單
       *[any] 任意值
    }和{ $right ->
        [bool] 是否
        [number] 數字
        [text] 文字
        [date] 日期
        [datetime] 日期時間
        [time] 時間
        [ref] 連結或成員
        [list] 清單
        [rows] 子表單
       *[any] 任意值
    }。
fault-formula-argument =
    { $function } 的第 { $place } 個參數需要{ $expected ->
        [single] 單一值
        [bool] 是否
        [number] 數字
        [text] 文字
        [date] 日期
        [time] 時間
        [moment] 日期或時間
        [numbers] 數字
        [number_list] 數字欄
        [ordered] 數字或日期
        [list] 清單
        [dates] 日期
        [values] 值
        [ref] 成員或部門
        [key] 寫明的文字
       *[any] 任意值
    }，卻得到{ $found ->
        [bool] 是否
        [number] 數字
        [text] 文字
        [date] 日期
        [datetime] 日期時間
        [time] 時間
        [ref] 連結或成員
        [list] 清單
        [rows] 子表單
       *[any] 任意值
    }。

# 公式函數
fn-topic-logic = 邏輯
fn-topic-number = 數字
fn-topic-statistics = 彙總
fn-topic-text = 文字
fn-topic-date = 日期
fn-topic-list = 清單
fn-topic-finance = 財務
fn-topic-records = 其他表單
fn-topic-people = 人員
fn-IF = 判斷：條件成立時取一個值，否則取另一個。
fn-IF-params = 條件, 成立時, 不成立時
fn-IFS = 多條件判斷：取第一個成立的條件後面的值。
fn-IFS-params = 條件, 值
fn-SWITCH = 依值對應：與哪一項相等就取哪一項的結果。
fn-SWITCH-params = 值, 等於, 結果, 其他
fn-CHOOSE = 依序號取值：第幾個就取第幾個值。
fn-CHOOSE-params = 第幾, 值
fn-AND = 且：全部成立才成立。
fn-AND-params = 條件
fn-OR = 或：有一個成立就成立。
fn-OR-params = 條件
fn-NOT = 取反：不成立變成立。
fn-NOT-params = 條件
fn-XOR = 互斥或：成立的個數為奇數才成立。
fn-XOR-params = 條件
fn-TRUE = 真。
fn-TRUE-params = { "" }
fn-FALSE = 假。
fn-FALSE-params = { "" }
fn-EMPTY = 空值。
fn-EMPTY-params = { "" }
fn-ISEMPTY = 是否為空。
fn-ISEMPTY-params = 值
fn-ISBLANK = 是否為空。
fn-ISBLANK-params = 值
fn-IFEMPTY = 為空時改用另一個值。
fn-IFEMPTY-params = 值, 為空時
fn-COALESCE = 取第一個不為空的值。
fn-COALESCE-params = 值
fn-IFERROR = 出錯時改用另一個值。
fn-IFERROR-params = 值, 出錯時
fn-IFNA = 找不到（#N/A）時改用另一個值。
fn-IFNA-params = 值, 找不到時
fn-ISNA = 是否為錯誤 #N/A。
fn-ISNA-params = 值
fn-ISERROR = 是否出錯。
fn-ISERROR-params = 值
fn-ISNUMBER = 是否為數字。
fn-ISNUMBER-params = 值
fn-ISTEXT = 是否為文字。
fn-ISTEXT-params = 值
fn-ISDATE = 是否為日期。
fn-ISDATE-params = 值
fn-ISLOGICAL = 是否為真假值。
fn-ISLOGICAL-params = 值
fn-NA = 沒有值的錯誤 #N/A。
fn-NA-params = { "" }
fn-PARAM = 應用程式參數的值。
fn-PARAM-params = 參數的代號
fn-ME = 目前成員。
fn-ME-params = { "" }
fn-ROUND = 四捨五入到幾位小數。
fn-ROUND-params = 數字, 小數位數
fn-ROUNDUP = 向遠離零的方向進位。
fn-ROUNDUP-params = 數字, 小數位數
fn-ROUNDDOWN = 向零的方向捨去。
fn-ROUNDDOWN-params = 數字, 小數位數
fn-ROUNDEVEN = 四捨六入五成雙。
fn-ROUNDEVEN-params = 數字, 小數位數
fn-TRUNC = 截去多餘的小數。
fn-TRUNC-params = 數字, 小數位數
fn-INT = 向下取整。
fn-INT-params = 數字
fn-DECIMALS = 數字有幾位小數；多個數字取最多的。
fn-DECIMALS-params = 數字
fn-ABS = 絕對值。
fn-ABS-params = 數字
fn-SIGN = 正負號：1、0 或 -1。
fn-SIGN-params = 數字
fn-MOD = 除法的餘數。
fn-MOD-params = 被除數, 除數
fn-QUOTIENT = 除法的整數部分。
fn-QUOTIENT-params = 被除數, 除數
fn-POWER = 乘冪。
fn-POWER-params = 底數, 指數
fn-SQRT = 平方根。
fn-SQRT-params = 數字
fn-EXP = e 的乘冪。
fn-EXP-params = 指數
fn-LN = 自然對數。
fn-LN-params = 數字
fn-LOG = 對數，預設以 10 為底。
fn-LOG-params = 數字, 底數
fn-LOG10 = 以 10 為底的對數。
fn-LOG10-params = 數字
fn-CEILING = 向上取到某數的倍數。
fn-CEILING-params = 數字, 倍數
fn-FLOOR = 向下取到某數的倍數。
fn-FLOOR-params = 數字, 倍數
fn-MROUND = 四捨五入到某數的倍數。
fn-MROUND-params = 數字, 倍數
fn-PI = 圓周率。
fn-PI-params = { "" }
fn-CLAMP = 把數字限制在最小與最大之間。
fn-CLAMP-params = 數字, 最小, 最大
fn-BETWEEN = 是否在兩個值之間，含兩端。
fn-BETWEEN-params = 值, 從, 到
fn-ALLOCATE = 依權重分攤一個總額，各份之和必等於總額。
fn-ALLOCATE-params = 總額, 權重欄, 小數位數
fn-RMBCAP = 人民幣大寫金額。
fn-RMBCAP-params = 金額, 整或正
fn-FIXED = 數字寫成固定小數位的文字。
fn-FIXED-params = 數字, 小數位數, 不加千分位
fn-SUMSQ = 平方和。
fn-SUMSQ-params = 數字
fn-EVEN = 向遠離零的方向取到偶數。
fn-EVEN-params = 數字
fn-ODD = 向遠離零的方向取到奇數。
fn-ODD-params = 數字
fn-ISEVEN = 是否為偶數。
fn-ISEVEN-params = 數字
fn-ISODD = 是否為奇數。
fn-ISODD-params = 數字
fn-GCD = 最大公因數。
fn-GCD-params = 數字
fn-LCM = 最小公倍數。
fn-LCM-params = 數字
fn-FACT = 階乘。
fn-FACT-params = 數字
fn-COMBIN = 組合數：從若干個裡選幾個，不計次序。
fn-COMBIN-params = 總數, 選幾個
fn-PERMUT = 排列數：從若干個裡選幾個，計次序。
fn-PERMUT-params = 總數, 選幾個
fn-SIN = 正弦，角度以弧度計。
fn-SIN-params = 弧度
fn-COS = 餘弦，角度以弧度計。
fn-COS-params = 弧度
fn-TAN = 正切，角度以弧度計。
fn-TAN-params = 弧度
fn-ASIN = 反正弦，得到弧度。
fn-ASIN-params = 正弦值
fn-ACOS = 反餘弦，得到弧度。
fn-ACOS-params = 餘弦值
fn-ATAN = 反正切，得到弧度。
fn-ATAN-params = 正切值
fn-ATAN2 = 到某一點的方向角，得到弧度。
fn-ATAN2-params = 橫座標, 縱座標
fn-RADIANS = 角度變弧度。
fn-RADIANS-params = 角度
fn-DEGREES = 弧度變角度。
fn-DEGREES-params = 弧度
fn-DISTANCE = 兩個位置相距多少公尺，位置寫作「緯度,經度」。
fn-DISTANCE-params = 位置, 另一位置
fn-SUM = 加總：空值不計。
fn-SUM-params = 數字
fn-SUMIF = 條件加總。
fn-SUMIF-params = 檢查欄, 條件, 加總欄
fn-SUMIFS = 多條件加總。
fn-SUMIFS-params = 加總欄, 檢查欄, 條件
fn-SUMPRODUCT = 各欄逐列相乘後加總。
fn-SUMPRODUCT-params = 數字欄
fn-COUNT = 數字和日期的個數。
fn-COUNT-params = 值
fn-COUNTA = 不為空的個數；子表單則為列數。
fn-COUNTA-params = 值
fn-COUNTBLANK = 空值的個數。
fn-COUNTBLANK-params = 值
fn-COUNTIF = 條件計數。
fn-COUNTIF-params = 檢查欄, 條件
fn-COUNTIFS = 多條件計數。
fn-COUNTIFS-params = 檢查欄, 條件
fn-COUNTUNIQUE = 不重複值的個數。
fn-COUNTUNIQUE-params = 值
fn-AVERAGE = 平均：空值不計。
fn-AVERAGE-params = 數字
fn-AVERAGEIF = 條件平均。
fn-AVERAGEIF-params = 檢查欄, 條件, 平均欄
fn-AVERAGEIFS = 多條件平均。
fn-AVERAGEIFS-params = 平均欄, 檢查欄, 條件
fn-MIN = 最小值或最早的日期。
fn-MIN-params = 值
fn-MAX = 最大值或最晚的日期。
fn-MAX-params = 值
fn-MINIFS = 符合條件的最小值。
fn-MINIFS-params = 數字欄, 檢查欄, 條件
fn-MAXIFS = 符合條件的最大值。
fn-MAXIFS-params = 數字欄, 檢查欄, 條件
fn-PRODUCT = 乘積。
fn-PRODUCT-params = 數字
fn-LARGE = 第幾大的數。
fn-LARGE-params = 數字欄, 第幾
fn-SMALL = 第幾小的數。
fn-SMALL-params = 數字欄, 第幾
fn-MEDIAN = 中位數。
fn-MEDIAN-params = 數字
fn-MODE = 眾數：出現次數最多的數。
fn-MODE-params = 數字
fn-PERCENTILE = 百分位數：有多大比例的數不超過它。
fn-PERCENTILE-params = 數字欄, 比例
fn-QUARTILE = 四分位數。
fn-QUARTILE-params = 數字欄, 第幾個四分位
fn-TRIMMEAN = 去掉最高和最低的一部分後的平均。
fn-TRIMMEAN-params = 數字欄, 去掉的比例
fn-GEOMEAN = 幾何平均。
fn-GEOMEAN-params = 數字
fn-VAR = 樣本變異數。
fn-VAR-params = 數字
fn-RANK = 一個數在一欄數中的名次。
fn-RANK-params = 數字, 數字欄, 遞增
fn-VARP = 母體變異數。
fn-VARP-params = 數字
fn-STDEV = 樣本標準差。
fn-STDEV-params = 數字
fn-STDEVP = 母體標準差。
fn-STDEVP-params = 數字
fn-CORREL = 兩欄數的相關係數，-1 到 1。
fn-CORREL-params = 數字欄, 另一數字欄
fn-CONCATENATE = 把幾段文字接起來。
fn-CONCATENATE-params = 文字
fn-CONCAT = 把幾段文字接起來。
fn-CONCAT-params = 文字
fn-TEXTJOIN = 用分隔符號把幾段文字接起來。
fn-TEXTJOIN-params = 分隔符號, 略過空值, 文字
fn-JOIN = 用分隔符號把一欄接成文字。
fn-JOIN-params = 清單, 分隔符號
fn-SPLIT = 依分隔符號把文字拆成清單。
fn-SPLIT-params = 文字, 分隔符號
fn-LEFT = 左邊的幾個字。
fn-LEFT-params = 文字, 字數
fn-RIGHT = 右邊的幾個字。
fn-RIGHT-params = 文字, 字數
fn-MID = 中間的幾個字。
fn-MID-params = 文字, 從第幾個字, 字數
fn-LEN = 字數。
fn-LEN-params = 文字
fn-LENB = 位元組數：一個中文字算兩個。
fn-LENB-params = 文字
fn-TRIM = 去掉首尾空格，中間連續空格變一個。
fn-TRIM-params = 文字
fn-CLEAN = 去掉換行等看不見的字元。
fn-CLEAN-params = 文字
fn-UPPER = 字母變大寫。
fn-UPPER-params = 文字
fn-LOWER = 字母變小寫。
fn-LOWER-params = 文字
fn-PROPER = 每個單字首字母大寫。
fn-PROPER-params = 文字
fn-HALFWIDTH = 全形字元變半形。
fn-HALFWIDTH-params = 文字
fn-NORMALIZE = 用來比較的文字：不分大小寫和全形半形，多餘空格不算。
fn-NORMALIZE-params = 文字
fn-REPLACE = 取代從某個位置起的幾個字。
fn-REPLACE-params = 文字, 從第幾個字, 字數, 新文字
fn-SUBSTITUTE = 把文字中的某一段換成另一段。
fn-SUBSTITUTE-params = 文字, 舊文字, 新文字, 第幾處
fn-FIND = 文字出現的位置，區分大小寫。
fn-FIND-params = 要找的文字, 文字, 從第幾個字
fn-SEARCH = 文字出現的位置，不區分大小寫。
fn-SEARCH-params = 要找的文字, 文字, 從第幾個字
fn-TEXTBEFORE = 某個標記之前的文字；負數從末尾數。
fn-TEXTBEFORE-params = 文字, 標記, 第幾處
fn-TEXTAFTER = 某個標記之後的文字；負數從末尾數。
fn-TEXTAFTER-params = 文字, 標記, 第幾處
fn-CONTAINS = 文字是否包含某段文字，或清單中是否有某一項。
fn-CONTAINS-params = 文字或清單, 要找的文字
fn-STARTSWITH = 文字是否以某段文字開頭。
fn-STARTSWITH-params = 文字, 開頭
fn-ENDSWITH = 文字是否以某段文字結尾。
fn-ENDSWITH-params = 文字, 結尾
fn-EXACT = 兩段文字是否完全相同。
fn-EXACT-params = 文字, 另一文字
fn-REPT = 重複幾遍。
fn-REPT-params = 文字, 次數
fn-TEXT = 依格式寫成文字。
fn-TEXT-params = 數字或日期, 格式
fn-TEXT-words = 兩位小數, 千分位, 百分比, 前面補零, 2026-11-22, 2026年11月22日, 星期幾, 時和分, 以小時計的時間長度
fn-VALUE = 文字變數字。
fn-VALUE-params = 文字
fn-CHAR = 字元編碼對應的字元。
fn-CHAR-params = 編碼
fn-CODE = 第一個字元的編碼。
fn-CODE-params = 文字
fn-TODAY = 今天。
fn-TODAY-params = { "" }
fn-NOW = 現在。
fn-NOW-params = { "" }
fn-SYSTIME = 現在。
fn-SYSTIME-params = { "" }
fn-DATE = 由年、月、日組成日期。
fn-DATE-params = 年, 月, 日
fn-TIME = 由時、分、秒組成時間。
fn-TIME-params = 時, 分, 秒
fn-DATETIME = 由日期和時間組成日期時間。
fn-DATETIME-params = 日期, 時間
fn-YEAR = 年份。
fn-YEAR-params = 日期
fn-QUARTER = 季度。
fn-QUARTER-params = 日期
fn-MONTH = 月份。
fn-MONTH-params = 日期
fn-DAY = 幾號。
fn-DAY-params = 日期
fn-HOUR = 小時。
fn-HOUR-params = 時間
fn-MINUTE = 分鐘。
fn-MINUTE-params = 時間
fn-SECOND = 秒。
fn-SECOND-params = 時間
fn-WEEKDAY = 星期幾：1 為星期日；類型 2 時 1 為星期一。
fn-WEEKDAY-params = 日期, 類型
fn-WEEKNUM = 一年中的第幾週。
fn-WEEKNUM-params = 日期, 類型
fn-ISOWEEKNUM = ISO 週數。
fn-ISOWEEKNUM-params = 日期
fn-DAYS = 兩個日期相差的天數。
fn-DAYS-params = 結束日期, 開始日期
fn-DAYS360 = 依每月 30 天計算的相差天數。
fn-DAYS360-params = 開始日期, 結束日期, 歐洲規則
fn-DATEDIF = 兩個日期之間的整年、整月或天數。
fn-DATEDIF-params = 開始日期, 結束日期, 單位
fn-DATEDIF-words = 整年, 整月, 天數, 整週, 不足一年的整月, 不足一月的天數, 不足一年的天數
fn-DATEADD = 日期加上若干天、月、年等。
fn-DATEADD-params = 日期, 數量, 單位
fn-DATEADD-words = 年, 季, 月, 週, 天, 小時, 分鐘, 秒
fn-DATEDELTA = 日期加上若干天。
fn-DATEDELTA-params = 日期, 天數
fn-EDATE = 若干個月後的同一天。
fn-EDATE-params = 日期, 月數
fn-EOMONTH = 若干個月後的月底。
fn-EOMONTH-params = 日期, 月數
fn-STARTOF = 所在週、月、季、年的第一天。
fn-STARTOF-params = 日期, 單位
fn-STARTOF-words = 年初, 季初, 月初, 一週的第一天（週一）
fn-ENDOF = 所在週、月、季、年的最後一天。
fn-ENDOF-params = 日期, 單位
fn-ENDOF-words = 年末, 季末, 月末, 一週的最後一天（週日）
fn-DAYSINMONTH = 當月有幾天。
fn-DAYSINMONTH-params = 日期
fn-WORKDAY = 若干個工作日後的日期。
fn-WORKDAY-params = 日期, 天數, 假日, 補班日
fn-NETWORKDAYS = 兩個日期之間的工作日天數。
fn-NETWORKDAYS-params = 開始日期, 結束日期, 假日, 補班日
fn-ISWORKDAY = 是否為工作日。
fn-ISWORKDAY-params = 日期, 假日, 補班日
fn-DATEVALUE = 文字或日期時間變日期。
fn-DATEVALUE-params = 文字或日期時間
fn-TIMEVALUE = 文字或日期時間變時間。
fn-TIMEVALUE-params = 文字或日期時間
fn-DATETIMEVALUE = 文字或毫秒數變日期時間。
fn-DATETIMEVALUE-params = 文字或毫秒數
fn-TIMESTAMP = 自 1970 年起的毫秒數。
fn-TIMESTAMP-params = 日期
fn-INDEX = 清單中的第幾項；負數從末尾數。
fn-INDEX-params = 清單, 第幾
fn-PREV = 另一欄在上一列的值；第一列為空。用於子表單欄位的公式。
fn-PREV-params = 欄
fn-RUNNING = 另一欄從第一列到本列的總和。用於子表單欄位的公式。
fn-RUNNING-params = 欄
fn-FIRST = 清單中第一個不為空的值。
fn-FIRST-params = 清單
fn-LAST = 清單中最後一個不為空的值。
fn-LAST-params = 清單
fn-UNIQUE = 去掉重複的值。
fn-UNIQUE-params = 清單
fn-UNION = 合併幾個清單並去掉重複的值。
fn-UNION-params = 清單
fn-INTERSECT = 兩個清單都有的值。
fn-INTERSECT-params = 清單, 另一清單
fn-EXCEPT = 另一清單沒有的值。
fn-EXCEPT-params = 清單, 另一清單
fn-HASANY = 是否有其中任意一項。
fn-HASANY-params = 清單, 各項
fn-HASALL = 是否各項都有。
fn-HASALL-params = 清單, 各項
fn-SORT = 從小到大排列，也可從大到小。
fn-SORT-params = 清單, 遞減
fn-SORTBY = 依另一欄的次序排列。
fn-SORTBY-params = 清單, 排序欄, 遞減
fn-REVERSE = 把清單倒過來。
fn-REVERSE-params = 清單
fn-TAKE = 清單中的前幾項；負數取後幾項。
fn-TAKE-params = 清單, 幾項
fn-FILTER = 取出符合條件的各項。
fn-FILTER-params = 清單, 檢查欄, 條件
fn-SEQUENCE = 等差的一串數。
fn-SEQUENCE-params = 個數, 起始, 間距
fn-MATCH = 值在清單中是第幾項。
fn-MATCH-params = 值, 清單
fn-LOOKUP = 在一欄中找到值，取另一欄同一列的值。
fn-LOOKUP-params = 值, 查找欄, 結果欄, 找不到時
fn-PMT = 每期等額還款。
fn-PMT-params = 每期利率, 期數, 現值, 終值, 期初為 1
fn-IPMT = 某一期還款中的利息。
fn-IPMT-params = 每期利率, 第幾期, 期數, 現值, 終值, 期初為 1
fn-PPMT = 某一期還款中的本金。
fn-PPMT-params = 每期利率, 第幾期, 期數, 現值, 終值, 期初為 1
fn-FV = 終值：若干期後變成多少。
fn-FV-params = 每期利率, 期數, 每期付款, 現值, 期初為 1
fn-PV = 現值：將來的付款今天值多少。
fn-PV-params = 每期利率, 期數, 每期付款, 終值, 期初為 1
fn-NPER = 需要多少期。
fn-NPER-params = 每期利率, 每期付款, 現值, 終值, 期初為 1
fn-NPV = 淨現值：各期收支折現後之和。
fn-NPV-params = 每期利率, 收支
fn-IRR = 內部報酬率。
fn-IRR-params = 收支
fn-SLN = 直線法折舊。
fn-SLN-params = 原值, 殘值, 年限
fn-SYD = 年數合計法折舊。
fn-SYD-params = 原值, 殘值, 年限, 第幾年
fn-DDB = 倍數餘額遞減法折舊。
fn-DDB-params = 原值, 殘值, 年限, 第幾年, 倍數
fn-SUMOF = 對某表單中符合條件的資料，求某欄位的總和。
fn-SUMOF-params = 表單, 條件, 欄位
fn-COUNTOF = 某表單中符合條件的資料有幾筆。
fn-COUNTOF-params = 表單, 條件, 欄位
fn-AVGOF = 對某表單中符合條件的資料，求某欄位的平均值。
fn-AVGOF-params = 表單, 條件, 欄位
fn-MINOF = 某表單中符合條件的資料裡，某欄位的最小值。
fn-MINOF-params = 表單, 條件, 欄位
fn-MAXOF = 某表單中符合條件的資料裡，某欄位的最大值。
fn-MAXOF-params = 表單, 條件, 欄位
fn-FIRSTOF = 某表單中符合條件的第一筆資料的欄位值。
fn-FIRSTOF-params = 表單, 條件, 欄位
fn-LASTOF = 某表單中符合條件的最新一筆資料的欄位值。
fn-LASTOF-params = 表單, 條件, 欄位
fn-MAPX = 查詢某表單中某欄位等於這個值的資料，對另一欄位取 sum（總和）、count（個數）、avg（平均）、min、max、first（最早）或 last（最新）。
fn-MAPX-params = 方式, 值, 比對欄位, 結果欄位
fn-MAPX-words = 加總, 計數, 平均, 最小, 最大, 第一筆, 最後一筆
fn-RECNO = 依建立時間，這筆資料是本表單的第幾筆。
fn-RECNO-params = { "" }
fn-UUID = 一個不會重複的新識別碼。
fn-UUID-params = { "" }
fn-RAND = 一個隨機數，不小於 0，小於 1。
fn-RAND-params = { "" }
fn-TEXTUSER = 成員的姓名。
fn-TEXTUSER-params = 成員
fn-TEXTDEPT = 部門的名稱。
fn-TEXTDEPT-params = 部門
fn-GETUSERNAME = 目前使用者的姓名。
fn-GETUSERNAME-params = { "" }
fn-TEXTPHONE = 電話號碼的文字。
fn-TEXTPHONE-params = 電話
fn-TEXTLOCATION = 定位的地址，或其中的經緯度。
fn-TEXTLOCATION-params = 定位, 取哪部分
