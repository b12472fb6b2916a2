# API 說明頁
docs-title = Formwork API
docs-intro = 頁面和其他程式使用的全部位址。程式用成員的權杖登入：請求帶有標頭「Authorization: Bearer TOKEN」。被拒絕時，回應是帶固定代碼的問題文件。各項說明為英文。
docs-machine = 供程式讀取：OpenAPI 3.1
docs-documents = 文件的 JSON Schema：
docs-language = 語言
docs-subjects = 主題
docs-skip = 跳到操作清單
docs-anybody = 任何人都可以請求。
docs-signed-in = 登入後可以請求，能做什麼由權限決定。
docs-parameters = 參數
docs-body = 請求內容
docs-answers = 回應
docs-required = 必填
docs-types = 型別
