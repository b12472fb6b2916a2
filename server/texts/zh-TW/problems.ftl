problem-malformed-json =
    請求不是可讀的 JSON：{ $why ->
        [nul] 其中有 NUL 字元。
       *[place] 見第 { $line } 行第 { $column } 欄。
    }
problem-malformed-request = 無法讀取該請求。
problem-sign-in-required = 請先登入。
problem-token-unknown = 此權杖不存在、已撤銷或已過期。
problem-forbidden = 你沒有權限執行此操作。
problem-cross-site = 該請求來自其他網站，已被拒絕。
problem-not-found = 內容不存在，或你無權檢視。
problem-method-not-allowed = 此處不支援該操作。
problem-too-large = 請求超過此處允許的大小。
problem-unsupported-media-type = 內容類型必須是 { $expected }。
problem-misdirected = 本伺服器不處理主機「{ $host }」的請求。
problem-validation = 部分內容需要修改。
problem-unknown-member = 請求中含有不存在的成員。
problem-repeated-member = 請求中有重複的成員。
problem-unknown-field = 請求中含有不存在的欄位。
problem-unknown-row = 請求中的某一列已不存在。
problem-not-writable = 請求設定了此處不可寫的欄位。
problem-not-sortable = 不能依此欄位排序或篩選。
problem-too-deep = 請求巢狀過深。
problem-if-match-required = 修改時必須以 If-Match 說明所依據的版本。
problem-stale = 其他人已在此期間修改了內容。
problem-too-many-requests = 請求過於頻繁，請稍候。
problem-too-many-uploads = 你上傳但尚未隨資料儲存的檔案已滿 1 GB。請先儲存使用這些檔案的資料；未儲存的檔案一天後會清除。
problem-busy = 伺服器忙碌中，請稍後再試。
problem-timeout = 處理時間過長，已停止等待；已開始的工作仍可能完成。
problem-internal = 伺服器發生錯誤。記錄檔中可依本請求編號查看詳情。
problem-wrong-setup-code = 設定碼與伺服器啟動時顯示的不一致。
problem-wrong-credentials = 電子郵件與密碼不相符。
problem-second-step-required = 還需要輸入驗證器的驗證碼，或一組復原碼。
problem-wrong-code = 驗證碼不正確，或已經使用過。
problem-second-factor-on = 你已經開啟兩步驟驗證。要換新的，請先關閉。
problem-reauth-required = 請再次證明是你本人：輸入密碼，或驗證器的驗證碼。
problem-second-factor-required = 工作區要求兩步驟驗證，請先設定。
problem-link-expired = 連結已經使用過或已過期，請重新申請。
problem-bad-mail-server = { $option } 中的位址無法用來寄送郵件。
problem-visit-over = 這次登入不是從這個瀏覽器開始的，或已逾時，請重新開始。
problem-provider-refused = 身分提供者的回覆不可信。請重試，或以密碼登入。
problem-provider-unreachable = 暫時無法連線到身分提供者。
problem-unknown-at-provider = 你不是這裡的成員，或身分提供者沒有驗證你的電子郵件。請管理員邀請你。
detail-at-field = { $label }：{ $message }
detail-and-more = { $detail }（另有 { $count } 處）
problem-taken = 內容已存在。
problem-email-taken = 該電子郵件已被使用。
problem-role-taken = 已有使用該代號的角色。
problem-last-administrator = 工作區必須保留至少一名管理員。
problem-department-in-use = 該部門下仍有子部門。
problem-has-joined = 該成員已加入，可以登入。
problem-has-not-joined = 該成員尚未加入，請把邀請連結交給對方。
problem-member-disabled = 該成員已停用，請先啟用。
problem-not-yourself = 不能對自己執行此操作。
problem-invitation-over = 此邀請已被使用、取代或撤回，或已過期。請索取新的邀請。
problem-scope-too-narrow = 該權杖的權限範圍不足。
problem-reads-hidden-field = 此設計讀取了你無權檢視的其他表單欄位。請移除該欄位，或申請檢視權限。
problem-reads-hidden-records = 此設計會儲存從其他表單讀取的內容、據以判斷，或對外公開，而其中有你無權檢視的資料。請改用帶出欄位顯示，或申請檢視權限。
problem-session-required = 此操作只能由已登入的成員進行，不能使用權杖。
problem-see-as-reads-only = 你正在以其他成員的身分檢視，不能修改任何內容。
problem-see-as-ended = 以其他成員身分的檢視已結束。
problem-idempotency-key-reused = 這個 Idempotency-Key 已用於另一個請求。
problem-idempotency-in-progress = 同一個請求仍在處理中，請稍候。
problem-disk-full = 伺服器磁碟已滿或即將寫滿。已儲存的內容仍可檢視；在管理伺服器的人騰出空間之前，不再接收新內容。
problem-workspace-full = 此工作區的檔案空間已用完。管理員可以清空資源回收筒騰出空間，或請管理伺服器的人調高上限。
problem-unavailable = 暫時無法連線資料庫。
problem-no-such-member = 沒有電子郵件為 { $email } 的成員。
problem-no-such-workspace = 沒有編號為 { $workspace } 的工作區：「formwork workspace create」會輸出新工作區的編號。
problem-app-taken = 已有使用該代號的應用程式。
in-the-way =
    { $known ->
        [none] 你看不到的 { $unseen } 項內容
        [some] { $uses }，以及你看不到的 { $unseen } 項
       *[all] { $uses }
    }
problem-app-in-use = 刪除此應用程式後，下列內容將無法使用：{ $uses }。
problem-app-named = 下列內容以代號「{ $key }」引用此應用程式，因此只能以該代號還原：{ $uses }。如果該代號已被其他應用程式使用，請先刪除那個應用程式，之後可以用別的代號還原它。
problem-secret-taken = 應用程式中已有同名的金鑰。
problem-call-sent = 對方已經收下這次呼叫。
problem-call-unusable = 這次呼叫無法送出：沒有網址、內容過大，或由過多呼叫接連引發。
problem-form-taken = 應用程式中已有使用該代號的表單。
problem-form-in-use = 此修改會使下列內容無法使用：{ $uses }。
problem-form-broken = 該表單引用了已不存在的內容。
problem-group-taken = 表單中已有使用該代號的權限群組。
problem-view-taken = 你在此表單中已有使用該代號的檢視。
problem-view-locked = 此檢視已鎖定。你可以將它另存為自己的檢視。
problem-print-taken = 此表單已有使用該代號的列印範本。
problem-not-accepted = 無法送出：內容可能已經送出過，或不符合表單的規則。
problem-link-closed = 此表單已停止收集。
problem-bad-signature = 此訊息未以該接收網址的金鑰簽署。
problem-wrong-secret = 此訊息未附上該接收網址的金鑰。
problem-stale-message = 此訊息的時間與現在相差超過 5 分鐘。
problem-hook-off = 此接收網址目前不接收資料。
problem-call-chain-too-long = 系統之間接連引發的呼叫過多，這則訊息未被接收。
problem-hook-broken = 表單在此接收網址建立後有更動，請由表單管理員重新檢查其設定。
problem-link-revoked = 此連結已撤銷，請新增一個。
problem-ticket-expired = 此頁面開啟過久，請重新開啟。
problem-password-required = 填寫此表單需要密碼。
problem-wrong-password = 密碼不正確。
problem-edits-collide = 其他人已修改草稿的同一處。
problem-not-unique = 該值已存在。
problem-linked =
    { $known ->
        [no] 有其他資料連結到此筆資料。
       *[other] 「{ $form }」中有資料連結到此筆資料。
    }
problem-too-many-links = 關聯到此處的資料過多。
problem-not-a-draft = 這筆資料已送出。
problem-no-drafts = 此表單不儲存草稿，請直接送出。
problem-outside-your-rows = 不能將資料改到你可見的範圍之外。
problem-flow-chain-too-long = 由此發起的流程不斷發起其他流程，請聯絡管理員。
problem-step-target-gone = 步驟「{ $step }」所用的表單或資料已不存在，請聯絡管理員。
problem-step-without-flow = 步驟「{ $step }」要發起的表單沒有流程，請聯絡管理員。
problem-nothing-found = 步驟「{ $step }」找不到要修改的資料。
problem-action-too-large = 步驟「{ $step }」一次會修改超過 { $max } 筆資料。
problem-writes-elsewhere = 此流程會修改不由你管理的表單中的資料，請聯絡該表單的管理員。
problem-record-deleted = 這筆資料在資源回收筒中。
problem-already-running = 這筆資料正在另一個簽核中。
problem-job-over = 工作已經結束。
problem-job-interrupted = 工作執行時伺服器停止了。
problem-job-cancelled = 工作已取消。
problem-aggregate-taken = 應用程式中已有使用該代號的彙總表。
problem-aggregate-in-use = 下列彙總表彙總這份表單的資料，此修改會使它們無法使用：{ $uses }。
problem-aggregate-broken = 彙總表「{ $aggregate }」參照的內容已不存在。
problem-aggregate-shown = 此修改會使下列顯示彙總表「{ $aggregate }」的儀表板無法使用：{ $uses }。
problem-aggregate-scripted = 下列指令碼讀取這張表：{ $uses }。請先從指令碼中移除。
problem-aggregate-asked = 此修改會使下列讀取彙總表「{ $aggregate }」的表單無法使用：{ $uses }。
problem-needs-job = 資料太多，無法在一次請求中算出：請以工作的方式開始。
problem-report-broken = 報表「{ $report }」參照的內容已不存在。
problem-dashboard-broken = 儀表板「{ $dashboard }」參照的內容已不存在。
problem-dashboard-taken = 應用程式中已有使用該代號的儀表板。
problem-key-taken = 這個代號已被使用，請換一個。
problem-report-in-use = 刪除報表「{ $report }」後，下列儀表板將無法使用：{ $uses }。
problem-flow-version-active = 新的申請正在使用此版本，請先發布其他版本。
problem-flow-version-in-use = 還有 { $count } 件進行中的申請使用此版本。
problem-draft-unchanged = 草稿與已發布的版本相同，沒有可刪除的內容。
problem-draft-changed = 草稿已有新的修改，請先發布或刪除。
problem-constraint = 這會突破必須遵守的限制。
problem-already-installed = 這個範本已經安裝過了。
problem-broken-package = 範本包無法安裝；問題已依檔案和位置列出。
problem-broken-csv = 無法讀取 csv 檔案：第 { $line } 行有問題。
problem-broken-xlsx = 無法讀取這個活頁簿。
problem-broken-list = 無法讀取這份 JSON 清單。
problem-not-undoable = 這項作業無法復原。
problem-already-undone = 已經復原過了。
problem-too-late-to-undo = 匯入只能在七天內復原。
problem-changed-since = 此後有人修改過這筆資料。
problem-too-many-exports = 你有兩項匯出正在進行，請等其中一項結束。
problem-too-many-questions = 你有兩項查詢仍在進行，請稍候再試。
problem-export-too-long = 一個工作表最多 { $max } 列，資料超出了。請匯出為 csv，或篩選資料。
problem-no-administrator = 還沒有管理員：請先用「formwork admin create」建立。
problem-form-not-published = 請先發布表單。
problem-job-not-over = 工作還在進行。
problem-job-paused = 伺服器正在停止，恢復後工作會繼續。
problem-job-taken-over = 工作已由另一台伺服器繼續。

fault-unknown-member = 此處沒有成員「{ $member }」。
fault-repeated-member = 成員「{ $member }」出現了兩次。
fault-too-deep = 內容巢狀過深。
fault-too-many-members = 請求中有物件的成員超過 { $max } 個。
fault-bad-parameter = 此參數的值不符要求。
fault-key-not-mapped = 檔案中沒有欄對應用來尋找資料的「{ $field }」。
fault-deleted-or-drafts = 資源回收筒與草稿請只選其一。
fault-unknown-zone = 時區不存在。
fault-wrong-password = 目前的密碼不正確。
fault-wrong-code = 驗證碼不正確，或已經使用過。
fault-too-common = 這個密碼太常見或太容易猜到，請換一個，例如一句話。
fault-manager-circle = 主管關係不能形成循環。
fault-department-circle = 部門不能隸屬於自身。
fault-language-not-offered = 工作區未提供此語言。
fault-not-a-weekday = 星期須為 1（星期一）至 7。
fault-hours-out-of-order = 工作時段的結束須晚於開始，且依序排列。
fault-email-column-missing = 須有一欄為電子郵件。
fault-no-such-department = 沒有部門「{ $name }」。
fault-several-departments = 有多個名為「{ $name }」的部門：請從最上層寫起，以 / 分隔。
fault-no-such-role = 沒有角色「{ $name }」。
fault-no-such-manager = 沒有電子郵件為 { $email } 的成員。
fault-bad-version = 版本須寫作 "7" 或 *。
fault-key-is-fixed = 代號不可更改。
fault-not-sortable = 該欄位無法用於篩選、排序或彙總。
fault-bad-cursor = 該游標屬於另一個清單。
fault-cursor-or-offset = 游標與位移量只能給出其一。
fault-unknown-group = 沒有該權限群組。
fault-unknown-view = 沒有這個檢視。
fault-one-of-four = 必須給出 create、update、upsert、delete 其中之一。
fault-ambiguous-key = 有多筆資料的關鍵欄位與此相同。
fault-not-saved = 這筆資料無法儲存：{ $code }
fault-unknown-record = 範例資料中沒有可連結的資料「{ $id }」。
fault-of-closed-field = 因為一個你無權檢視的欄位，這筆資料無法儲存。請聯絡應用程式管理員。
fault-csv-no-header = 第一行必須是欄位名稱。
fault-csv-not-text = 第 { $line } 行：這裡不是文字：檔案不是 csv，或編碼已損毀。
fault-csv-unclosed-quote = 第 { $line } 行：從這裡開始的引號沒有結束。
fault-csv-cell-too-long = 第 { $line } 行：有儲存格超過 { $max } 位元組。
fault-csv-cells = 第 { $line } 行：這裡有 { $found } 個儲存格，但表頭有 { $expected } 欄。
fault-csv-too-many-columns = 超過 { $max } 欄。
fault-csv-too-many-rows = 超過 { $max } 列。
fault-unknown-sheet = 檔案中沒有工作表「{ $sheet }」。
fault-error-cell = 這個儲存格的公式結果為 { $value }。
fault-export-too-long = 一個工作表最多 { $max } 列，資料超出了。
fault-list-not-an-object = 檔案必須是物件的清單；第 { $number } 項不是物件，或不完整。
fault-xlsx-not-a-workbook = 這不是可以讀取的活頁簿。請另存為 .xlsx 或 .csv 後再試一次。
fault-xlsx-locked = 活頁簿已加密，或由 2007 年以前的程式儲存。請移除密碼並另存為 .xlsx。
fault-xlsx-damaged = 活頁簿的「{ $part }」部分已損毀。請重新開啟並儲存。
fault-xlsx-entities = 活頁簿在「{ $part }」部分自行定義了實體，不允許這樣做。
fault-xlsx-too-large =
    { $what ->
        [file] 活頁簿超過 { $max } 位元組。請另存為 csv。
        [unpacked] 活頁簿解壓縮後超過 { $max } 位元組。請另存為 csv。
        [ratio] 活頁簿的某一部分解壓縮後增大超過 { $max } 倍，不允許這樣做。
        [parts] 活頁簿的組成部分超過 { $max } 個。
        [sheets] 活頁簿超過 { $max } 個工作表。
        [rows] 工作表超過 { $max } 列。
        [columns] 工作表超過 { $max } 欄。
        [texts] 活頁簿的文字過多，無法讀取。
       *[cells] 工作表的儲存格（或其宣告的數量）超過 { $max } 個。請刪除末尾的空白列與空白欄。
    }
fault-xlsx-cell-too-long = 儲存格 { $cell } 超過 { $max } 個字元。
fault-xlsx-no-header = 工作表「{ $sheet }」是空的：第一列必須是欄名。
fault-xlsx-too-costly = 讀取這個活頁簿所需的記憶體或時間超出限制。請另存為 csv。
fault-unknown-column = 檔案中沒有「{ $column }」這一欄。
fault-not-importable = 這個欄位不能由檔案的欄匯入。
fault-only-approved = 匯入的資料只能是「已核准」；其他的請留空。
fault-no-record-with-key = 沒有關鍵欄位與此相同的資料。
fault-bad-message-id = 訊息識別碼最多 200 個字母、數字或符號，不能有空格。
fault-ambiguous-title = 有多筆資料叫「{ $title }」。
fault-no-such-title = 沒有叫「{ $title }」的資料。
fault-not-a-zip = 這不是可以讀取的 zip 檔案：{ $detail }
fault-unsafe-file = zip 中這個檔案的位置不被允許：它必須在範本套件內，不能是連結，也不能加密。
fault-bad-period = 期間請寫成年、季、月份或日期，例如 2024、2024-Q1、2024-05、2024-05-31。
problem-incompatible-database = 此程式與這個資料庫不相符。
fault-set-or-recompute = 請寫明要設定的值，或選擇全部重新計算，兩者擇一。
fault-reads-closed-field = 公式用到了你在這筆資料上無權檢視的欄位。
fault-not-in-force-yet = 委託開始之後才能轉交已有的待辦。
fault-unknown-version = 這筆資料沒有這個版本。
fault-unknown-flow-version = 流程沒有這個版本，或者這裡不能用它。
fault-ends-before-it-begins = 期間的結束早於開始。
fault-unknown-ready-made = 沒有這個現成流程。
fault-ids-or-all = 請指定資料或選擇全部，兩者擇一。
fault-target-not-administered = 只有被關聯表單的管理員才能讓這個關聯阻止刪除對方的資料，或隨之刪除。請改為清空關聯。
fault-held-twice = 有多筆資料的值相同，還不能設為不允許重複。請先改掉這些值。
problem-bad-seal-key = 密封金鑰必須是 64 位、無法猜到的十六進位數字：「openssl rand -hex 32」可以產生。
problem-unusable-key-file = 金鑰檔案 { $file } 無法使用：{ $detail }
problem-seal-key-missing = 此資料庫中的機密已密封，但缺少金鑰檔案 { $file }：請從備份放回。若沒有備份，「formwork key forget」會放棄已密封的內容。
problem-other-seal-key = 此資料庫中的機密由另一個金鑰密封，與 { $file } 中的不同。請放回正確的金鑰；同一資料庫的多台伺服器需要相同的金鑰。若已遺失，「formwork key forget」會放棄已密封的內容。
problem-seal-key-given = 金鑰來自 FORMWORK_KEY：請把新金鑰寫在舊金鑰之前並以逗號分隔，啟動一次伺服器，再移除舊金鑰。
problem-copy-not-proved = 這個資料庫是一份已開始但未通過核對的副本，內容可能不全。請再次執行同樣的「formwork migrate-to」（會從頭開始），或繼續使用原來的資料庫。
problem-database-not-current = 資料庫屬於較早的版本（缺少結構的第 { $step } 步）。請先用「formwork serve」啟動一次再停止，然後重試。
problem-database-not-empty = 目標資料庫裡已有內容（資料表 { $table }），未作任何變動。請給「formwork migrate-to --database」一個空的資料庫：新建的 PostgreSQL 資料庫，或尚不存在的檔案。
problem-database-in-use = 另有 Formwork 正在使用這個資料庫。請停止使用它的所有「formwork serve」和「formwork migrate-to」，然後重試。
problem-same-kind-of-database = 「formwork migrate-to --database」用於 SQLite 與 PostgreSQL 之間的複製，而這兩個資料庫是同一種。SQLite 檔案可在伺服器停止後直接複製；PostgreSQL 請用 pg_dump 和 pg_restore。
problem-no-database = { $file } 處沒有資料庫：請用 --data 或 --from 指明從哪裡複製。
problem-table-without-forms = 彙總表「{ $aggregate }」統計的表單已被徹底刪除，無法得知其中數字的含義。請在「formwork serve」下刪除它（資源回收筒中的也一併清除），然後重試。

# Transaction scripts, and what they take back
problem-refused-by-script = 此應用程式的指令碼拒絕了這項操作。
refused-by-script = 此應用程式的指令碼拒絕了這項操作（{ $code }）。
problem-script-limit = 指令碼「{ $script }」已被終止：超出了限額（{ $limit ->
        [operations] { $max } 步
        [reads] 讀取 { $max } 筆資料
        [writes] 寫入 { $max } 筆資料
        [time] 執行 { $max }
       *[memory] 記憶體 { $max }
    }）。沒有儲存任何內容。
problem-script-failed = 指令碼「{ $script }」第 { $line } 列有誤：{ $detail } 沒有儲存任何內容。請應用程式管理員修正。
problem-script-missing = 此表單所需的指令碼「{ $script }」不存在或無法讀取。沒有儲存任何內容。
problem-script-chain-too-long = 指令碼之間相互觸發超過 { $max } 次。沒有儲存任何內容。
problem-script-own-record = 指令碼「{ $script }」試圖另行修改正在儲存的資料；請改為給 record 的欄位賦值。沒有儲存任何內容。
problem-script-target-gone = 指令碼「{ $script }」要寫入的內容已不存在。沒有儲存任何內容。
problem-script-in-use = 以下表單仍在使用此指令碼：{ $uses }。請先從表單中移除。
problem-script-taken = 此應用程式已有同名指令碼。
problem-voided = 這筆資料已作廢，不能再修改。
problem-not-voidable = 這筆資料不能作廢：它尚未送出，或其表單沒有用於沖銷的指令碼。
problem-locked-after-approval = 這筆資料已簽核通過，表單設定為通過後鎖定。管理員可以重新開啟簽核，或關閉表單的這項設定。
