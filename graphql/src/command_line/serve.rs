//! `gongjian serve`: the log, the ledger, the face, until somebody says stop.

use super::{arguments::Serve, demo, failure::Failure, log, output, telemetry::Telemetry, vault};
use crate::{ServerConfig, contacts::Contacts, server::hangup::Hangups};
use engine::refusal::wording::Language;
use std::process::ExitCode;
use storage::Ledger;
use tokio::{net::TcpListener, runtime::Builder};

/// The street of an empty log that nobody named.
const NAMELESS_STREET: &str = "本街道";

/// Enough open files for all connections and the store.
const DESCRIPTORS_WANTED: u64 = 16_384;

pub(super) fn run(task: &Serve, language: Language) -> Result<ExitCode, Failure> {
    let telemetry = Telemetry::start(task.otlp_endpoint.as_ref())?;
    let config = task.protection.config(task.data.data.clone())?;
    let scheme = if config.tls.is_some() { "https" } else { "http" };
    let sockets = raise_descriptors();
    tracing::debug!(?sockets, "file descriptors");
    let ledger = if task.demo {
        demo::open(&task.data.data, language)?
    } else {
        let ledger = log::open(&task.data.data)?;
        log::open_street(&ledger, task.street.street.as_deref().unwrap_or(NAMELESS_STREET), language)?;
        ledger
    };
    let contacts = vault::open_or_make(&task.vault, &task.data.data, language)?
        .map(|vault| Contacts::open(vault, &ledger.state(), ledger.now()))
        .transpose()
        .map_err(Failure::said)?;
    storage::leftover::clear(&task.data.data);
    warn_without_members(&ledger, language);
    let runtime = Builder::new_multi_thread().enable_all().build().map_err(Failure::said)?;
    let served = runtime.block_on(async {
        let listener = TcpListener::bind(task.listen)
            .await
            .map_err(|error| Failure::Said(format!("cannot listen on {}: {error}", task.listen)))?;
        let address = listener.local_addr().map_err(Failure::said)?;
        let stop = stop_asked();
        // From here on SIGHUP ends nothing; who has something to read anew listens for itself.
        let _heard = Hangups::new();
        // Whoever connects from now on is served: the system holds connections until they are taken.
        output::say_line(&format!("listening on {scheme}://{address}"));
        let single_sign_on = task.single_sign_on.config();
        let config = ServerConfig { contacts, replan: !task.no_replan, single_sign_on, ..config };
        crate::serve(ledger.clone(), listener, config, stop).await.map_err(Failure::said)
    });
    // What still computes answers nobody any more; whatever was acknowledged is on disk, and the log is closed.
    runtime.shutdown_background();
    telemetry.end();
    served.map(|()| ExitCode::SUCCESS)
}

/// As many open files as the system lets this process have: each connection is one, and shells give 1,024. How many
/// there are then.
#[cfg(unix)]
fn raise_descriptors() -> Option<u64> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = maximum.unwrap_or(u64::MAX).min(DESCRIPTORS_WANTED);
    if current.is_some_and(|it| it < wanted) {
        // Without it fewer connections fit, and the server waits for room.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum });
    }
    getrlimit(Resource::Nofile).current
}

#[cfg(not(unix))]
fn raise_descriptors() -> Option<u64> {
    None
}

fn warn_without_members(ledger: &Ledger, language: Language) {
    if ledger.state().members().next().is_none() {
        output::note(match language {
            Language::Chinese => "还没有成员可以登录;请停止服务后运行 gongjian member add --role coordinator",
            Language::English => {
                "nobody can sign in yet; stop and run `gongjian member add --role coordinator`"
            }
        });
    }
}

/// Ctrl-C, or SIGTERM as service managers send it. They are caught from the call on, before the first wait: whoever
/// reads that the server listens may stop it at once.
fn stop_asked() -> impl Future<Output = ()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let caught = [SignalKind::interrupt(), SignalKind::terminate()].map(|kind| signal(kind).ok());
        async move {
            let [interrupt, terminate] = caught.map(|signals| async {
                match signals {
                    Some(mut signals) => signals.recv().await,
                    // Without the handler the signal ends the process by itself.
                    None => std::future::pending().await,
                }
            });
            tokio::select! {
                _ = interrupt => {}
                _ = terminate => {}
            }
        }
    }
    #[cfg(not(unix))]
    async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
