//! Components become one. No byte of either changes: around them stands a component that says whose export is
//! whose import. Interfaces that hosts have in different versions are renamed there: what the edge component
//! calls of them is the same in all.

use std::path::Path;

use anyhow::{Context, Result};
use wac_graph::types::Package;
use wac_graph::{CompositionGraph, EncodeOptions, NodeId, PackageId};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

const HANDLER: &str = "wasi:http/incoming-handler@0.2.0";
const TRANSFORM: &str = "darkroom:image/transform@0.1.0";
/// What the edge component asks for is Spin's version.
const CONFIG: &str = "wasi:config/store@0.2.0-draft-2024-09-27";
/// wasmtime's.
const CONFIG_ELSEWHERE: &str = "wasi:config/store@0.2.0-rc.1";
const STORE: &str = "wasi:keyvalue/store@0.2.0-draft2";

/// For Spin: it has everything else that the edge component asks for.
pub(crate) fn for_spin(edge: &[u8], transformer: &[u8]) -> Result<Vec<u8>> {
    let mut composition = Composition::begin(edge, transformer)?;
    composition.end()
}

/// For other hosts: `wasi:config` as wasmtime has it, and no store, so that none has to be provided.
pub(crate) fn for_others(edge: &[u8], transformer: &[u8], no_store: &Path) -> Result<Vec<u8>> {
    let mut composition = Composition::begin(edge, transformer)?;
    composition.rename(CONFIG, CONFIG_ELSEWHERE)?;
    composition.plug("darkroom:no-store", &store_that_is_none(no_store)?, STORE)?;
    composition.end()
}

struct Composition {
    graph: CompositionGraph,
    edge: PackageId,
    instance: NodeId,
}

impl Composition {
    fn begin(edge: &[u8], transformer: &[u8]) -> Result<Self> {
        let mut graph = CompositionGraph::new();
        let package = Package::from_bytes("darkroom:edge", None, edge, graph.types_mut())
            .context("the edge component does not parse")?;
        let edge = graph.register_package(package)?;
        let instance = graph.instantiate(edge);
        let mut composition = Self {
            graph,
            edge,
            instance,
        };
        composition.plug("darkroom:transformer", transformer, TRANSFORM)?;
        Ok(composition)
    }

    /// Give the edge component what another component exports.
    fn plug(&mut self, name: &str, component: &[u8], interface: &str) -> Result<()> {
        let graph = &mut self.graph;
        let package = Package::from_bytes(name, None, component, graph.types_mut())
            .with_context(|| format!("{name} does not parse"))?;
        let package = graph.register_package(package)?;
        let plug = graph.instantiate(package);
        let export = graph.alias_instance_export(plug, interface)?;
        graph
            .set_instantiation_argument(self.instance, interface, export)
            .with_context(|| format!("{name} is not what the edge component imports"))
    }

    /// Ask the host for an interface under another name than the edge component's.
    fn rename(&mut self, ours: &str, theirs: &str) -> Result<()> {
        let world = self.graph[self.edge].ty();
        let kind = *self.graph.types()[world]
            .imports
            .get(ours)
            .with_context(|| format!("the edge component does not import {ours}"))?;
        let import = self.graph.import(theirs, kind)?;
        self.graph
            .set_instantiation_argument(self.instance, ours, import)?;
        Ok(())
    }

    fn end(&mut self) -> Result<Vec<u8>> {
        let handler = self.graph.alias_instance_export(self.instance, HANDLER)?;
        self.graph.export(handler, HANDLER)?;
        self.graph
            .encode(EncodeOptions::default())
            .context("the components do not compose")
    }
}

/// A store that is never granted.
fn store_that_is_none(wat: &Path) -> Result<Vec<u8>> {
    let mut resolve = Resolve::default();
    let package = resolve.push_file(wat.with_extension("wit"))?;
    let world = resolve.select_world(&[package], None)?;
    let mut module = wat::parse_file(wat)?;
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false)?;
    ComponentEncoder::default()
        .validate(true)
        .module(&module)?
        .encode()
        .context("no_store.wat does not make a component")
}
