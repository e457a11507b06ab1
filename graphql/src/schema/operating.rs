//! What only the console could do otherwise 运维: verifying the street while it is served, and matching lists that are
//! nobody's street. For coordinators of the whole street.
//!
//! What stays at the console, and why: opening the street, because before it nobody has a right to anything; making the
//! first coordinator, because nobody could be asked who that is; the keys of the vault, and files of the server.

use super::{
    fault::{FaultCode, bad_input, fault, not_allowed, too_many},
    matching,
    mutation::import::{self, ImportProblem, ImportedRows, ListFileInput},
    plan::PlanPreview,
    scalar::{DateTime, int},
    scope::Scope,
    verification::{self, Verification},
    viewed::Viewed,
};
use crate::lists::{
    Reading,
    intake::{self, Desk, MemoryDesk, Options},
};
use async_graphql::{Context, Object, Result};
use engine::{
    matching::{self as solver, Knowledge},
    permission::{Right, View},
};
use std::sync::Arc;

/// The most rows that are matched without a street of their own.
const ROWS_MAX: usize = 5_000;

/// The most problems that are told; of the others it is told how many there are.
const PROBLEMS_MAX: usize = 100;

/// Lists that were matched without a street.
pub struct MatchedLists {
    rows: Vec<ImportedRows>,
    problems: Vec<ImportProblem>,
    plan: PlanPreview,
}

/// Lists that were matched without a street 名单试配.
#[Object]
impl MatchedLists {
    /// What became of the rows, kind by kind.
    #[graphql(complexity = "8 * child_complexity")]
    async fn rows(&self) -> &[ImportedRows] {
        &self.rows
    }

    /// What is wrong with rows, or worth saying of them, by file and line. At most 100 of them.
    #[graphql(complexity = "100 * child_complexity")]
    async fn problems(&self) -> Vec<ImportProblem> {
        self.problems.iter().take(PROBLEMS_MAX).cloned().collect()
    }

    /// How many there are.
    async fn problems_count(&self) -> i32 {
        int(self.problems.len() as u64)
    }

    /// The best plan for what the lists hold 方案, with what stays unmet and why. **Its needs, resources and organizations
    /// are those of the lists:** their global ids mean nothing outside this answer, and `reference` has the ids of the rows.
    async fn plan(&self) -> &PlanPreview {
        &self.plan
    }
}

/// What only the console could do otherwise.
pub struct OperatingQuery;

/// What only the console could do otherwise.
#[Object]
impl OperatingQuery {
    /// The whole log read as if nothing of it were trusted, and what it amounts to, audited 核验: asking begins it where
    /// something was written since the last time, and tells how far it has come and what the last one found. Ask again
    /// until it is no longer `running`. For coordinators of the whole street.
    async fn verification(&self, ctx: &Context<'_>) -> Option<Result<Verification>> {
        Some(Scope::of(ctx).and_then(verification::read))
    }

    /// The best plan for lists that are nobody's street 名单试配, as `gongjian match` makes it: they are taken in by
    /// themselves, matched, and forgotten. At most 20 files and 5,000 rows. For coordinators of the whole street.
    #[graphql(complexity = "500 + child_complexity")]
    async fn match_lists(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lists.")] files: Vec<ListFileInput>,
        #[graphql(
            desc = "Take entries whose status says they are settled (已认领, 已完成 …) in as open.",
            default = false
        )]
        ignore_status: bool,
        #[graphql(desc = "What time it is supposed to be; now when not said.")] at: Option<DateTime>,
    ) -> Option<Result<MatchedLists>> {
        let read = async || match_lists(Scope::of(ctx)?, files, ignore_status, at).await;
        Some(read().await)
    }
}

/// Refuses everybody but coordinators of the whole street.
///
/// # Errors
/// `NOT_ALLOWED`, naming what is missing.
pub fn only_coordinators(scope: &Scope) -> Result<()> {
    if scope.has(Right::Coordinate) {
        return Ok(());
    }
    Err(not_allowed(scope.language, ("街道协调员角色", "the role of a street coordinator")))
}

async fn match_lists(
    scope: &Scope,
    files: Vec<ListFileInput>,
    ignore_status: bool,
    at: Option<DateTime>,
) -> Result<MatchedLists> {
    only_coordinators(scope)?;
    if files.len() > import::FILES_MAX {
        return Err(too_many("files", import::FILES_MAX));
    }
    let (now, language) = (at.map_or(scope.now(), |at| at.0), scope.language);
    let turn = matching::turn(scope).await?;
    let matched = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        let mut reading = Reading::default();
        for file in &files {
            reading.add_text(&file.name, &file.text);
        }
        if reading.rows.len() > ROWS_MAX {
            let rows = reading.rows.len();
            return Err(bad_input(
                format!("共 {rows} 行,一次最多匹配 {ROWS_MAX} 行"),
                format!("these are {rows} rows, and at most {ROWS_MAX} are matched"),
            ));
        }
        let mut desk = MemoryDesk::new(now);
        let options = Options { street: None, ignore_status, name_duplicates: false };
        let intake = intake::take_in(&mut desk, &reading, &options, &mut |_| {})
            .map_err(|setback| fault(FaultCode::Internal, setback.message(language)))?;
        let state = desk.state();
        let proposal =
            solver::propose(&state, Knowledge::builtin(), now).map_err(|it| matching::failed(&it))?;
        Ok(MatchedLists {
            rows: import::rows(&intake),
            problems: import::problems(&reading, &intake, language),
            plan: PlanPreview::new(&Arc::new(Viewed::new(state, View::Everything)), proposal),
        })
    });
    matched.await.map_err(|_| fault(FaultCode::Internal, "the matching ended unfinished"))?
}
