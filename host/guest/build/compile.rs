//! The transformer's sources come in, a core module goes out, by a cargo inside the cargo.
//! It shares no lock, no flag and no wrapper with the build that it runs in.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result, bail};

/// A cargo whose rustc stands beside it and has std's sources, where rustup has no wasm target.
pub(crate) const CARGO_VARIABLE: &str = "DARKROOM_GUEST_CARGO";
/// The wasm linker for that cargo.
pub(crate) const LINKER_VARIABLE: &str = "DARKROOM_GUEST_LINKER";

/// The features that the transformer is compiled with, where these are not its default ones.
pub(crate) const FORMATS_VARIABLE: &str = "DARKROOM_GUEST_FORMATS";

const TARGET: &str = "wasm32-unknown-unknown";

/// Cargo splits `CARGO_ENCODED_RUSTFLAGS` at this character.
const FLAG_SEPARATOR: &str = "\x1f";

/// Two or three errors of the compiler in full; who wants more compiles the transformer alone.
const ERROR_LINES_MAX: usize = 40;

/// What cargo tells this build script about the *host* crate, and what would put the outer build's
/// wrapper (clippy, coverage) or its intermediate files under the inner one.
const OUTER_PREFIXES: [&str; 4] = ["CARGO_CFG_", "CARGO_FEATURE_", "CARGO_PKG_", "DEP_"];
const OUTER_VARIABLES: [&str; 4] = [
    "RUSTC_WRAPPER",
    "RUSTC_WORKSPACE_WRAPPER",
    "CARGO_BUILD_TARGET",
    "CARGO_BUILD_BUILD_DIR",
];

/// Compile the transformer and read what came out.
pub(crate) fn core_module(workspace: &Path, out_dir: &Path) -> Result<Vec<u8>> {
    let target_dir = guest_target_dir(out_dir);
    let mut cargo = match env::var_os(CARGO_VARIABLE) {
        Some(cargo) => cargo_with_std_sources(Path::new(&cargo)),
        None => cargo_with_target()?,
    };
    for (name, _) in env::vars_os() {
        if is_of_outer_build(&name) {
            cargo.env_remove(name);
        }
    }
    cargo
        .args(["build", "--locked", "--package", "transformer", "--lib"])
        .args(["--profile", "guest", "--target", TARGET, "--target-dir"])
        .arg(&target_dir)
        .env("CARGO_ENCODED_RUSTFLAGS", flags(workspace))
        .current_dir(workspace);
    if let Some(formats) = env::var_os(FORMATS_VARIABLE) {
        cargo
            .args(["--no-default-features", "--features"])
            .arg(formats);
    }
    let outcome = cargo.output().context("cannot start the inner cargo")?;
    if !outcome.status.success() {
        repeat_errors(&String::from_utf8_lossy(&outcome.stderr));
        bail!("the transformer does not compile for {TARGET}");
    }
    let module = target_dir.join(TARGET).join("guest/transformer.wasm");
    fs::read(&module).with_context(|| format!("no core module at {}", module.display()))
}

/// The inner compiler's errors as the outer build's: cargo shows nothing else of a build script.
fn repeat_errors(stderr: &str) {
    let from_first_error = stderr.lines().skip_while(|line| !line.starts_with("error"));
    for line in from_first_error.take(ERROR_LINES_MAX) {
        println!("cargo::error={line}");
    }
}

/// `<target>/guest`: never the outer build's folder, whose lock is held while this runs, and outside
/// the profiles', so that debug, release and clippy share one guest.
fn guest_target_dir(out_dir: &Path) -> PathBuf {
    out_dir
        .ancestors()
        .find(|folder| folder.join("CACHEDIR.TAG").is_file()) // cargo marks its target folder
        .unwrap_or(out_dir)
        .join("guest")
}

/// The usual way: the cargo that runs this build, if its rustc has the target.
fn cargo_with_target() -> Result<Command> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let answer = Command::new(rustc)
        .args(["--print", "target-libdir", "--target", TARGET])
        .output()
        .context("cannot ask rustc for its targets")?;
    let libraries = String::from_utf8_lossy(&answer.stdout);
    if !answer.status.success() || !Path::new(libraries.trim()).is_dir() {
        bail!("the compiler lacks {TARGET}: run `make toolchain`, then build with make");
    }
    Ok(Command::new(
        env::var_os("CARGO").unwrap_or_else(|| "cargo".into()),
    ))
}

/// The way out: std is compiled from its sources, which a stable compiler does only when told to
/// forget that it is stable.
fn cargo_with_std_sources(cargo: &Path) -> Command {
    let mut command = Command::new(cargo);
    command
        .env("RUSTC", cargo.with_file_name("rustc"))
        .env("RUSTC_BOOTSTRAP", "1")
        .arg("-Zbuild-std=std,panic_abort");
    if let Some(linker) = env::var_os(LINKER_VARIABLE) {
        command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
    }
    command
}

fn is_of_outer_build(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    OUTER_VARIABLES.contains(&name.as_ref())
        || OUTER_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// The guest's own flags. Set even though cargo sets this variable for build scripts, because that
/// value (empty or not) would win over every configuration file.
fn flags(workspace: &Path) -> String {
    let mut flags = vec!["-Ctarget-feature=+simd128".to_owned()];
    // Panic messages name source files; without their folders the bytes are the same on every machine.
    let mut remap = |from: &Path, to: &str| {
        flags.push(format!("--remap-path-prefix={}={to}", from.display()));
    };
    remap(workspace, "darkroom");
    let cargo_home = env::var_os("CARGO_HOME").map(PathBuf::from);
    if let Some(home) = cargo_home.or_else(|| Some(env::home_dir()?.join(".cargo"))) {
        remap(&home, "cargo");
    }
    flags.join(FLAG_SEPARATOR)
}
