# 值的問題
fault-required = 請填寫此欄位。
fault-wrong-type = 值的類型不正確。
fault-not-a-number = 這不是數字。
fault-other-currency = 此處的金額以 { $currency } 計，「{ $found }」是其他幣別。
fault-too-precise = 最多 { $scale } 位小數。
fault-out-of-range = 最多 18 位數字。
fault-too-small = 不能小於 { $min }。
fault-too-large = 不能大於 { $max }。
fault-too-short = 至少 { $min } 個字元。
fault-too-long = 最多 { $max } 個字元。
fault-pattern = 格式不符合要求。
fault-not-a-date = 這不是日期。
fault-not-a-month = 這不是月份。
fault-not-a-moment = 這不是日期時間。
fault-not-a-time = 這不是時間。
fault-not-an-id = 此項目不存在。
fault-not-an-email = 這不是電子郵件地址。
fault-not-a-phone = 這不是電話號碼。
fault-not-a-url = 這不是網址。
fault-not-an-id-card = 這不是身分證號碼。
fault-id-card-check = 檢查碼不符，請核對號碼。
fault-not-a-barcode = 這不是該類型（{ $format }）的條碼。
fault-barcode-check = 檢查碼不符，請核對條碼。
fault-not-json = 這不是 JSON 物件、陣列、數字或真假值。
fault-member-twice = 成員「{ $member }」出現了兩次。
fault-number-too-long = 其中有超過 28 位的數字。
fault-schema = { $at } 處不符合「{ $rule }」。
fault-schema-too-much = 內容太多，無法依結構檢查。
fault-not-a-location = 這不是位置：請填緯度和經度，如 31.23,121.47。
fault-latitude-first = 請先寫緯度再寫經度，如 31.23,121.47；{ $found } 不是緯度。
fault-too-far = 相距 { $away } 公尺，最多允許 { $max } 公尺。
fault-address-gap = 缺少上一級地區，請從省份填起。
fault-address-too-deep = 該欄位不需要「{ $part }」。
fault-unknown-part = 沒有「{ $part }」這一部分。
fault-unknown-region = 此處沒有地區「{ $name }」。
fault-choice-not-last = 請選到最後一級。
fault-unknown-choice = 「{ $choice }」不在選項中。
fault-too-few = 至少 { $min } 項。
fault-too-many = 最多 { $max } 項。
fault-twice = 同一項目出現了兩次。
fault-formula-error =
    無法計算：{ $why ->
        [div0] 除數是零或沒有填
        [value] 有一個值不是計算所需的類型
        [num] 有一個數字或日期超出了可能的範圍
        [domain] { $function } 不接受這樣的數字或日期
        [ends_before] 結束早於開始
        [ref] 計算要用的內容不存在
        [na] 沒有找到對應的內容
        [limit] 數字太大或文字太長
       *[other] 公式的結果是 { $error }
    }。{ $reads ->
        [some] 它由{ $fields }算出。
       *[none] { "" }
    }
fault-unknown-field = 沒有欄位「{ $field }」。
fault-removed-field = 「{ $field }」已被刪除。
fault-unfit-field = 「{ $field }」裡的內容與此流程在這裡需要的不同。
fault-unknown-row = 這一列已不存在。
fault-not-writable = 此處不能修改該欄位。
fault-validation = 檢核「{ $key }」未通過。
fault-not-unique = 此值已存在。
fault-dead-link = 連結的資料已不存在或無權檢視。
fault-looking-up = 正在依名稱尋找。
fault-no-record-named = 沒有名稱正好是「{ $name }」的資料，請從清單中選擇。
fault-several-records-named = 有多筆資料的名稱是「{ $name }」，請從清單中選擇。
fault-lookup-failed = 無法尋找「{ $name }」，請從清單中選擇。
fault-file-too-large = 「{ $name }」超過了 { $max }。
fault-file-type = 「{ $name }」不是允許的類型：{ $types }。
fault-file-taken = 該檔案屬於另一個欄位或另一筆資料，請在此處重新上傳。
fault-not-within = 這裡不能選擇此項。
fault-not-confirmed = 請確認任何人都可以看到「{ $field }」中可選的資料。
fault-not-public = 「{ $field }」不能對外填寫：它會透露成員或其他資料。
fault-shows-no-records = 「{ $field }」不顯示其他表單的資料。
fault-named-twice = 「{ $field }」重複了。
fault-bad-origin = 「{ $origin }」不是網站位址，例如 https://www.example.com。
fault-bad-pointer = 路徑以 / 開頭並指明成員，例如 /order/id。
fault-not-mappable = 外部系統的資料不能寫入「{ $field }」。
fault-key-without-update = 只有修改資料時才依關鍵欄位尋找，總是新增時不需要。
fault-key-not-unique = 不同資料的「{ $field }」可能相同，請選擇不允許重複的欄位。
fault-key-not-mapped = 每則訊息都必須帶有關鍵欄位「{ $field }」。
fault-subform-not-mapped = 尚未說明該子表單的列從哪裡來。
fault-columns-not-mapped = 尚未說明「{ $field }」的各欄寫入什麼。
fault-member-missing = 缺少這個成員。
fault-not-rows = 這不是由列組成的清單。
fault-not-offered = 這筆資料不在此處可選的範圍內。

# 設計的問題
fault-unknown-format = 此版本不認識格式 { $format }。
fault-invalid-key = 代號須以字母開頭，只含 a–z、0–9 和 _，最多 63 個字元。
fault-duplicate-key = 代號「{ $key }」重複。
fault-label-missing = 缺少名稱。
fault-no-fields = 表單至少要有一個欄位。
fault-unknown-kind = 沒有欄位類型「{ $kind }」。
fault-invalid-options = 選項不適合此類型：{ $detail }
fault-unknown-form = 沒有表單「{ $form }」。
fault-not-a-link = 「{ $field }」不是連結欄位。
fault-not-a-subform = 「{ $field }」不是子表單。
fault-nested-subform = 子表單中不能再放子表單。
fault-not-a-picture = 「{ $type }」不是圖片類型。
fault-not-a-column = 這種欄位不能作為子表單的欄。
fault-nested-tabs = 分頁不能放在另一個分頁裡。
fault-no-choices = 至少需要一個選項。
fault-choice-twice = 選項「{ $choice }」出現了兩次。
fault-min-over-max = 最小值大於最大值。
fault-bad-pattern = 不是有效的正規表示式：{ $detail }
fault-pattern-too-much = 正規表示式的計算量太大：重複次數展開後太多。
fault-not-a-lookup = 「{ $field }」須是經此連結帶出「{ $from }」的帶出欄位：即時的值只讀取，不儲存。
fault-not-allowed-here = 此類型不支援「{ $what }」。
fault-not-for-view = 「{ $field }」的類型不適用於此處。
fault-not-for-print = 「{ $field }」的類型無法在此列印。
fault-no-picture = 這不是圖片：請使用 PNG、JPEG、WebP 或 GIF 的 data 位址。
fault-view-out-of-reach = 這裡用到的欄位已不存在，或你無權檢視。
fault-cycle = 這些欄位循環相依：{ $fields }
fault-too-many-formulas = 一張表單最多有 { $max } 個公式。
fault-chain-too-long = 公式逐層引用最多 { $max } 層。
fault-unknown-operator = 「{ $field }」不能使用「{ $operator }」。
fault-bad-operand = 值與「{ $field }」不符。
fault-eq-null = 請用「為空」，不要與空值比較。
fault-not-stored = 「{ $field }」在讀取時才計算，不能用在這裡。
fault-through-link = 「{ $field }」取自關聯的資料，那筆資料會單獨變動。請先帶入本表單的欄位再使用。
fault-time-dependent = 此處的條件不能隨日期或檢視者變化。
fault-other-dimension = 「{ $field }」的值與此維度在第一個來源中的值不是同一類，相同的值必須代表同一事物。
fault-other-function = 「{ $measure }」在多個來源中使用了不同的彙總方式；同名的指標只有加總與計數可以相加。
fault-field-in-use = 「{ $field }」正被{ $by }使用。
fault-field-unknown-in-layout = 版面中的「{ $field }」不存在。
fault-too-deep = 最多 { $max } 級。
fault-bad-keyword = 結構中的這個關鍵字的值不對。
fault-unknown-keyword = 這裡不檢查關鍵字「{ $name }」，所以不能使用。
fault-unknown-reference = 「{ $name }」沒有指向結構中的任何部分。
fault-endless-reference = 此處的結構無止境地參照自身。
fault-unknown-regions = 沒有地區表「{ $name }」。
fault-unknown-currency = ISO 4217 中沒有幣別「{ $currency }」。
fault-serial-needs-one-counter = 流水號須有且只有一個計數部分。
fault-serial-part = 流水號的每一部分是文字、日期、欄位或計數之一。

# 設計中值得留意、但不影響發布的地方
fault-one-choice = 只有一個選項。是不是想用開關，或者還缺選項？
fault-link-without-title = 「{ $form }」的資料沒有標題，也沒有文字欄位，選擇時分不清是哪一筆。
fault-not-translated = 有 { $count } 個欄位的名稱沒有寫齊表單的各種語言。
fault-required-not-editable = 這是必填欄位，但能新增資料的權限群組都不能填寫它：除管理員外沒有人能送出。
fault-hidden-from-all = 所有權限群組都看不到這個欄位，只有管理員能看到和填寫。
fault-formula-shown-nowhere = 所有權限群組都看不到這個計算欄位，表單裡也沒有用到它。

# 指令碼的問題
fault-script-syntax = 第 { $line } 列第 { $column } 欄：{ $detail }。
fault-script-method = 第 { $line } 列第 { $column } 欄：呼叫「{ $name }」時，所有參數都寫在括號內。
fault-script-name-taken = 第 { $line } 列第 { $column } 欄：「{ $name }」由系統提供，不能重新定義。
fault-script-sets-inside = 第 { $line } 列第 { $column } 欄：只能給指令碼自己的變數或 record 的欄位賦值；清單和對應表以 += 附加。
fault-script-unknown-function = 第 { $line } 列第 { $column } 欄：指令碼中沒有函式「{ $name }」。
fault-script-arguments = 第 { $line } 列第 { $column } 欄：「{ $name }」最多有 { $max } 個引數。
fault-script-names-form = 第 { $line } 列第 { $column } 欄：「{ $name }」的第一個參數須直接寫出表單的代號。
fault-script-sets-field = 指令碼給「{ $field }」賦值，但它不是由指令碼設定的欄位。
fault-unknown-table = 沒有彙總表「{ $name }」。
fault-unknown-script = 沒有指令碼「{ $name }」。
fault-script-not-administered = 只有指令碼「{ $name }」所屬應用程式的管理員才能繫結它。

# 範本套件的問題
fault-invalid-document =
    檔案無法讀取：{ $why ->
        [encoding] 不是 UTF-8 文字
        [json] 不是正確的 JSON
        [csv] 各列的欄數不同，或不是 UTF-8 文字
        [texts] 文案的寫法不正確
        [unknown] 這裡沒有成員「{ $member }」
        [missing] 缺少成員「{ $member }」
       *[other] 這裡應是別的內容
    }{ $place ->
        [column] （第 { $line } 行第 { $column } 欄）
        [line] （第 { $line } 行）
       *[none] { "" }
    }。
fault-file-missing = 缺少此檔案。
fault-unknown-file = 此檔案不屬於範本套件。
fault-key-differs = 代號「{ $key }」與檔名不同。
fault-unknown-package = 沒有範本套件「{ $package }」。
fault-invalid-version = 「{ $version }」不是形如 1.4.2 的版本號。
fault-version-too-old = 需要「{ $package }」{ $needed } 或更新版本，目前版本為 { $found }。
fault-demo-without-key = 第一列沒有 $key。

# 違反限制時的說明
breach = { $message }（{ $measure }目前是 { $before }，將變為 { $after }）
breach-of-group = { $message }（{ $group }：{ $measure }目前是 { $before }，將變為 { $after }）
