//! What a document that passes a limit costs: it is weighed once more, without limits, and never run.
//!
//! The library says only that a document is too complex. Who wrote it needs to know by how much.

use super::{
    COMPLEXITY_MAX, DEPTH_MAX, Face,
    fault::{FaultCode, InChinese, server_fault},
    unlimited,
};
use async_graphql::{
    Request, ServerError, ValidationMode, ValidationResult,
    async_trait::async_trait,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextValidation},
};
use std::sync::Arc;

/// The schema on which documents are weighed.
pub fn build() -> Face {
    unlimited().validation_mode(ValidationMode::Fast).extension(Weighing).finish()
}

/// Whether an error says that a document passes the limit of complexity or of depth.
pub fn is_over(error: &ServerError) -> bool {
    ["Query is too complex", "Query is nested too deep"].iter().any(|it| error.message.starts_with(it))
}

/// The error of a document that passes a limit, with what it weighs and what it may.
pub async fn over_limit(scales: &Face, request: Request) -> Vec<ServerError> {
    scales.execute(request).await.errors
}

struct Weighing;

impl ExtensionFactory for Weighing {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait]
impl Extension for Weighing {
    async fn validation(
        &self,
        ctx: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        let ValidationResult { complexity, depth, .. } = next.run(ctx).await?;
        Err(vec![if complexity > COMPLEXITY_MAX { too_complex(complexity) } else { too_deep(depth) }])
    }
}

fn too_complex(cost: usize) -> ServerError {
    let en = format!(
        "Query is too complex: it costs {cost}, and at most {COMPLEXITY_MAX} is answered. Select less, or shorter pages"
    );
    let zh = format!("查询过于复杂:开销为 {cost},上限为 {COMPLEXITY_MAX}。请少选字段,或缩短每页");
    over((zh, en), cost, COMPLEXITY_MAX)
}

fn too_deep(depth: usize) -> ServerError {
    let en = format!("Query is nested too deep: it has {depth} levels, and at most {DEPTH_MAX} are answered");
    let zh = format!("查询嵌套过深:共 {depth} 层,最多 {DEPTH_MAX} 层");
    over((zh, en), depth, DEPTH_MAX)
}

fn over((zh, en): (String, String), cost: usize, limit: usize) -> ServerError {
    let mut error = server_fault(FaultCode::TooComplex, en);
    let extensions = error.extensions.get_or_insert_with(Default::default);
    extensions.set("cost", cost);
    extensions.set("limit", limit);
    error.source = Some(Arc::new(InChinese(zh)));
    error
}
