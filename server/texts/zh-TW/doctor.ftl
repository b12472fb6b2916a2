# `formwork doctor` 的輸出，每項差異一行
doctor-sound = 一切正常：{ $forms } 份表單、{ $tables } 個彙總表、{ $entries } 筆稽核紀錄。
doctor-trail-sound = 稽核紀錄正常，共 { $entries } 筆。請將每個工作區的末行另外存放，可據以判斷紀錄是否遭到整體重做。
doctor-differs = 共有 { $count } 處異常，已列在上方；遺失的內容可從備份還原。
doctor-damaged-file = 資料庫檔案已損壞：{ $detail }
doctor-space-is-kept = 資料庫不會釋放已刪除資料佔用的空間。使用 PostgreSQL 時請開啟 autovacuum。
doctor-missing-table = 缺少資料表 { $name }。
doctor-missing-column = 缺少資料行 { $name }。
doctor-other-type = 資料行 { $name } 的型別不對。
doctor-missing-index = 缺少索引 { $name }。
doctor-unfinished-index = 索引 { $name } 沒有建完。
doctor-missing-trigger = 觸發程序 { $name } 不存在或已停用：稽核紀錄可能遭到修改。
doctor-form-broken = 表單 { $form } 參照的內容已不存在：{ $detail }
doctor-group-broken = 權限群組 { $group } 與表單 { $form } 不再相符，不授予任何權限。
doctor-field-without-column = 表單 { $form } 的欄位 { $field } 沒有存放值的資料行。
doctor-aggregate-broken = 彙總表 { $aggregate } 參照的內容已不存在：{ $detail }
doctor-aggregate-wrong = 彙總表 { $aggregate } 有 { $count } 組與資料不符，第一組是 { $group }
doctor-request-differs = 申請「{ $request }」（{ $id }）的目前狀態與其簽核紀錄不符。
doctor-file-room-wrong = 「{ $workspace }」的檔案共 { $there } 位元組，但計入的用量為 { $counted } 位元組。
doctor-audit-broken = 「{ $workspace }」的稽核紀錄與寫入時不符：第 { $seq } 筆{ $wrong ->
        [missing] 已不存在
        [content] 的內容遭到更動
       *[chain] 是插入或移動過的，或封存值遭到更動
    }。{ $entry }
doctor-audit-unsealed = 「{ $workspace }」的稽核紀錄有 { $count } 筆超過一分鐘仍未封存。
doctor-check-failed = 無法完成檢查「{ $check }」：{ $detail }
