# 指令碼可用的內容
script-topic-given = 每個指令碼都有
script-topic-reading = 讀取
script-topic-writing = 寫入
script-topic-ending = 拒絕與輸出
script-topic-around = 儲存時的環境
script-topic-values = 數字與清單
script-fn-record = 正在儲存的資料。record.欄位 讀取欄位；record.欄位 = 值 給標記為「由指令碼設定」的欄位賦值。子表單的列是清單。
script-fn-old = 資料儲存前的樣子；新資料為 ()。
script-fn-get = 依編號取一筆資料；已不存在則為 ()。儲存結束前其他人不能修改它。
script-fn-find = 符合第二個引數的資料：欄位相等，或一個條件。表單的位置寫 #{"{"}aggregate: "代號"{"}"} 則讀取彙總表。
script-fn-first = find 結果中的第一筆；沒有則為 ()。
script-fn-count = 精確的資料筆數。
script-fn-sum = 一個欄位的精確合計。
script-fn-aggregate = 彙總表中這些維度的一組，是本次儲存之前的數值；沒有則為 ()。group["維度.欄位"] 讀取關聯資料的欄位。
script-fn-create = 新增一筆資料，遵守其表單的全部規則；傳回編號。表單有流程時會發起流程，除非註明不發起。
script-fn-update = 修改一筆資料的欄位，遵守其表單的全部規則。
script-fn-remove = 把一筆資料放入資源回收筒。
script-fn-refuse = 以一個代碼結束儲存，文字寫在應用程式套件中：現況不允許用 409，輸入有誤用 422。不儲存任何內容。
script-fn-log = 試執行時輸出一個值；正式儲存時不起作用。
script-fn-param = 應用程式的參數。
script-fn-today = 儲存當天的日期，依工作區的時區。
script-fn-now = 儲存的時刻。
script-fn-user = 儲存者的編號；由系統本身儲存時為 ()。
script-fn-round = 四捨五入。
script-fn-split = 依比例拆分合計，各部分之和恰好等於合計。
script-fn-len = 清單的項數，或文字的字元數。
script-fn-contains = 清單是否含有一個值，或對應表是否含有一項。
