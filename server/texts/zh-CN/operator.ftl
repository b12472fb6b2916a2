# 命令被拒绝后该怎么做：写在原因之后，同一行
next-administrator = 请换一个邮箱、姓名或密码，再运行「formwork admin create」；各项说明见「formwork admin create --help」。
next-workspace = 请换一个名称、时区或币种，再运行「formwork workspace create」；各项说明见「formwork workspace create --help」。
next-template = 「formwork template list」会列出模板，带 * 的已经安装。
next-token = 请用一位在职成员的邮箱，再运行「formwork token create」；其余说明见「formwork token create --help」。

# 「formwork migrate-to」说的话
move-examining = 正在检查要复制的数据库……
move-copied = { $done }/{ $of } { $table }：{ $rows } 行
move-proving = 正在比对两个数据库，并检查副本……
move-equal = 一致
move-different = 不一致，原为
move-differs = 副本未通过核对，任何服务器都不会用它启动。原来的数据库没有变动：用它启动「formwork serve」，或再次运行「formwork migrate-to」，将从头开始。
move-found-before = 下列问题复制前就有，现在仍在：
move-proved = 两个数据库内容一致：{ $tables } 张表，{ $rows } 行。已在副本中检查表单、聚合表、审批请求和审计日志。
move-next = 下一步：用 --database 加上这里给出的地址（或 FORMWORK_DATABASE，或 formwork.toml 中的 database）启动「formwork serve」，数据目录不变，附件和密钥仍在其中。原来的数据库没有变动；等新数据库运行正常后请把它收好，以免有人在两边同时使用。
