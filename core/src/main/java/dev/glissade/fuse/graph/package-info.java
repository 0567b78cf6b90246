/**
 * The graph: nodes of deferred arithmetic, the operations and reductions that they apply, and
 * rewrites to cheaper expressions. Traced steps come in; a {@link Graph} of targets goes to the
 * planner. A new operation is an {@link Op}; a reduction by leaf or by axis is a {@link Reduction}
 * with a result that broadcasts; an element-wise choice is an operation of three operands.
 */
@NullMarked
package dev.glissade.fuse.graph;

import org.jspecify.annotations.NullMarked;
