//! Importing lists 导入: what a street keeps in tables, row by row, as `gongjian import` does it.

use super::may_act;
use crate::{
    lists::{
        Fault, Kind, Reading, RowProblem,
        intake::{self, Intake, LedgerDesk, Options},
    },
    schema::{
        fault::{FaultCode, fault, too_many},
        naming::Called,
        scalar::{Position, int},
        scope::Scope,
        user_error::{UserError, UserErrorCode},
    },
};
use async_graphql::{Context, Enum, InputObject, Object, Result, SimpleObject};
use engine::{
    permission::Right,
    refusal::{Refusal, wording::Language},
};

/// The most files that are taken in at once.
pub const FILES_MAX: usize = 20;

/// A list as a street keeps it 清单文件.
#[derive(Clone, Debug, InputObject)]
pub struct ListFileInput {
    /// What the file is called, such as `需求清单.csv`: how problems name it. The ending says what cannot be seen from what
    /// it holds.
    pub name: String,
    /// What it holds: JSON Lines, or a table with a header, its columns set apart by commas, semicolons or tabs.
    pub text: String,
}

/// Take lists in 导入清单.
#[derive(Clone, Debug, InputObject)]
pub struct ImportListsInput {
    /// The files, at most 20. The size of a request is limited: send long lists in parts.
    pub files: Vec<ListFileInput>,
    /// Take entries whose status says they are settled (已认领, 已完成 …) in as open.
    #[graphql(default)]
    pub ignore_status: bool,
}

/// What a row of a list is 行类别.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Kind")]
pub enum RowKind {
    /// 区域.
    Place,
    /// 组织.
    Organization,
    /// 包联/双报到/结对.
    Roster,
    /// 需求.
    Need,
    /// 资源.
    Resource,
    /// 项目.
    Project,
}

/// What became of the rows of one kind 导入结果.
#[derive(Clone, SimpleObject)]
pub struct ImportedRows {
    /// Which; null for rows that do not even tell that.
    pub kind: Option<RowKind>,
    /// How many went in 新增.
    pub new: i32,
    /// How many changed what was there 变更; organizations only.
    pub changed: i32,
    /// How many were there before 原有.
    pub there: i32,
    /// How many were left out 未收.
    pub refused: i32,
}

/// Something that is wrong with a row, or worth saying of it 行问题.
#[derive(Clone, SimpleObject)]
pub struct ImportProblem {
    /// In which file.
    pub file: String,
    /// In which line, from 1.
    pub line: i32,
    /// In which column; null when it is the row as a whole.
    pub field: Option<String>,
    /// What, for programs 问题代码.
    pub code: ImportProblemCode,
    /// On what ground the street does not allow the row; null unless `code` is `REFUSED`.
    pub refusal: Option<UserErrorCode>,
    /// What, in the language of the request.
    pub cause: String,
    /// What could be done about it.
    pub hint: Option<String>,
    /// Whether the row went in all the same 提示.
    pub is_notice: bool,
}

/// What is wrong with a row of a list, or worth saying of it 导入问题.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ImportProblemCode {
    /// Excel 工作簿: the file is a workbook; save it as a table of text.
    Workbook,
    /// 旧版或加密工作簿: the file is a workbook of before 2007, or has a password; on the command line only.
    OldWorkbook,
    /// 工作簿无法读取: the workbook is damaged or strange; on the command line only.
    WorkbookUnreadable,
    /// 空文件: the file holds no rows.
    EmptyFile,
    /// 编码无法识别: the line is neither UTF-8 nor GB18030.
    Undecodable,
    /// 不是 JSON 格式: the line cannot be read as JSON.
    NotJson,
    /// 不是 JSON 对象: the line is JSON, and no object.
    NotAnObject,
    /// 缺少表头: no line of the table names its columns.
    NoHeader,
    /// 列数不符: the row has another number of cells than the header.
    Ragged,
    /// 公式没有结果: the formula of a cell has no result; on the command line only.
    NoResult,
    /// 缺少必填项: something that must be said is not.
    Missing,
    /// 类型不符: a cell holds another type of value.
    WrongType,
    /// 取值不识别: a cell holds a word that is not known there.
    UnknownValue,
    /// 不是数字: a cell should hold a whole number from 0 on.
    NotANumber,
    /// 不是日期: a cell should hold a day.
    NotADate,
    /// 不是时段: a cell should hold hours of the day.
    NotHours,
    /// 重复行: the same row stands further up.
    Duplicate,
    /// 区域不存在: there is no such place.
    UnknownPlace,
    /// 区域重名: more than one place is called so.
    UnclearPlace,
    /// 组织不存在: there is no such organization.
    UnknownOrganization,
    /// 类别不存在: there is no such category.
    UnknownCategory,
    /// 需求不存在: no need came in under this id.
    UnknownNeed,
    /// 不予收入: the street does not allow it; `refusal` says why.
    Refused,
    /// 未能写入: the log could not take it.
    NotTaken,
    /// 疑似重复: another need seems to say the same.
    LikelyDuplicate,
    /// 字段不识别: fields that mean nothing here.
    UnknownField,
    /// 列名不识别: columns that mean nothing here.
    UnknownHeading,
    /// 重复列: a second column for the same thing.
    ColumnTwice,
    /// 已转换编码: the file was not UTF-8.
    DecodedFrom,
    /// 跳过表头以上的行: lines above the header were passed over.
    LinesAboveHeader,
    /// 沿用上一行: an empty cell of a merged column took the value above.
    TakenFromAbove,
    /// 数目只计一次: an amount that merged cells say once was counted for their first row; on the command line only.
    CountedOnce,
    /// 合计行: a row of totals was passed over.
    TotalRow,
    /// 工作表已略过: a sheet that is hidden or has no header; on the command line only.
    SheetPassedOver,
    /// 类别不确定: the wording does not tell the category.
    CategoryUnsure,
    /// 类别不在目录中: the category is not in the taxonomy; the wording was asked instead.
    CategoryNotKnown,
    /// 数量无法识别: no amount could be read; the words are kept.
    QuantityUnread,
    /// 清单类别被忽略: a column that should tell the list holds something else.
    KindIgnored,
}

impl ImportProblemCode {
    /// That of a fault.
    const fn of(fault: &Fault) -> Self {
        match fault {
            Fault::Workbook => Self::Workbook,
            Fault::OldWorkbook => Self::OldWorkbook,
            Fault::WorkbookUnreadable { .. } => Self::WorkbookUnreadable,
            Fault::EmptyFile => Self::EmptyFile,
            Fault::Undecodable => Self::Undecodable,
            Fault::NotJson { .. } => Self::NotJson,
            Fault::NotAnObject => Self::NotAnObject,
            Fault::NoHeader => Self::NoHeader,
            Fault::Ragged { .. } => Self::Ragged,
            Fault::NoResult { .. } => Self::NoResult,
            Fault::Missing => Self::Missing,
            Fault::WrongType { .. } => Self::WrongType,
            Fault::UnknownValue { .. } => Self::UnknownValue,
            Fault::NotANumber { .. } => Self::NotANumber,
            Fault::NotADate { .. } => Self::NotADate,
            Fault::NotHours { .. } => Self::NotHours,
            Fault::Duplicate { .. } => Self::Duplicate,
            Fault::UnknownPlace { .. } => Self::UnknownPlace,
            Fault::UnclearPlace { .. } => Self::UnclearPlace,
            Fault::UnknownOrganization { .. } => Self::UnknownOrganization,
            Fault::UnknownCategory { .. } => Self::UnknownCategory,
            Fault::UnknownNeed { .. } => Self::UnknownNeed,
            Fault::Refused(_) => Self::Refused,
            Fault::NotTaken { .. } => Self::NotTaken,
            Fault::LikelyDuplicate { .. } => Self::LikelyDuplicate,
            Fault::UnknownField { .. } => Self::UnknownField,
            Fault::UnknownHeading { .. } => Self::UnknownHeading,
            Fault::ColumnTwice { .. } => Self::ColumnTwice,
            Fault::DecodedFrom { .. } => Self::DecodedFrom,
            Fault::LinesAboveHeader { .. } => Self::LinesAboveHeader,
            Fault::TakenFromAbove { .. } => Self::TakenFromAbove,
            Fault::CountedOnce { .. } => Self::CountedOnce,
            Fault::TotalRow => Self::TotalRow,
            Fault::SheetPassedOver { .. } => Self::SheetPassedOver,
            Fault::CategoryUnsure { .. } => Self::CategoryUnsure,
            Fault::CategoryNotKnown { .. } => Self::CategoryNotKnown,
            Fault::QuantityUnread { .. } => Self::QuantityUnread,
            Fault::KindIgnored { .. } => Self::KindIgnored,
        }
    }
}

/// What became of an import.
#[derive(Clone, SimpleObject)]
pub struct ImportListsPayload {
    /// What became of the rows, kind by kind.
    pub rows: Vec<ImportedRows>,
    /// What is wrong with rows, or worth saying of them, by file and line.
    pub problems: Vec<ImportProblem>,
    /// The position after the last row that went in.
    pub position: Position,
    /// Why nothing was done at all; what is wrong with single rows is said in `problems`.
    pub user_errors: Vec<UserError>,
}

/// Taking lists in.
#[derive(Default)]
pub struct ImportMutation;

#[Object]
impl ImportMutation {
    /// Takes lists in 导入, as streets keep them in tables: places, organizations, the roster, needs, resources, projects.
    /// Each row is judged as if the caller had said it alone, and is a commit of its own: the good ones go in, of the
    /// others it is said what is wrong. The same rows again change nothing, so that an import that broke off is simply
    /// sent again. For members who act for somebody.
    #[graphql(complexity = "200 + child_complexity")]
    async fn import_lists(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is taken in.")] input: ImportListsInput,
    ) -> Option<Result<ImportListsPayload>> {
        Some(import(ctx, input).await)
    }
}

async fn import(ctx: &Context<'_>, input: ImportListsInput) -> Result<ImportListsPayload> {
    let scope = Scope::of(ctx)?;
    if input.files.len() > FILES_MAX {
        return Err(too_many("files", FILES_MAX));
    }
    let (ledger, caller, language) = (scope.shared().ledger.clone(), scope.caller(), scope.language);
    if !may_act(scope) {
        let refusal = Refusal::NotAllowed { right: Right::Coordinate };
        return Ok(ImportListsPayload {
            rows: Vec::new(),
            problems: Vec::new(),
            position: ledger.state().position().into(),
            user_errors: vec![UserError::refused(&refusal, Some, Called::new(&scope.state, language))],
        });
    }
    // Rows wait for each other, so it takes a thread of its own; what has begun is ended also when nobody waits any more.
    let taken = tokio::task::spawn_blocking(move || {
        let mut reading = Reading::default();
        for file in &input.files {
            reading.add_text(&file.name, &file.text);
        }
        let mut desk = LedgerDesk::new(ledger.clone(), caller).map_err(|error| error.to_string())?;
        let options = Options { street: None, ignore_status: input.ignore_status, name_duplicates: true };
        let intake = intake::take_in(&mut desk, &reading, &options, &mut |_| {})
            .map_err(|setback| setback.message(language))?;
        Ok::<_, String>(payload(&reading, &intake, ledger.state().position().into(), language))
    });
    let said = |error: String| {
        tracing::error!(%error, "an import could not be made");
        fault(FaultCode::Internal, "the import could not be made")
    };
    taken.await.map_err(|error| said(error.to_string()))?.map_err(said)
}

fn payload(reading: &Reading, intake: &Intake, position: Position, language: Language) -> ImportListsPayload {
    let (rows, problems) = (rows(intake), problems(reading, intake, language));
    ImportListsPayload { rows, problems, position, user_errors: Vec::new() }
}

/// What became of the rows, kind by kind.
pub fn rows(intake: &Intake) -> Vec<ImportedRows> {
    let rows = intake.summary.kinds().map(|(kind, counts)| ImportedRows {
        kind: kind.map(RowKind::from),
        new: int(counts.new),
        changed: int(counts.changed),
        there: int(counts.there),
        refused: int(counts.refused),
    });
    rows.collect()
}

/// What is wrong with rows, or worth saying of them, by file and line.
pub fn problems(reading: &Reading, intake: &Intake, language: Language) -> Vec<ImportProblem> {
    let problem = |it: &RowProblem| ImportProblem {
        file: it.at.file.to_string(),
        line: int(it.at.line),
        field: it.field.clone(),
        code: ImportProblemCode::of(&it.fault),
        refusal: match &it.fault {
            Fault::Refused(refusal) => Some(UserErrorCode::of(refusal)),
            _ => None,
        },
        cause: it.cause(language),
        hint: it.hint(language),
        is_notice: it.is_notice(),
    };
    intake::in_order(reading, Some(intake)).into_iter().map(problem).collect()
}
