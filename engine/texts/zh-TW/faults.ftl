# 值的問題
fault-required = 請填寫此欄位。
fault-wrong-type = 值的類型不正確。
fault-not-a-number = 這不是數字。
fault-too-precise = 最多 { $scale } 位小數。
fault-out-of-range = 最多 18 位數字。
fault-too-small = 不能小於 { $min }。
fault-too-large = 不能大於 { $max }。
fault-too-short = 至少 { $min } 個字。
fault-too-long = 最多 { $max } 個字。
fault-pattern = 格式不符合要求。
fault-not-a-date = 這不是日期。
fault-not-a-month = 這不是月份。
fault-not-a-moment = 這不是日期時間。
fault-not-a-time = 這不是時間。
fault-not-an-id = 此項目不存在。
fault-not-an-email = 這不是電子郵件地址。
fault-not-a-phone = 這不是電話號碼。
fault-unknown-choice = 「{ $choice }」不在選項中。
fault-too-few = 至少 { $min } 項。
fault-too-many = 最多 { $max } 項。
fault-twice = 同一項目出現了兩次。
fault-formula-error = 公式的結果是 { $error }。
fault-unknown-field = 沒有欄位「{ $field }」。
fault-unknown-row = 這一列已不存在。
fault-not-writable = 此處不能修改該欄位。
fault-validation = 檢核「{ $key }」未通過。
fault-not-unique = 此值已存在。
fault-dead-link = 連結的資料已不存在或無權檢視。
fault-file-too-large = 「{ $name }」超過了 { $max }。
fault-file-type = 「{ $name }」不是允許的類型：{ $types }。

# 設計的問題
fault-unknown-format = 無法辨識的格式編號：{ $format }。
fault-invalid-key = 識別碼須以字母開頭,只含 a–z、0–9 和 _,最多 63 個字元。
fault-duplicate-key = 識別碼「{ $key }」重複。
fault-label-missing = 缺少名稱。
fault-no-fields = 表單至少要有一個欄位。
fault-unknown-kind = 沒有欄位類型「{ $kind }」。
fault-invalid-options = 選項不適合此類型:{ $detail }
fault-unknown-form = 沒有表單「{ $form }」。
fault-not-a-link = 「{ $field }」不是連結欄位。
fault-not-a-subform = 「{ $field }」不是子表單。
fault-nested-subform = 子表單中不能再放子表單。
fault-no-choices = 至少需要一個選項。
fault-min-over-max = 最小值大於最大值。
fault-bad-pattern = 不是有效的正規表示式:{ $detail }
fault-not-allowed-here = 此類型不支援「{ $what }」。
fault-cycle = 這些欄位循環相依:{ $fields }
fault-unknown-operator = 「{ $field }」不能使用「{ $operator }」。
fault-bad-operand = 值與「{ $field }」不符。
fault-eq-null = 請用「為空」,不要與空值比較。
fault-not-stored = 「{ $field }」在讀取時才計算，不能用在這裡。
fault-through-link = 「{ $field }」取自關聯的資料，那筆資料會單獨變動。請先帶入本表單的欄位再使用。
fault-time-dependent = 此處的條件不能隨日期或檢視者變化。
fault-field-in-use = 「{ $field }」正被{ $by }使用。
fault-field-unknown-in-layout = 版面中的「{ $field }」不存在。
fault-serial-needs-one-counter = 流水號須有且只有一個計數部分。
fault-serial-part = 流水號的每一部分是文字、日期、欄位或計數之一。
fault-unknown-format = 此版本不認識格式 { $format }。

# 範本套件的問題
fault-invalid-document = 檔案無法讀取:{ $detail }
fault-file-missing = 缺少此檔案。
fault-unknown-file = 此檔案不屬於範本套件。
fault-key-differs = 識別碼「{ $key }」與檔名不同。
fault-unknown-package = 沒有範本套件「{ $package }」。
fault-demo-without-key = 第一列沒有 $key。
fault-no-default-arm = 分支須有預設路徑。
fault-not-supported-yet = 此版本還不能使用「{ $what }」。

# 違反限制時的說明
breach = { $message }（{ $measure }目前是 { $before }，將變為 { $after }）
breach-of-group = { $message }（{ $group }：{ $measure }目前是 { $before }，將變為 { $after }）
