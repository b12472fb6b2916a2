# 指令被拒絕後該怎麼做：寫在原因之後，同一行
next-administrator = 請換一個電子郵件、姓名或密碼，再執行「formwork admin create」；各項說明見「formwork admin create --help」。
next-workspace = 請換一個名稱、時區或幣別，再執行「formwork workspace create」；各項說明見「formwork workspace create --help」。
next-template = 「formwork template list」會列出範本，帶 * 的已經安裝。
next-token = 請用一位在職成員的電子郵件，再執行「formwork token create」；其餘說明見「formwork token create --help」。
