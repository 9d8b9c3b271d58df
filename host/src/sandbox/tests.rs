//! Every limit of the sandbox obeyed and violated, by a guest that is hostile on command
//! (`tests/hostile.wat`); after each violation the same worker answers the next job.

mod native;

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

use super::*;

const MEMORY_BYTES: u64 = 4 << 20;
const OUTPUT_BYTES: u64 = 1 << 20;

/// Long enough that only a guest that is never stopped reaches it.
fn never() -> Instant {
    Instant::now() + Duration::from_mins(2)
}

/// For a job that no worker will take.
fn soon() -> Instant {
    Instant::now() + Duration::from_millis(30)
}

/// For a job that a worker takes first, however busy the machine is.
fn later() -> Instant {
    Instant::now() + Duration::from_secs(1)
}

fn config() -> SandboxConfig {
    SandboxConfig {
        workers: 1,
        queue_max: 1,
        memory_bytes_max: MEMORY_BYTES,
        output_bytes_max: OUTPUT_BYTES,
        keep_resident_bytes: 1 << 20,
        compiled_dir: None,
        compiled_dir_spare: None,
    }
}

/// The core module as a component of the transformer's world.
fn hostile() -> Vec<u8> {
    let mut module = wat::parse_str(include_str!("tests/hostile.wat")).unwrap();
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir("../wit").unwrap();
    let world = resolve
        .select_world(&[package], Some("transformer"))
        .unwrap();
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false).unwrap();
    let mut encoder = ComponentEncoder::default();
    encoder.module(&module).unwrap().encode().unwrap()
}

fn sandbox() -> Sandbox {
    Sandbox::start(&hostile(), &config()).unwrap()
}

/// A job whose first byte commands the guest.
fn job(source: impl Into<Bytes>) -> Job {
    Job {
        source: source.into(),
        overlays: Vec::new(),
        steps: vec![wit::Step {
            operations: vec![wit::Operation::Greyscale],
            on_failure: wit::OnFailure::Fail,
        }],
        output: wit::Output {
            format: None,
            quality: Some(80),
            compression: None,
            speed: None,
            interlace: false,
            lossless: false,
            page: None,
            palette: false,
            profile: wit::Profile::Convert,
            metadata: wit::Metadata::None,
            linear: false,
        },
        limits: wit::Limits {
            source_pixels_max: 1,
            output_pixels_max: 1,
            output_side_max: 1,
            memory_bytes_max: 1,
            frames_max: 1,
            animation_pixels_max: 1,
            truncated: wit::Truncated::Render,
        },
    }
}

async fn failure(sandbox: &Sandbox, source: impl Into<Bytes>) -> SandboxError {
    sandbox.transform(job(source), never()).await.unwrap_err()
}

/// The worker is alive, and the guest fresh.
async fn assert_alive(sandbox: &Sandbox) {
    let done = sandbox.transform(job("echo"), never()).await.unwrap();
    let Rendition {
        bytes,
        format,
        width,
        height,
    } = done.rendition;
    assert_eq!((&bytes[..], format), (&b"echo"[..], wit::Format::Png));
    assert_eq!(width, 0, "nothing of an earlier guest lies in its memory");
    assert_eq!(height, 1, "it was never called before");
}

/// Poll once: the job is queued, and its answer is not there.
fn begin<T>(future: Pin<&mut impl Future<Output = T>>) {
    let mut context = Context::from_waker(Waker::noop());
    assert!(matches!(future.poll(&mut context), Poll::Pending));
}

/// Wait for a look at the sandbox to show something.
async fn until(sandbox: &Sandbox, shown: impl Fn(&SandboxStats) -> bool) {
    while !shown(&sandbox.stats()) {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn every_job_has_a_fresh_guest() {
    let sandbox = sandbox();
    assert_eq!(sandbox.allocation(), Allocation::Pooling);
    assert_alive(&sandbox).await;
    assert_alive(&sandbox).await;
    let stats = sandbox.stats();
    assert_eq!(stats.started_total, 2);
    assert!(stats.start_last > Duration::ZERO);
}

#[tokio::test]
async fn without_a_pool_it_is_the_same() {
    let sandbox = Sandbox::start_where(Allocation::OnDemand, &hostile(), &config()).unwrap();
    assert_alive(&sandbox).await;
    let error = failure(&sandbox, "grow").await;
    assert!(
        matches!(
            error,
            SandboxError::Memory {
                allowed: MEMORY_BYTES
            }
        ),
        "{error}"
    );
    assert_alive(&sandbox).await;
}

#[tokio::test]
async fn memory_obeyed() {
    let source = vec![b'e'; (MEMORY_BYTES - (1 << 18)) as usize];
    let error = failure(&sandbox(), source).await;
    assert!(
        matches!(error, SandboxError::Output { .. }),
        "the memory held it: {error}"
    );
}

#[tokio::test]
async fn memory_violated() {
    let sandbox = sandbox();
    for source in [b"grow".to_vec(), vec![b'e'; MEMORY_BYTES as usize]] {
        let error = failure(&sandbox, source).await;
        assert!(
            matches!(
                error,
                SandboxError::Memory {
                    allowed: MEMORY_BYTES
                }
            ),
            "{error}"
        );
        assert_alive(&sandbox).await;
    }
    assert_eq!(sandbox.stats().memory_kills_total, 2);
}

#[tokio::test]
async fn output_obeyed() {
    let source = Bytes::from(vec![b'e'; OUTPUT_BYTES as usize]);
    let done = sandbox()
        .transform(job(source.clone()), never())
        .await
        .unwrap();
    assert_eq!(done.rendition.bytes, source);
}

#[tokio::test]
async fn output_violated() {
    let sandbox = sandbox();
    for bytes in [OUTPUT_BYTES + 1, 3 * OUTPUT_BYTES] {
        let error = failure(&sandbox, vec![b'e'; bytes as usize]).await;
        assert!(
            matches!(
                error,
                SandboxError::Output {
                    allowed: OUTPUT_BYTES
                }
            ),
            "{error}"
        );
        assert_alive(&sandbox).await;
    }
    assert_eq!(sandbox.stats().output_kills_total, 2);
}

#[tokio::test]
async fn deadline_violated() {
    let sandbox = sandbox();
    let error = sandbox.transform(job("loop"), later()).await.unwrap_err();
    assert!(matches!(error, SandboxError::Deadline), "{error}");
    assert_alive(&sandbox).await; // and the deadline obeyed
    assert_eq!(sandbox.stats().deadline_kills_total, 1);
}

#[tokio::test]
async fn traps_are_answers() {
    let sandbox = sandbox();
    for (source, word) in [
        ("x", "unreachable"),
        ("deep", "stack"),
        ("bounds", "out of bounds"),
    ] {
        let error = failure(&sandbox, source).await;
        assert!(
            matches!(&error, SandboxError::Trap(why) if why.contains(word)),
            "{error}"
        );
        assert_alive(&sandbox).await;
    }
    assert_eq!(sandbox.stats().traps_total, 3);
}

#[tokio::test]
async fn refusals_are_answers() {
    let sandbox = sandbox();
    let error = failure(&sandbox, "no").await;
    assert!(
        matches!(error, SandboxError::Refused(wit::Error::NotAnImage)),
        "{error}"
    );
    let error = sandbox.inspect(Bytes::new(), never()).await.unwrap_err();
    assert!(
        matches!(error, SandboxError::Refused(wit::Error::NotAnImage)),
        "{error}"
    );
    assert_eq!(sandbox.stats().traps_total, 0);
}

#[tokio::test]
async fn queue_obeyed_and_violated() {
    let sandbox = sandbox();
    let mut runs = Box::pin(sandbox.transform(job("loop"), never()));
    begin(runs.as_mut());
    let mut waits = Box::pin(sandbox.transform(job("echo"), never()));
    begin(waits.as_mut());
    let error = failure(&sandbox, "echo").await;
    let full = matches!(
        error,
        SandboxError::QueueFull {
            queued: 1..=2,
            max: 1
        }
    );
    assert!(full, "{error}");
    assert_eq!(sandbox.stats().queue_full_total, 1);
    drop(runs);
    assert_eq!(waits.await.unwrap().rendition.bytes, "echo");
}

#[tokio::test]
async fn a_client_that_leaves_stops_its_guest() {
    let sandbox = sandbox();
    let mut leaves = Box::pin(sandbox.transform(job("loop"), never()));
    begin(leaves.as_mut());
    until(&sandbox, |stats| stats.started_total == 1).await;
    drop(leaves);
    assert_alive(&sandbox).await;
    let stats = sandbox.stats();
    assert_eq!((stats.cancelled_total, stats.traps_total), (1, 0));
}

#[tokio::test]
async fn a_client_that_leaves_the_queue_is_never_served() {
    let sandbox = sandbox();
    let mut runs = Box::pin(sandbox.transform(job("loop"), never()));
    begin(runs.as_mut());
    until(&sandbox, |stats| stats.started_total == 1).await;
    let mut leaves = Box::pin(sandbox.transform(job("loop"), never()));
    begin(leaves.as_mut());
    assert_eq!((sandbox.stats().queued, sandbox.stats().busy), (1, 1));
    drop(leaves);
    assert_eq!(sandbox.stats().queued, 0);
    drop(runs);
    assert_alive(&sandbox).await;
    assert_eq!(sandbox.stats().started_total, 2);
}

#[tokio::test]
async fn a_deadline_holds_in_the_queue() {
    let sandbox = sandbox();
    let mut runs = Box::pin(sandbox.transform(job("loop"), never()));
    begin(runs.as_mut());
    until(&sandbox, |stats| stats.started_total == 1).await;
    let error = sandbox.transform(job("echo"), soon()).await.unwrap_err();
    assert!(matches!(error, SandboxError::DeadlineInQueue), "{error}");
    assert_eq!(sandbox.stats().queue_deadlines_total, 1);
    drop(runs);
    assert_alive(&sandbox).await;
}

#[tokio::test]
async fn a_deadline_that_has_passed_starts_no_guest() {
    let sandbox = sandbox();
    let error = sandbox
        .transform(job("echo"), Instant::now())
        .await
        .unwrap_err();
    assert!(matches!(error, SandboxError::DeadlineInQueue), "{error}");
    assert_eq!(sandbox.stats().started_total, 0);
}

#[tokio::test]
async fn a_shutdown_ends_what_runs_by_its_deadline_and_refuses_the_rest() {
    let sandbox = Arc::new(sandbox());
    let mut runs = Box::pin(sandbox.transform(job("loop"), later()));
    begin(runs.as_mut());
    let mut waits = Box::pin(sandbox.transform(job("echo"), never()));
    begin(waits.as_mut());
    until(&sandbox, |stats| stats.started_total == 1).await;
    let stopping = Arc::clone(&sandbox);
    let stopped = tokio::task::spawn_blocking(move || stopping.shutdown());
    assert!(matches!(runs.await, Err(SandboxError::Deadline)));
    assert!(matches!(waits.await, Err(SandboxError::Stopped)));
    stopped.await.unwrap();
    assert!(matches!(
        failure(&sandbox, "echo").await,
        SandboxError::Stopped
    ));
}

#[test]
fn a_component_that_imports_is_refused() {
    let importing = wat::parse_str(r#"(component (import "clock" (func)))"#).unwrap();
    let error = Sandbox::start(&importing, &config()).err();
    assert!(
        matches!(&error, Some(StartError::Imports(name)) if name == "clock"),
        "{error:?}"
    );
}

#[test]
fn a_component_of_another_world_is_refused() {
    let empty = wat::parse_str("(component)").unwrap();
    let error = Sandbox::start(&empty, &config()).err();
    assert!(matches!(error, Some(StartError::Component(_))), "{error:?}");
}

/// The real one: it compiles once, and its memory above the first 32 MiB comes from the host.
#[tokio::test]
async fn the_transformer_starts_from_kept_code_and_asks_for_memory() {
    let folder = tempfile::tempdir().unwrap();
    let start = |memory_bytes_max| {
        let config = SandboxConfig {
            memory_bytes_max,
            compiled_dir: Some(folder.path().join("compiled")),
            ..config()
        };
        Sandbox::start(guest::COMPONENT, &config).unwrap()
    };
    let source = Bytes::from(vec![0; 40 << 20]);
    let ample = start(64 << 20);
    assert_eq!(ample.code_origin(), CodeOrigin::Compiled);
    let error = ample.inspect(source.clone(), never()).await.unwrap_err();
    assert!(
        matches!(error, SandboxError::Refused(wit::Error::NotAnImage)),
        "{error}"
    );
    let scarce = start(32 << 20);
    assert_eq!(scarce.code_origin(), CodeOrigin::Loaded);
    let error = scarce.inspect(source, never()).await.unwrap_err();
    assert!(
        matches!(
            error,
            SandboxError::Memory {
                allowed: 0x0200_0000
            }
        ),
        "{error}"
    );
    let error = scarce.inspect(Bytes::new(), never()).await.unwrap_err();
    assert!(
        matches!(error, SandboxError::Refused(wit::Error::NotAnImage)),
        "{error}"
    );
}
