//! What an operator may say, as a flag, as `DARKROOM_…` in the environment, or in the TOML file: one
//! group a file beside this one. A group declares its flags as `Option` fields, and checks them
//! into its part of `Config`; a new setting is one field there and nothing elsewhere, because the
//! variable's name and the way of writing a switch are derived here from the flag.

use std::any::TypeId;
use std::path::PathBuf;

use clap::builder::BoolishValueParser;
use clap::{Arg, Args, Command};

use super::{
    access, admin, answers, avif, cache, cluster, form, imaginary, lambda_edge, limits, originals,
    sandbox, second_level, server, signing, sources, throttle, tls, traces, transformer,
};

/// Before the flag's name, in capitals and underscores.
const VARIABLE_PREFIX: &str = "DARKROOM_";

/// Every setting, unset where nobody said anything.
#[derive(Debug, Clone, Default, Args)]
pub struct Settings {
    /// TOML file with any of these settings, named as the flags are [default: none]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Address, connections, time, logs.
    #[command(flatten)]
    pub server: server::Settings,
    /// The operator's own listener.
    #[command(flatten)]
    pub admin: admin::Settings,
    /// Who may ask.
    #[command(flatten)]
    pub signing: signing::Settings,
    /// Which parts of it.
    #[command(flatten)]
    pub access: access::Settings,
    /// How often.
    #[command(flatten)]
    pub throttle: throttle::Settings,
    /// The certificate.
    #[command(flatten)]
    pub tls: tls::Settings,
    /// Where pictures come from.
    #[command(flatten)]
    pub sources: sources::Settings,
    /// What answers look like.
    #[command(flatten)]
    pub answers: answers::Settings,
    /// The other dialect.
    #[command(flatten)]
    pub lambda_edge: lambda_edge::Settings,
    /// How long originals are believed, and kept.
    #[command(flatten)]
    pub originals: originals::Settings,
    /// How large a picture may be.
    #[command(flatten)]
    pub limits: limits::Settings,
    /// How pictures are made.
    #[command(flatten)]
    pub sandbox: sandbox::Settings,
    /// By what.
    #[command(flatten)]
    pub transformer: transformer::Settings,
    /// What is kept.
    #[command(flatten)]
    pub cache: cache::Settings,
    /// The page to try things on.
    #[command(flatten)]
    pub form: form::Settings,
    /// What means nothing here.
    #[command(flatten)]
    pub imaginary: imaginary::Settings,
    /// How to behave among others.
    #[command(flatten)]
    pub cluster: cluster::Settings,
    /// Where all pods keep renditions.
    #[command(flatten)]
    pub second_level: second_level::Settings,
    /// When AVIF is made.
    #[command(flatten)]
    pub avif: avif::Settings,
    /// Where traces go.
    #[command(flatten)]
    pub traces: traces::Settings,
}

/// What all settings have in common, for a command whose flags are `Settings`: the environment
/// variable's name, and switches that may say `=false`. A flag that is given twice means the last.
pub fn complete(command: Command) -> Command {
    command.args_override_self(true).mut_args(complete_one)
}

fn complete_one(arg: Arg) -> Arg {
    let Some(flag) = arg.get_long() else {
        return arg;
    };
    let variable = format!("{VARIABLE_PREFIX}{}", flag.to_uppercase().replace('-', "_"));
    let is_switch = arg.get_value_parser().type_id() == TypeId::of::<bool>();
    // Clap keeps names for as long as the program runs, and so does this: one text for each flag.
    let arg = arg.env(&*variable.leak());
    if !is_switch {
        return arg;
    }
    arg.num_args(0..=1)
        .require_equals(true)
        .default_missing_value("true")
        .value_name("BOOL")
        .value_parser(BoolishValueParser::new())
}
