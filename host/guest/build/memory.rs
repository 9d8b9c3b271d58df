//! A core module whose memory grows by asking the host comes in; one that has the memory most pictures
//! need from its start goes out. Every `memory.grow` costs the host a change of page protections, and
//! so does taking the memory back before the next guest: a few hundred microseconds each request, under
//! a lock that all workers share. Pages that nobody touches cost nothing.

use anyhow::{Context, Result, bail};
use walrus::ir::{BinaryOp, Call, Instr, InstrLocId, Value, VisitorMut, dfs_pre_order_mut};
use walrus::{ConstExpr, FunctionBuilder, FunctionId, GlobalId, MemoryId, Module, ValType};

/// 32 MiB: photos of up to some 12 megapixels are scaled down within 25 MB. It is also the least memory
/// that a host may allow a guest.
const PAGES_AT_START: i32 = 512;

/// All that 32 bits address.
const PAGES_MAX: i32 = 65_536;

/// Give `module` its memory at once, and answer its own requests for more from that.
pub(crate) fn provide(module: &mut Module) -> Result<()> {
    let memory = module
        .get_memory_id()
        .context("the module needs one memory")?;
    let declared = module.memories.get_mut(memory);
    if declared.initial > PAGES_AT_START as u64 || declared.maximum.is_some() {
        bail!("the module's memory is not as a Rust module's: {declared:?}");
    }
    let used_at_start = declared.initial as i32;
    declared.initial = PAGES_AT_START as u64;
    let used = Value::I32(used_at_start);
    let used = module
        .globals
        .add_local(ValType::I32, true, false, ConstExpr::Value(used));
    let (size, grow) = (add_size(module, used), add_grow(module, memory, used));
    let mut redirect = Redirect { size, grow };
    for (id, function) in module.funcs.iter_local_mut() {
        if id != size && id != grow {
            let entry = function.entry_block();
            dfs_pre_order_mut(&mut redirect, function, entry);
        }
    }
    Ok(())
}

/// `memory.size`: the pages in use.
fn add_size(module: &mut Module, used: GlobalId) -> FunctionId {
    let mut size = FunctionBuilder::new(&mut module.types, &[], &[ValType::I32]);
    size.name("memory_size".into()).func_body().global_get(used);
    size.finish(vec![], &mut module.funcs)
}

/// `memory.grow`: from the pages that are there, then from the host. The pages in use before, or -1.
fn add_grow(module: &mut Module, memory: MemoryId, used: GlobalId) -> FunctionId {
    let more = module.locals.add(ValType::I32);
    let (before, after) = (
        module.locals.add(ValType::I32),
        module.locals.add(ValType::I32),
    );
    let mut grow = FunctionBuilder::new(&mut module.types, &[ValType::I32], &[ValType::I32]);
    let mut body = grow.name("memory_grow".into()).func_body();
    body.global_get(used).local_set(before);
    // Checked first, so that the sum below cannot wrap.
    body.local_get(more)
        .i32_const(PAGES_MAX)
        .binop(BinaryOp::I32GtU);
    body.if_else(
        None,
        |refuse| {
            refuse.i32_const(-1).return_();
        },
        |_| (),
    );
    body.local_get(before)
        .local_get(more)
        .binop(BinaryOp::I32Add)
        .local_set(after);
    body.local_get(after)
        .memory_size(memory)
        .binop(BinaryOp::I32GtU);
    body.if_else(
        None,
        |ask| {
            ask.local_get(after)
                .memory_size(memory)
                .binop(BinaryOp::I32Sub);
            ask.memory_grow(memory).i32_const(-1).binop(BinaryOp::I32Eq);
            ask.if_else(
                None,
                |refuse| {
                    refuse.i32_const(-1).return_();
                },
                |_| (),
            );
        },
        |_| (),
    );
    body.local_get(after).global_set(used).local_get(before);
    grow.finish(vec![more], &mut module.funcs)
}

/// Replaces the two instructions by calls of what stands in for them.
struct Redirect {
    size: FunctionId,
    grow: FunctionId,
}

impl VisitorMut for Redirect {
    fn visit_instr_mut(&mut self, instruction: &mut Instr, _: &mut InstrLocId) {
        let func = match instruction {
            Instr::MemorySize(_) => self.size,
            Instr::MemoryGrow(_) => self.grow,
            _ => return,
        };
        *instruction = Call { func }.into();
    }
}
