//! Whether the server lives, and whether it is ready to take commands.

use super::{answer, negotiation::Media};
use crate::server::App;
use axum::{extract::State, http::StatusCode, response::Response};
use serde_json::json;
use storage::Health;

/// The process answers.
pub async fn live() -> Response {
    answer::write(StatusCode::OK, Media::Json, &answer::raw(&json!({ "status": "live" })))
}

/// The ledger takes commands; 503 when it is read-only or the server is going down.
pub async fn ready(State(app): State<App>) -> Response {
    let ledger = &app.shared.ledger;
    let position = ledger.state().position().to_string();
    let (status, word) = match ledger.health() {
        _ if app.is_closing() => (StatusCode::SERVICE_UNAVAILABLE, "closing"),
        Health::Writable => (StatusCode::OK, "ready"),
        Health::ReadOnly { why } => {
            tracing::warn!(%why, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "readOnly")
        }
    };
    let body = json!({ "status": word, "position": position });
    answer::write(status, Media::Json, &answer::raw(&body))
}
