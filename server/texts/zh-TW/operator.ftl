# 指令被拒絕後該怎麼做：寫在原因之後，同一行
next-administrator = 請換一個電子郵件、姓名或密碼，再執行「formwork admin create」；各項說明見「formwork admin create --help」。
next-workspace = 請換一個名稱、時區或幣別，再執行「formwork workspace create」；各項說明見「formwork workspace create --help」。
next-template = 「formwork template list」會列出範本，帶 * 的已經安裝。
next-token = 請用一位在職成員的電子郵件，再執行「formwork token create」；其餘說明見「formwork token create --help」。

# 「formwork migrate-to」說的話
move-examining = 正在檢查要複製的資料庫……
move-copied = { $done }/{ $of } { $table }：{ $rows } 列
move-proving = 正在比對兩個資料庫，並檢查副本……
move-equal = 一致
move-different = 不一致，原為
move-differs = 副本未通過核對，任何伺服器都不會用它啟動。原來的資料庫沒有變動：用它啟動「formwork serve」，或再次執行「formwork migrate-to」，將從頭開始。
move-found-before = 下列問題複製前就有，現在仍在：
move-proved = 兩個資料庫內容一致：{ $tables } 個資料表，{ $rows } 列。已在副本中檢查表單、彙總表、簽核請求和稽核紀錄。
move-next = 下一步：用 --database 加上這裡給的位址（或 FORMWORK_DATABASE，或 formwork.toml 中的 database）啟動「formwork serve」，資料目錄不變，附件和金鑰仍在其中。原來的資料庫沒有變動；等新資料庫運作正常後請把它收好，以免有人在兩邊同時使用。
