# 命令被拒绝后该怎么做：写在原因之后，同一行
next-administrator = 请换一个邮箱、姓名或密码，再运行「formwork admin create」；各项说明见「formwork admin create --help」。
next-workspace = 请换一个名称、时区或币种，再运行「formwork workspace create」；各项说明见「formwork workspace create --help」。
next-template = 「formwork template list」会列出模板，带 * 的已经安装。
next-token = 请用一位在职成员的邮箱，再运行「formwork token create」；其余说明见「formwork token create --help」。
