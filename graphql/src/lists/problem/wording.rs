//! The words of a problem in Chinese and English: the cause, and what to do about it.

use super::{Fault, RowProblem, Wanted};
use engine::refusal::{Refusal, wording::Language};

impl RowProblem {
    /// What is wrong, or worth saying.
    pub fn cause(&self, language: Language) -> String {
        match language {
            Language::Chinese => chinese(&self.fault),
            Language::English => english(&self.fault),
        }
    }

    /// What to do about it; `None` when there is nothing to do.
    pub fn hint(&self, language: Language) -> Option<String> {
        hint(&self.fault, language)
    }

    /// One line: `file:line: field: cause (hint)`.
    pub fn line(&self, language: Language) -> String {
        let mut line = format!("{}: ", self.at);
        if let Some(field) = &self.field {
            line.push_str(field);
            line.push_str(": ");
        }
        line.push_str(&self.cause(language));
        if let Some(hint) = self.hint(language) {
            match language {
                Language::Chinese => line.push_str(&format!("({hint})")),
                Language::English => line.push_str(&format!(" ({hint})")),
            }
        }
        line
    }
}

fn chinese(fault: &Fault) -> String {
    match fault {
        Fault::Workbook => "是 Excel 工作簿,不是文本".into(),
        Fault::OldWorkbook => "是旧版 Excel 工作簿(.xls)或设有密码".into(),
        Fault::WorkbookUnreadable { detail } => format!("Excel 工作簿无法读取:{detail}"),
        Fault::EmptyFile => "文件中没有内容".into(),
        Fault::Undecodable => "文字编码既不是 UTF-8 也不是 GB18030".into(),
        Fault::NotJson { detail, column } => format!("不是 JSON,第 {column} 列:{detail}"),
        Fault::NotAnObject => "这一行不是 JSON 对象".into(),
        Fault::NoHeader => "找不到表头".into(),
        Fault::Ragged { header, row } => format!("有 {row} 格,而表头有 {header} 列"),
        Fault::NoResult { sign } => format!("公式没有结果({sign})"),
        Fault::Missing => "没有填写".into(),
        Fault::WrongType { wanted, got } => {
            format!("应为{},实为{}", wanted_chinese(*wanted), type_chinese(got))
        }
        Fault::UnknownValue { value, .. } => format!("不认识「{value}」"),
        Fault::NotANumber { value } => format!("「{value}」不是自然数"),
        Fault::NotADate { value } => format!("「{value}」不是日期"),
        Fault::NotHours { value } => format!("「{value}」不是时段"),
        Fault::Duplicate { first, differs: false } => format!("与第 {first} 行重复"),
        Fault::Duplicate { first, differs: true } => format!("编号与第 {first} 行相同而内容不同"),
        Fault::LikelyDuplicate { of, title, score } => {
            format!("与 {of}「{title}」疑似重复(相似度 {score}‰),已照常收入")
        }
        Fault::UnknownPlace { name, .. } => format!("没有区域「{name}」"),
        Fault::UnclearPlace { name, .. } => format!("有不止一个区域叫「{name}」"),
        Fault::UnknownOrganization { name, .. } => format!("没有组织「{name}」"),
        Fault::UnknownCategory { name } => format!("没有类别「{name}」"),
        Fault::UnknownNeed { name } => format!("没有编号为「{name}」的需求"),
        Fault::Refused(refusal) => without_field(refusal, Language::Chinese),
        Fault::NotTaken { detail } => format!("未能写入日志:{detail}"),
        Fault::UnknownField { .. } => "字段不认识,已略过".into(),
        Fault::UnknownHeading { .. } => "表头不认识,该列已略过".into(),
        Fault::ColumnTwice { first } => format!("与「{first}」列意义相同,已略过"),
        Fault::DecodedFrom { encoding } => format!("按 {encoding} 编码读取"),
        Fault::LinesAboveHeader { lines } => format!("表头以上 {lines} 行已略过"),
        Fault::TakenFromAbove { value, rows } => {
            format!("空格按合并单元格处理,取上方的「{value}」(共 {rows} 行)")
        }
        Fault::CountedOnce { rows } => {
            format!("合并单元格里的数目只计入其第一行,以下 {rows} 行留空")
        }
        Fault::TotalRow => "合计行已略过".into(),
        Fault::SheetPassedOver { is_hidden: true } => "工作表是隐藏的,已略过".into(),
        Fault::SheetPassedOver { is_hidden: false } => "工作表没有表头,已略过".into(),
        Fault::CategoryUnsure { .. } => "从文字看不出类别,留空".into(),
        Fault::CategoryNotKnown { name, read: Some(code) } => {
            format!("类别表中没有「{name}」,按文字归入 {code}")
        }
        Fault::CategoryNotKnown { name, read: None } => {
            format!("类别表中没有「{name}」,从文字也看不出类别,留空")
        }
        Fault::QuantityUnread { text } => format!("数量「{text}」读不出数字,只保留文字"),
        Fault::KindIgnored { value } => format!("「{value}」不是清单名称,已略过"),
    }
}

fn english(fault: &Fault) -> String {
    match fault {
        Fault::Workbook => "is an Excel workbook, not text".into(),
        Fault::OldWorkbook => "is an Excel workbook of before 2007 (.xls), or has a password".into(),
        Fault::WorkbookUnreadable { detail } => format!("the Excel workbook cannot be read: {detail}"),
        Fault::EmptyFile => "the file holds nothing".into(),
        Fault::Undecodable => "is neither UTF-8 nor GB18030".into(),
        Fault::NotJson { detail, column } => format!("is not JSON, column {column}: {detail}"),
        Fault::NotAnObject => "is JSON, but not an object".into(),
        Fault::NoHeader => "no line names the columns".into(),
        Fault::Ragged { header, row } => format!("has {row} cells where the header has {header}"),
        Fault::NoResult { sign } => format!("the formula has no result ({sign})"),
        Fault::Missing => "is missing".into(),
        Fault::WrongType { wanted, got } => format!("must be {}, is {got}", wanted_english(*wanted)),
        Fault::UnknownValue { value, .. } => format!("{value:?} is not known"),
        Fault::NotANumber { value } => format!("{value:?} is not a whole number"),
        Fault::NotADate { value } => format!("{value:?} is not a date"),
        Fault::NotHours { value } => format!("{value:?} are not hours of the day"),
        Fault::Duplicate { first, differs: false } => format!("repeats line {first}"),
        Fault::Duplicate { first, differs: true } => {
            format!("has the id of line {first}, but other contents")
        }
        Fault::LikelyDuplicate { of, title, score } => {
            format!(
                "seems to say what {of} {title:?} says (likeness {score} of 1000); it went in all the same"
            )
        }
        Fault::UnknownPlace { name, .. } => format!("there is no place {name:?}"),
        Fault::UnclearPlace { name, .. } => format!("more than one place is called {name:?}"),
        Fault::UnknownOrganization { name, .. } => format!("there is no organization {name:?}"),
        Fault::UnknownCategory { name } => format!("there is no category {name:?}"),
        Fault::UnknownNeed { name } => format!("there is no need with the id {name:?}"),
        Fault::Refused(refusal) => without_field(refusal, Language::English),
        Fault::NotTaken { detail } => format!("the log did not take it: {detail}"),
        Fault::UnknownField { .. } => "is not a known field and was passed over".into(),
        Fault::UnknownHeading { .. } => "is not a known heading; the column was passed over".into(),
        Fault::ColumnTwice { first } => format!("means the same as column {first:?} and was passed over"),
        Fault::DecodedFrom { encoding } => format!("was read as {encoding}"),
        Fault::LinesAboveHeader { lines: 1 } => "one line above the header was passed over".into(),
        Fault::LinesAboveHeader { lines } => format!("{lines} lines above the header were passed over"),
        Fault::TakenFromAbove { value, rows } => {
            let rows = if *rows == 1 { "one row".to_owned() } else { format!("{rows} rows in all") };
            format!("an empty cell was read as merged with {value:?} above ({rows})")
        }
        Fault::CountedOnce { rows } => {
            let rows = if *rows == 1 { "the other has".to_owned() } else { format!("{rows} others have") };
            format!("an amount said once for merged cells was counted for their first row; {rows} none")
        }
        Fault::TotalRow => "a row of totals was passed over".into(),
        Fault::SheetPassedOver { is_hidden: true } => "the sheet is hidden and was passed over".into(),
        Fault::SheetPassedOver { is_hidden: false } => "the sheet has no header and was passed over".into(),
        Fault::CategoryUnsure { .. } => "the wording does not tell the category; it is left open".into(),
        Fault::CategoryNotKnown { name, read: Some(code) } => {
            format!("the taxonomy has no {name:?}; by its wording it was put under {code}")
        }
        Fault::CategoryNotKnown { name, read: None } => {
            format!("the taxonomy has no {name:?} and the wording does not tell; it is left open")
        }
        Fault::QuantityUnread { text } => {
            format!("no amount could be read from {text:?}; the words are kept")
        }
        Fault::KindIgnored { value } => format!("{value:?} is not the name of a list and was passed over"),
    }
}

/// The message of a refusal without the field at its head: the problem names it already.
fn without_field(refusal: &Refusal, language: Language) -> String {
    let message = refusal.message(language);
    let named = refusal.field().and_then(|field| message.strip_prefix(field)?.strip_prefix(':'));
    named.map(|rest| rest.trim_start().to_owned()).unwrap_or(message)
}

fn hint(fault: &Fault, language: Language) -> Option<String> {
    let say = |zh: &str, en: &str| {
        Some(match language {
            Language::Chinese => zh.to_owned(),
            Language::English => en.to_owned(),
        })
    };
    match fault {
        Fault::Workbook => say("在 Excel 中另存为 CSV", "save it as CSV in Excel"),
        Fault::OldWorkbook => say("另存为 .xlsx,不设密码", "save it as .xlsx, without a password"),
        Fault::WorkbookUnreadable { .. } => {
            say("在 Excel 或 WPS 中打开后另存", "open it in Excel or WPS and save it anew")
        }
        Fault::NoResult { .. } => say("改正公式,或直接填写", "mend the formula, or write what it should be"),
        Fault::EmptyFile => say("检查文件是否正确", "check that it is the right file"),
        Fault::Undecodable => say("另存为 UTF-8", "save it as UTF-8"),
        Fault::NotJson { .. } | Fault::NotAnObject => {
            say("每行写一个 {\"kind\": …} 对象", "write one {\"kind\": …} object a line")
        }
        Fault::NoHeader => say(
            "表头至少要有标题列,例如:编号,标题,类别,社区,数量,单位",
            "the header needs a title column, such as: id,title,category,community,quantity,unit",
        ),
        Fault::Ragged { .. } => {
            say("检查是否少填或多了分隔符", "look for a missing cell or a separator inside a text")
        }
        Fault::Missing => say("请补填", "fill it in"),
        Fault::UnknownValue { known, .. } => say(&format!("可用:{known}"), &format!("known are: {known}")),
        Fault::NotANumber { .. } => say("请填自然数,例如 12", "write a whole number, such as 12"),
        Fault::NotADate { .. } => say("写成 2026-03-01", "write it as 2026-03-01"),
        Fault::NotHours { .. } => say("写成 18:00-08:00", "write it as 18:00-08:00"),
        Fault::Duplicate { differs: false, .. } => {
            say("若确是两条,请各写编号", "if they are two, give each its id")
        }
        Fault::Duplicate { differs: true, .. } => say("请改用另一个编号", "give one of them another id"),
        Fault::LikelyDuplicate { .. } => {
            say("如确属重复,请核实时并案或不予受理", "if it is the same, merge or reject it in its review")
        }
        Fault::UnknownPlace { nearest: Some(meant), .. } => say(
            &format!("是否指「{meant}」?否则先导入该区域"),
            &format!("did you mean {meant:?}? else import the place first"),
        ),
        Fault::UnknownPlace { nearest: None, .. } => {
            say("先导入该区域,或改写社区名", "import the place first, or name the community")
        }
        Fault::UnclearPlace { places, .. } => {
            say(&format!("请写其编号;有:{places}"), &format!("give its id; there are: {places}"))
        }
        Fault::UnknownOrganization { .. } => say("先登记该组织", "register the organization first"),
        Fault::UnknownCategory { .. } => say(
            "使用类别表中的代码或名称,或先添加该类别",
            "use a code or label of the taxonomy, or define the category first",
        ),
        Fault::Refused(Refusal::ReferenceTaken { .. }) => say(
            "修改请在系统中进行;若是另一条,请换编号",
            "amend the entry where it stands; if this is another one, give it another id",
        ),
        Fault::UnknownField { known } | Fault::UnknownHeading { known } => {
            say(&format!("可用:{known}"), &format!("known are: {known}"))
        }
        Fault::CategoryUnsure { candidates } if !candidates.is_empty() => {
            say(&format!("可能是:{candidates}"), &format!("it may be: {candidates}"))
        }
        _ => None,
    }
}

fn wanted_chinese(wanted: Wanted) -> &'static str {
    match wanted {
        Wanted::Text => "文字",
        Wanted::Number => "自然数",
        Wanted::NumberOrText => "数字或文字",
        Wanted::Texts => "文字列表",
        Wanted::Objects => "对象列表",
        Wanted::Source => "文字,或含 title、url 的对象",
    }
}

fn wanted_english(wanted: Wanted) -> &'static str {
    match wanted {
        Wanted::Text => "text",
        Wanted::Number => "a whole number",
        Wanted::NumberOrText => "a number or text",
        Wanted::Texts => "a list of texts",
        Wanted::Objects => "a list of objects",
        Wanted::Source => "text, or an object with title and url",
    }
}

fn type_chinese(got: &str) -> &str {
    match got {
        "true or false" => "真假值",
        "a number" => "数字",
        "text" => "文字",
        "a list" => "列表",
        "an object" => "对象",
        other => other,
    }
}
