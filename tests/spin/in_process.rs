//! A host in this process, as Spin would be: its version of `wasi:config`, a store where one is granted, hosts
//! that may be connected to, a memory limit.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use wasmtime::component::{
    Component, ComponentType, Lift, Linker, Lower, Resource, ResourceTable, ResourceType,
};
use wasmtime::{Engine, Result, Store, StoreContextMut, StoreLimits, StoreLimitsBuilder};
use wasmtime_wasi::{FsPerms, WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::io::TokioIo;
use wasmtime_wasi_http::p2::bindings::ProxyPre;
use wasmtime_wasi_http::p2::bindings::http::types::Scheme;
use wasmtime_wasi_http::p2::body::HyperOutgoingBody;
use wasmtime_wasi_http::{
    Error, RequestOptions, WasiBody, WasiHttpCtx, WasiHttpCtxView, WasiHttpHooks, WasiHttpView,
};

use tests::component;

use super::urls;

/// What the host grants.
#[derive(Clone, Default)]
pub(crate) struct Grants {
    variables: HashMap<String, String>,
    /// Labels of stores.
    stores: Vec<String>,
    /// Everything where none is named.
    outbound_hosts: Option<Vec<String>>,
    /// Of every memory of an instance.
    memory_bytes_max: Option<usize>,
    /// Seen as `/pictures`.
    files: Option<PathBuf>,
}

type Kept = Arc<Mutex<HashMap<String, Vec<u8>>>>;

/// A running host; it stops when it is dropped.
pub(crate) struct Host {
    pub(crate) address: SocketAddr,
    /// What is in its stores.
    pub(crate) kept: Kept,
    _runtime: Runtime,
}

impl Grants {
    /// What the comparison needs.
    pub(crate) fn usual() -> Self {
        urls::SETTINGS
            .into_iter()
            .fold(Self::default(), |grants, (name, value)| {
                grants.variable(name, value)
            })
    }

    pub(crate) fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    pub(crate) fn store(mut self, label: &str) -> Self {
        self.stores.push(label.to_owned());
        self
    }

    pub(crate) fn outbound(mut self, host: &str) -> Self {
        self.outbound_hosts
            .get_or_insert_default()
            .push(host.to_owned());
        self
    }

    pub(crate) fn memory(mut self, bytes: usize) -> Self {
        self.memory_bytes_max = Some(bytes);
        self
    }

    pub(crate) fn files(mut self, directory: PathBuf) -> Self {
        self.files = Some(directory);
        self
    }

    /// Serve the component that Spin would.
    pub(crate) fn start(self) -> Host {
        let kept = Kept::default();
        let pre = prepared();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let (grants, store) = (Arc::new(self), Arc::clone(&kept));
        runtime.spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (pre, grants, store) = (pre.clone(), Arc::clone(&grants), Arc::clone(&store));
                let service = service_fn(move |request| {
                    let state = State::new(&grants, &store);
                    let pre = pre.clone();
                    async move { Ok::<_, std::convert::Infallible>(answer(pre, state, request).await) }
                });
                let connection = http1::Builder::new().serve_connection(TokioIo::new(client), service);
                tokio::spawn(connection);
            }
        });
        Host {
            address,
            kept,
            _runtime: runtime,
        }
    }
}

/// Compiled once for all tests.
fn prepared() -> ProxyPre<State> {
    static PREPARED: OnceLock<ProxyPre<State>> = OnceLock::new();
    PREPARED.get_or_init(|| link().unwrap()).clone()
}

fn link() -> Result<ProxyPre<State>> {
    let engine = Engine::default();
    let component = Component::new(&engine, component("darkroom-spin.wasm"))?;
    let mut linker = Linker::new(&engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    wasmtime_wasi_http::p2::add_only_http_to_linker_async(&mut linker)?;
    add_config(&mut linker)?;
    add_stores(&mut linker)?;
    ProxyPre::new(linker.instantiate_pre(&component)?)
}

/// What happened to a guest that gave no answer is said by the host in its own words.
async fn answer(
    pre: ProxyPre<State>,
    state: State,
    request: hyper::Request<Incoming>,
) -> hyper::Response<HyperOutgoingBody> {
    handled(pre, state, request).await.unwrap_or_else(|error| {
        let body = Full::new(Bytes::from(format!("{error:#}")));
        let body = body.map_err(|never| match never {}).boxed_unsync();
        let mut response = hyper::Response::new(body);
        *response.status_mut() = hyper::StatusCode::INTERNAL_SERVER_ERROR;
        response
    })
}

async fn handled(
    pre: ProxyPre<State>,
    state: State,
    request: hyper::Request<Incoming>,
) -> Result<hyper::Response<HyperOutgoingBody>> {
    let mut store = Store::new(pre.engine(), state);
    store.limiter(|state| &mut state.limits);
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let request = store
        .data_mut()
        .http()
        .new_incoming_request(Scheme::Http, request)?;
    let out = store.data_mut().http().new_response_outparam(sender)?;
    let task = tokio::spawn(async move {
        let proxy = pre.instantiate_async(&mut store).await?;
        let handler = proxy.wasi_http_incoming_handler();
        handler.call_handle(store, request, out).await
    });
    match receiver.await {
        Ok(answer) => Ok(answer?),
        Err(_) => match task.await? {
            Ok(()) => Err(wasmtime::Error::msg("the guest gave no answer")),
            Err(error) => Err(error),
        },
    }
}

/// Of one request.
struct State {
    wasi: WasiCtx,
    http: WasiHttpCtx,
    table: ResourceTable,
    hooks: Outbound,
    limits: StoreLimits,
    grants: Grants,
    kept: Kept,
}

impl State {
    fn new(grants: &Grants, kept: &Kept) -> Self {
        let mut wasi = WasiCtx::builder();
        if let Some(directory) = &grants.files {
            wasi.preopened_dir(directory, "/pictures", FsPerms::ReadOnly)
                .unwrap();
        }
        let limits = StoreLimitsBuilder::new();
        let limits = match grants.memory_bytes_max {
            Some(bytes) => limits.memory_size(bytes),
            None => limits,
        };
        Self {
            wasi: wasi.build(),
            http: WasiHttpCtx::new(),
            table: ResourceTable::new(),
            hooks: Outbound(grants.outbound_hosts.clone()),
            limits: limits.build(),
            grants: grants.clone(),
            kept: Arc::clone(kept),
        }
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

impl WasiHttpView for State {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView {
            ctx: &mut self.http,
            table: &mut self.table,
            hooks: &mut self.hooks,
        }
    }
}

/// `allowed_outbound_hosts`.
struct Outbound(Option<Vec<String>>);

type Io = Box<dyn Future<Output = Result<(), Error>> + Send>;
type Sent = Box<dyn Future<Output = Result<(hyper::Response<WasiBody>, Io), Error>> + Send>;

impl WasiHttpHooks for Outbound {
    fn send_request(
        &mut self,
        request: hyper::Request<WasiBody>,
        options: Option<RequestOptions>,
        _: Io,
    ) -> Sent {
        let authority = request.uri().authority().map(ToString::to_string);
        let is_allowed = match (&self.0, authority) {
            (None, _) => true,
            (Some(hosts), Some(authority)) => hosts.contains(&authority),
            (Some(_), None) => false,
        };
        Box::new(async move {
            if !is_allowed {
                return Err(Error::HttpRequestDenied);
            }
            let (response, io) = wasmtime_wasi_http::default_send_request(request, options).await?;
            Ok((
                response.map(http_body_util::BodyExt::boxed_unsync),
                Box::new(io) as Io,
            ))
        })
    }
}

#[derive(ComponentType, Lift, Lower)]
#[component(variant)]
enum ConfigError {
    #[component(name = "upstream")]
    Upstream(String),
    #[component(name = "io")]
    Io(String),
}

fn add_config(linker: &mut Linker<State>) -> Result<()> {
    let mut config = linker.instance("wasi:config/store@0.2.0-draft-2024-09-27")?;
    config.func_wrap(
        "get",
        |store: StoreContextMut<'_, State>, (name,): (String,)| {
            let value = store.data().grants.variables.get(&name).cloned();
            Ok((Ok::<_, ConfigError>(value),))
        },
    )
}

#[derive(ComponentType, Lift, Lower)]
#[component(variant)]
enum StoreError {
    #[component(name = "no-such-store")]
    NoSuchStore,
    #[component(name = "access-denied")]
    AccessDenied,
    #[component(name = "other")]
    Other(String),
}

/// A store of the host.
struct Bucket;

fn add_stores(linker: &mut Linker<State>) -> Result<()> {
    type Opened = Result<Resource<Bucket>, StoreError>;
    let mut store = linker.instance("wasi:keyvalue/store@0.2.0-draft2")?;
    store.resource("bucket", ResourceType::host::<Bucket>(), |_, _| Ok(()))?;
    store.func_wrap(
        "open",
        |store: StoreContextMut<'_, State>, (label,): (String,)| {
            let is_granted = store.data().grants.stores.contains(&label);
            let opened: Opened = if is_granted {
                Ok(Resource::new_own(0))
            } else {
                Err(StoreError::AccessDenied)
            };
            Ok((opened,))
        },
    )?;
    store.func_wrap(
        "[method]bucket.get",
        |store: StoreContextMut<'_, State>, (_, key): (Resource<Bucket>, String)| {
            let value = store.data().kept.lock().unwrap().get(&key).cloned();
            Ok((Ok::<_, StoreError>(value),))
        },
    )?;
    store.func_wrap(
        "[method]bucket.set",
        |store: StoreContextMut<'_, State>,
         (_, key, value): (Resource<Bucket>, String, Vec<u8>)| {
            store.data().kept.lock().unwrap().insert(key, value);
            Ok((Ok::<_, StoreError>(()),))
        },
    )
}

#[test]
fn it_answers_as_the_native_server_does() {
    urls::compare(Grants::usual().start().address);
}
