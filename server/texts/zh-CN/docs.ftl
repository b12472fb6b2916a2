# API 说明页
docs-title = Formwork API
docs-intro = 页面和其他程序使用的全部地址。程序用成员的令牌登录：请求带有标头「Authorization: Bearer TOKEN」。被拒绝时，回答是带固定代码的问题文档。各项说明为英文。
docs-machine = 供程序读取：OpenAPI 3.1
docs-documents = 文档的 JSON Schema：
docs-language = 语言
docs-subjects = 主题
docs-skip = 跳到操作列表
docs-anybody = 任何人都可以请求。
docs-signed-in = 登录后可以请求，能做什么由权限决定。
docs-parameters = 参数
docs-body = 请求内容
docs-answers = 回答
docs-required = 必填
docs-types = 类型
