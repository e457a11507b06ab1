//! Whether the server lives, and whether it is ready to take commands.

use super::{answer, negotiation::Media};
use crate::server::App;
use axum::{extract::State, http::StatusCode, response::Response};
use serde_json::json;
use storage::{Health, StoreFault};

/// The process answers.
pub async fn live() -> Response {
    answer::write(StatusCode::OK, Media::Json, &answer::raw(&json!({ "status": "live" })))
}

/// The ledger takes commands; 503 when it has no room for them, is read-only, or the server is going down, with the reason.
pub async fn ready(State(app): State<App>) -> Response {
    let ledger = app.shared.ledger.clone();
    let position = ledger.state().position().to_string();
    // The disk is asked for room, which may take its time.
    let health = match app.is_closing() {
        true => return not_ready("closing", &position, None),
        false => tokio::task::spawn_blocking(move || ledger.health()).await,
    };
    match health {
        Ok(Health::Writable) => {
            let body = json!({ "status": "ready", "position": position });
            answer::write(StatusCode::OK, Media::Json, &answer::raw(&body))
        }
        Ok(Health::NoRoom { why }) => not_ready("noRoom", &position, Some(&why)),
        Ok(Health::ReadOnly { why }) => not_ready("readOnly", &position, Some(&why)),
        Err(_) => not_ready("unknown", &position, None),
    }
}

fn not_ready(status: &str, position: &str, why: Option<&StoreFault>) -> Response {
    let mut body = json!({ "status": status, "position": position });
    if let (Some(why), Some(fields)) = (why, body.as_object_mut()) {
        tracing::warn!(%why, status, "not ready");
        fields.insert("why".to_owned(), why.to_string().into());
    }
    answer::write(StatusCode::SERVICE_UNAVAILABLE, Media::Json, &answer::raw(&body))
}
